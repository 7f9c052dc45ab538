import { useLingui } from '@lingui/react/macro';
import { providerName } from '@/components/providers';
import { groupOf } from './groups';

/** What is held, as people call it: `domain:example.org` is all mail to example.org. */
export function useGroupWords() {
  const { t } = useLingui();
  return (id: string): string => {
    const { kind, name } = groupOf(id);
    switch (kind) {
      case 'all':
        return t`All sending`;
      case 'sender': {
        const sender = providerName(name);
        return t`All that ${sender} sends`;
      }
      case 'domain':
        return t`All email to ${name}`;
      case 'batch':
        return t`Batch ${name}`;
    }
  };
}
