import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { goBackOr } from '../../app/history.ts';
import { Card, Page } from '../../design/page.tsx';
import { isWhole, NOBODY, type Recipient, trimmed } from '../../recipient/recipient.ts';
import { RecipientFields } from '../../recipient/recipient-fields.tsx';
import { TOUCHED, useRedemption } from './query.ts';
import { isToSend, type Redemption } from './standing.ts';
import { words } from './words.ts';

/** To whom it goes instead, of all that is still to be sent. */
export function RecipientPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useRedemption(id);
  return (
    <Page title={t.redirect} up={`~/m/redemptions/${id}`}>
      <Loaded query={query} rows={8}>
        {(redemption) => {
          const before = lastRecipient(redemption);
          return before === undefined || !isToSend(redemption) ? (
            <Empty title={t.redirectGone} />
          ) : (
            <Form id={id} before={before} />
          );
        }}
      </Loaded>
    </Page>
  );
}

/** Whom what goes last goes to; undefined: nothing is delivered. */
function lastRecipient({ particulars, sentAgain = [] }: Redemption): Recipient | undefined {
  if (particulars?.kind !== 'delivery') return undefined;
  const { recipient, region } = sentAgain.at(-1) ?? particulars;
  return { ...NOBODY, ...recipient, region };
}

function Form({ id, before }: { readonly id: string; readonly before: Recipient }) {
  const t = useWords(words);
  const [, navigate] = useLocation();
  const [to, setTo] = useState(before);
  const save = useWrite(
    (told: Recipient, idempotencyKey) =>
      hongmi.redirectDelivery({ id, ...told }, { idempotencyKey }),
    {
      touches: TOUCHED,
      done: () => goBackOr(() => navigate(`~/m/redemptions/${id}`, { replace: true })),
    },
  );
  return (
    <Card>
      <form
        className="hm-stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole(to)) void save.send(trimmed(to));
        }}
      >
        <RecipientFields value={to} served={undefined} onChange={setTo} />
        {save.failure === undefined ? null : <FailureShown failure={save.failure} />}
        <Button
          {...{ block: true, type: 'submit', color: 'primary', size: 'large' }}
          disabled={!isWhole(to)}
          loading={save.isSending}
        >
          {t.save}
        </Button>
      </form>
    </Card>
  );
}
