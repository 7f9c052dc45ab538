/** What has changed between two looks at a person: for somebody whose act was refused because of it. */
import type { BlockOut, CredentialKind, CredentialOut, UserOut } from '@/api';
import { current } from './blocks';

export type Change =
  | { readonly what: 'gone' | 'new'; readonly kind: CredentialKind; readonly typed: string }
  | { readonly what: 'replaced'; readonly kind: CredentialKind; readonly from: string; readonly to: string }
  | {
      readonly what: 'status';
      readonly kind: CredentialKind;
      readonly from: CredentialOut;
      readonly to: CredentialOut;
    }
  | { readonly what: 'closed' | 'opened'; readonly kind: CredentialKind; readonly block: BlockOut };

/** In words' order: which address it is, then its status, then why. Empty where nothing that one may see differs. */
export function changes(before: UserOut, after: UserOut): readonly Change[] {
  const kinds: readonly CredentialKind[] = ['email', 'phone'];
  return kinds.flatMap((kind) => ofCredential(kind, of(before, kind), of(after, kind)));
}

function of(user: UserOut, kind: CredentialKind): CredentialOut | undefined {
  return current(user).find((credential) => credential.kind === kind);
}

function ofCredential(kind: CredentialKind, was?: CredentialOut, is?: CredentialOut): readonly Change[] {
  if (!was || !is) {
    if (was) return [{ what: 'gone', kind, typed: was.typed }];
    return is ? [{ what: 'new', kind, typed: is.typed }] : [];
  }
  if (was.value !== is.value) return [{ what: 'replaced', kind, from: was.typed, to: is.typed }];
  const known = new Map(was.blocks.map((block) => [nameOf(block), block]));
  const moved = is.blocks.flatMap((block): readonly Change[] => {
    const before = known.get(nameOf(block));
    if (block.until === null) return before?.until === null ? [] : [{ what: 'closed', kind, block }];
    return before?.until === null ? [{ what: 'opened', kind, block }] : [];
  });
  return [...(sameStatus(was, is) ? [] : [{ what: 'status', kind, from: was, to: is } as const]), ...moved];
}

function sameStatus(was: CredentialOut, is: CredentialOut): boolean {
  return was.status === is.status && was.open.join() === is.open.join();
}

/** A block has no id: no ground closes the same channels twice at one moment. */
function nameOf({ ground, channels, since }: BlockOut): string {
  return `${ground} ${channels.join()} ${since}`;
}
