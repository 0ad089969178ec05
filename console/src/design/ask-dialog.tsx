import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button, Modal } from 'antd';
import { type ReactNode, useState } from 'react';

const words = wordsOf({
  zh: { yes: '确定', no: '取消' },
  en: { yes: 'Confirm', no: 'Cancel' },
});

export interface Question {
  readonly title: string;
  readonly about?: ReactNode;
  readonly yes?: string;
  readonly danger?: boolean;
}

/** A question over the page. Whoever presses Enter at once ends nothing. */
export function AskDialog({
  question: { title, about, yes, danger = false },
  answer,
}: {
  readonly question: Question;
  readonly answer: (isMeant: boolean) => void;
}) {
  const t = useWords(words);
  // Told once it is closed, and the focus is back where it was.
  const [said, setSaid] = useState<boolean>();
  const no = (): void => setSaid(false);
  return (
    <Modal
      open={said === undefined}
      afterClose={() => answer(said === true)}
      title={title}
      width={440}
      onCancel={no}
      mask={{ closable: false }}
      footer={
        <>
          <Button autoFocus={danger} onClick={no}>
            {t.no}
          </Button>
          <Button type="primary" danger={danger} autoFocus={!danger} onClick={() => setSaid(true)}>
            {yes ?? t.yes}
          </Button>
        </>
      }
    >
      {about}
    </Modal>
  );
}
