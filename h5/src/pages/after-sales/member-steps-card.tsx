import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog } from 'antd-mobile';
import { useId, useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useMe } from '../../app/me.ts';
import { Card } from '../../design/page.tsx';
import { TOUCHED } from '../redemptions/query.ts';
import type { Case } from './case-row.tsx';
import { type MemberStep, stepsOf } from './member-steps.ts';
import { words } from './words.ts';

/** What the member can say now, with a word about it if they like. */
export function MemberSteps({ one }: { readonly one: Case }) {
  const t = useWords(words);
  const { id: actor } = useMe();
  const noteId = useId();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const write = useWrite(
    ({ step, note }: { readonly step: MemberStep; readonly note: string }, idempotencyKey) =>
      hongmi.stepAfterSalesCase(
        { id: one.id, step, actor, ...(note !== '' && { note }) },
        { idempotencyKey },
      ),
    {
      touches: TOUCHED,
      done: (made) => {
        // At once, so that nothing is left to be pressed again.
        queries.setQueryData(['cases', one.id], made);
        setNote('');
      },
    },
  );
  const steps = stepsOf(one);
  if (steps.length === 0) return null;
  const take = async (step: MemberStep): Promise<void> => {
    const isSure =
      step !== 'withdraw' ||
      (await Dialog.confirm({
        content: t.withdrawAsk,
        confirmText: t.withdraw,
        cancelText: t.keep,
      }));
    if (isSure) await write.send({ step, note: note.trim() });
  };
  return (
    <Card title={t.toDo}>
      {write.failure === undefined ? null : <FailureShown failure={write.failure} />}
      <div className="hm-form">
        <label htmlFor={noteId}>{t.note}</label>
        <textarea
          id={noteId}
          rows={2}
          maxLength={500}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </div>
      <div className="hm-actions">
        {steps.map((step) => (
          <Button
            key={step}
            {...(step !== 'withdraw' && { color: 'primary' as const })}
            loading={write.isSending}
            onClick={() => void take(step)}
          >
            {t[step]}
          </Button>
        ))}
      </div>
    </Card>
  );
}
