import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { Points } from '../../design/values.tsx';
import { useTransaction } from './cost-card.tsx';
import { LotParts } from './lot-parts.tsx';
import { TOUCHED } from './query.ts';
import { isChangeable, type Redemption } from './standing.ts';
import { words } from './words.ts';

/** Changing one's mind, by the terms: what comes back is said before anything is done. */
export function CancelCard({
  id,
  redemption,
  now,
}: {
  readonly id: string;
  readonly redemption: Redemption;
  readonly now: number;
}) {
  const t = useWords(words);
  const [told, setTold] = useState<Redemption>();
  const ask = useWrite(() => hongmi.cancelRedemption({ id, dryRun: true }), { done: setTold });
  const queries = useQueryClient();
  const cancel = useWrite(
    (_: undefined, idempotencyKey) => hongmi.cancelRedemption({ id }, { idempotencyKey }),
    {
      touches: TOUCHED,
      // At once, so that nothing is left to be pressed again.
      done: (made) => queries.setQueryData(['redemption', id], made),
    },
  );
  if (!isChangeable(redemption, now)) return null;
  const failure = cancel.failure ?? ask.failure;
  return (
    <Card title={t.cancel}>
      {failure === undefined ? null : <FailureShown failure={failure} />}
      {told === undefined ? (
        <>
          <p className="hm-soft">{t.cancelAbout}</p>
          <div className="hm-actions">
            <Button loading={ask.isSending} onClick={() => void ask.send(undefined)}>
              {t.cancelAsk}
            </Button>
          </div>
        </>
      ) : (
        <>
          <ComesBack told={told} />
          <div className="hm-actions">
            <Button disabled={cancel.isSending} onClick={() => setTold(undefined)}>
              {t.keep}
            </Button>
            <Button
              color="danger"
              loading={cancel.isSending}
              onClick={() => void cancel.send(undefined)}
            >
              {t.cancelNow}
            </Button>
          </div>
        </>
      )}
    </Card>
  );
}

function ComesBack({ told: { price, cash } }: { readonly told: Redemption }) {
  const t = useWords(words);
  const f = useFormat();
  const typeName = usePointTypeName();
  return (
    <>
      <p>{t.comesBack}</p>
      <Facts
        rows={[
          ...price.map(
            ({ pointType, points, feePoints = 0 }) =>
              [
                typeName(pointType),
                <Points key={pointType} value={points - feePoints} type={pointType} />,
              ] as const,
          ),
          ...price.map(
            ({ pointType, feePoints }) =>
              [
                t.fee,
                feePoints === undefined ? undefined : (
                  <Points key={pointType} value={feePoints} type={pointType} />
                ),
              ] as const,
          ),
          [t.cash, cash === undefined ? undefined : f.money(cash.paidFen)],
        ]}
      />
      <p className="hm-soft">{t.backToLots}</p>
      {price.map(({ pointType, transactionId }) =>
        transactionId === undefined ? null : (
          <BackTo key={transactionId} id={transactionId} pointType={pointType} />
        ),
      )}
    </>
  );
}

function BackTo({ id, pointType }: { readonly id: string; readonly pointType: string }) {
  const { data } = useTransaction(id);
  return data === undefined ? null : (
    <LotParts parts={data.transaction.takes ?? []} pointType={pointType} />
  );
}
