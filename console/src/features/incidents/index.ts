export { IncidentsPage } from './IncidentsPage';
export { NewIncidentPage } from './NewIncidentPage';
export { IncidentPage } from './IncidentPage';
