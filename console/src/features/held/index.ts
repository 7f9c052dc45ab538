export { HeldPage } from './HeldPage';
export { BatchPage } from './BatchPage';
