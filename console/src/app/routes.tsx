import { lazy } from 'react';
import { learn } from './language';
import { part } from './parts';

type Pages = Record<string, () => React.ReactElement>;

/** A page is loaded, with the words of its feature, when it is first opened. */
function page(feature: string, name: string, load: () => Promise<Pages>) {
  return lazy(async () => {
    const [pages] = await part(() => Promise.all([load(), learn(feature)]));
    const found = pages[name];
    if (!found) throw new Error(`${feature} has no ${name}`);
    return { default: found };
  });
}

const find = () => import('@/features/find');
const person = () => import('@/features/person');
const lists = () => import('@/features/lists');
const incidents = () => import('@/features/incidents');
const imports = () => import('@/features/imports');
const held = () => import('@/features/held');
const providers = () => import('@/features/providers');
const dashboard = () => import('@/features/dashboard');
const mine = () => import('@/features/me');

/** An address holds our ids at most, never a name, an address or a number: it stays in the browser's history. */
export const ROUTES = [
  { path: '/', page: page('find', 'FindPage', find) },
  { path: '/users/:id', page: page('person', 'UserPage', person) },
  { path: '/students/:id', page: page('person', 'StudentPage', person) },
  { path: '/classes', page: page('lists', 'ClassesPage', lists) },
  { path: '/classes/:id', page: page('lists', 'ClassPage', lists) },
  { path: '/unreachable', page: page('lists', 'UnreachablePage', lists) },
  { path: '/pending', page: page('lists', 'PendingPage', lists) },
  { path: '/incidents', page: page('incidents', 'IncidentsPage', incidents) },
  { path: '/incidents/new', page: page('incidents', 'NewIncidentPage', incidents) },
  { path: '/incidents/:id', page: page('incidents', 'IncidentPage', incidents) },
  { path: '/imports', page: page('imports', 'ImportsPage', imports) },
  { path: '/imports/:id', page: page('imports', 'ImportPage', imports) },
  { path: '/held', page: page('held', 'HeldPage', held) },
  { path: '/held/:id', page: page('held', 'BatchPage', held) },
  { path: '/providers', page: page('providers', 'ProvidersPage', providers) },
  { path: '/dashboard', page: page('dashboard', 'DashboardPage', dashboard) },
  { path: '/me', page: page('me', 'MyPage', mine) },
] as const;
