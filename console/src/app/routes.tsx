import { lazy } from 'react';
import { learn } from './language';
import { part } from './parts';

type Pages = Record<string, () => React.ReactElement>;

/** A page is loaded, with the words of its feature, when it is first opened. */
function page(feature: string, name: string, load: () => Promise<Pages>) {
  return {
    fetch: load,
    page: lazy(async () => {
      const [pages] = await part(() => Promise.all([load(), learn(feature)]));
      const found = pages[name];
      if (!found) throw new Error(`${feature} has no ${name}`);
      return { default: found };
    }),
  };
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
  { path: '/', ...page('find', 'FindPage', find) },
  { path: '/users/:id', ...page('person', 'UserPage', person) },
  { path: '/students/:id', ...page('person', 'StudentPage', person) },
  { path: '/classes', ...page('lists', 'ClassesPage', lists) },
  { path: '/classes/:id', ...page('lists', 'ClassPage', lists) },
  { path: '/unreachable', ...page('lists', 'UnreachablePage', lists) },
  { path: '/pending', ...page('lists', 'PendingPage', lists) },
  { path: '/incidents', ...page('incidents', 'IncidentsPage', incidents) },
  { path: '/incidents/new', ...page('incidents', 'NewIncidentPage', incidents) },
  { path: '/incidents/:id', ...page('incidents', 'IncidentPage', incidents) },
  { path: '/imports', ...page('imports', 'ImportsPage', imports) },
  { path: '/imports/:id', ...page('imports', 'ImportPage', imports) },
  { path: '/held', ...page('held', 'HeldPage', held) },
  { path: '/held/:id', ...page('held', 'BatchPage', held) },
  { path: '/providers', ...page('providers', 'ProvidersPage', providers) },
  { path: '/dashboard', ...page('dashboard', 'DashboardPage', dashboard) },
  { path: '/me', ...page('me', 'MyPage', mine) },
] as const;

/** Begin to load the page of an address before it is shown. Where it does not come, that is told when it is. */
export function fetchPage(address: string): void {
  const found = ROUTES.find(({ path }) => fits(parts(path), parts(address)));
  found?.fetch().catch(() => undefined);
}

const parts = (path: string) => path.split('/').filter(Boolean);

function fits(path: readonly string[], address: readonly string[]): boolean {
  return (
    path.length === address.length && path.every((each, i) => each.startsWith(':') || each === address[i])
  );
}
