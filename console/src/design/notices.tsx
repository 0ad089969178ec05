import { laterPart } from '@hongmi/ui/later-part.tsx';
import useAntdMessage from 'antd/es/message/useMessage';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { Question } from './ask-dialog.tsx';
import { OverPage } from './over-page.tsx';

const AskDialog = laterPart(() => import('./ask-dialog.tsx'), 'AskDialog');

type Messages = ReturnType<typeof useAntdMessage>[0];

interface Told {
  readonly message: Messages;
  readonly ask: (question: Question) => Promise<boolean>;
}
const Notices = createContext<Told | undefined>(undefined);

interface Asked {
  readonly question: Question;
  readonly answer: (isMeant: boolean) => void;
}

const MESSAGES_MAX = 3;

/** Where short messages and questions appear, over whatever page it is. antd's own `App` would bring its dialogs to every page. */
export function WithNotices({ children }: { readonly children: ReactNode }) {
  const [message, holder] = useAntdMessage({ maxCount: MESSAGES_MAX });
  const [asked, setAsked] = useState<Asked>();
  const told = useMemo(
    () => ({
      message,
      ask: (question: Question) =>
        new Promise<boolean>((resolve) => {
          setAsked({
            question,
            answer(isMeant) {
              setAsked(undefined);
              resolve(isMeant);
            },
          });
        }),
    }),
    [message],
  );
  return (
    <Notices value={told}>
      {children}
      {holder}
      {asked === undefined ? null : (
        <OverPage>
          <AskDialog {...asked} />
        </OverPage>
      )}
    </Notices>
  );
}

function useNotices(): Told {
  const told = useContext(Notices);
  if (told === undefined) throw new Error('pages stand within WithNotices');
  return told;
}

/** Says in a line what was done: `message.success(…)`. */
export const useMessage = (): Messages => useNotices().message;

/** Asks before something that cannot be taken back; true: it is meant. */
export const useAsk = (): Told['ask'] => useNotices().ask;
