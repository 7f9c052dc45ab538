export { UserPage } from './UserPage';
export { StudentPage } from './StudentPage';
