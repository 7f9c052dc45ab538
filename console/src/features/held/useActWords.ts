import { useLingui } from '@lingui/react/macro';
import type { Act } from './queries';
import { useGroupWords } from './useGroupWords';

interface ActWords {
  readonly title: string;
  /** On the button that does it. */
  readonly act: string;
  readonly doing: string;
  readonly done: string;
}

/** Each act in words: asked, done, being done, and when it is done. */
export function useActWords(id: string, held: boolean): Readonly<Record<Act, ActWords>> {
  const { t } = useLingui();
  const what = useGroupWords()(id);
  return {
    resume: {
      title: t`${what}: let it go on?`,
      act: t`Let it go on`,
      doing: t`Letting it go on…`,
      done: t`It goes on. What was held is on its way.`,
    },
    drop: {
      title: t`${what}: drop what is held?`,
      act: t`Drop it for good`,
      doing: t`Dropping it…`,
      done: t`It is dropped. What was held will not be sent.`,
    },
    cancel: {
      title: t`${what}: cancel it?`,
      act: t`Cancel it for good`,
      doing: t`Cancelling…`,
      done: t`It is cancelled. Nothing more of it will be sent.`,
    },
    hold: held
      ? {
          title: t`What goes out all the same?`,
          act: t`Save`,
          doing: t`Saving…`,
          done: t`It is saved. Everything else stays held.`,
        }
      : {
          title: t`${what}: hold it?`,
          act: t`Hold it`,
          doing: t`Holding it…`,
          done: t`It is held. Nothing goes out until somebody decides.`,
        },
  };
}
