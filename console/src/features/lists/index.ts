export { ClassesPage } from './ClassesPage';
export { ClassPage } from './ClassPage';
export { UnreachablePage } from './UnreachablePage';
export { PendingPage } from './PendingPage';
