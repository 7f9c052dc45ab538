/** Where the one who is signed in can go: what they may do decides it, as the API's `actions` say. */
import { useLingui } from '@lingui/react/macro';
import { useMe, type Action } from '@/api';

export interface Place {
  readonly to: string;
  readonly name: string;
}

export function usePlaces(): readonly Place[] {
  const { t } = useLingui();
  const { actions, accounts } = useMe();
  const may = (action: Action, ...places: Place[]) => (actions.includes(action) ? places : []);
  return [
    ...may('search', { to: '/', name: t`Find` }),
    ...may('lists', { to: '/classes', name: t`Classes` }, { to: '/unreachable', name: t`Cannot be reached` }),
    ...may('search', { to: '/pending', name: t`Pending accounts` }),
    ...may('statistics', { to: '/dashboard', name: t`Figures` }),
    ...may('incidents', { to: '/incidents', name: t`Incidents` }),
    ...may('import', { to: '/imports', name: t`Imports` }),
    ...may('messages', { to: '/held', name: t`Held batches` }),
    ...may('providers', { to: '/providers', name: t`Providers` }),
    ...(accounts.length > 0 ? [{ to: '/me', name: t`My page` }] : []),
  ];
}
