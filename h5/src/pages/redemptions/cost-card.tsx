import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { Merchant, Money, Points } from '../../design/values.tsx';
import { LotParts } from './lot-parts.tsx';
import type { Redemption } from './standing.ts';
import { words } from './words.ts';

/** What was paid, in points and in cash, and from which lots. */
export function CostCard({ redemption }: { readonly redemption: Redemption }) {
  const t = useWords(words);
  const typeName = usePointTypeName();
  const { price, cash, merchantId } = redemption;
  return (
    <Card title={t.cost}>
      <Facts
        rows={[
          ...price.map(
            ({ pointType, points }) =>
              [
                typeName(pointType),
                <Points key={pointType} value={points} type={pointType} />,
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
          [t.cash, cash === undefined ? undefined : <Money key="cash" fen={cash.askedFen} />],
          [
            t.cashBack,
            cash === undefined || cash.refundedFen === 0 ? undefined : (
              <Money key="back" fen={cash.refundedFen} />
            ),
          ],
          [t.by, <Merchant key="by" id={merchantId} />],
        ]}
      />
      {price.map(({ transactionId, pointType }) =>
        transactionId === undefined ? null : (
          <Taken key={transactionId} id={transactionId} pointType={pointType} />
        ),
      )}
    </Card>
  );
}

/** Asked for when somebody wants to know. */
function Taken({ id, pointType }: { readonly id: string; readonly pointType: string }) {
  const t = useWords(words);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.takenFrom}</summary>
      {isOpen ? <TakenLots id={id} pointType={pointType} /> : null}
    </details>
  );
}

export function useTransaction(id: string) {
  return useQuery({
    queryKey: ['transaction', id],
    queryFn: ({ signal }) => hongmi.getTransaction({ id }, { signal }),
  });
}

function TakenLots({ id, pointType }: { readonly id: string; readonly pointType: string }) {
  const t = useWords(words);
  const query = useTransaction(id);
  return (
    <Loaded query={query} rows={2}>
      {({ transaction: { takes = [] } }) =>
        takes.length === 0 ? (
          <p className="hm-soft">{t.takenNowhere}</p>
        ) : (
          <LotParts parts={takes} pointType={pointType} />
        )
      }
    </Loaded>
  );
}
