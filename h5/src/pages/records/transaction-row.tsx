import { useWords } from '@hongmi/ui/language.ts';
import { isChange, type Recorded, signedPoints } from '@hongmi/ui/transaction.ts';
import { useState } from 'react';
import { Link } from 'wouter';
import { useMerchantName } from '../../app/merchants.ts';
import { InProgramme, usePointTypeName } from '../../app/programme.ts';
import { Facts } from '../../design/facts.tsx';
import { ButtonRow, Row } from '../../design/row.tsx';
import { Points, When } from '../../design/values.tsx';
import { words } from './words.ts';

/** What can be asked why, and where its page is. */
const PAGES: Readonly<Record<string, string>> = { order: 'orders', activity: 'activities' };

/**
 * Something that happened to the member's points. What an order or a deed gave leads to the page that says why; the rest opens where
 * it stands. `base`: where the records are, seen from here.
 */
export function TransactionRow(row: { readonly transaction: Recorded; readonly base: string }) {
  return (
    <InProgramme code={row.transaction.programme}>
      <Shown {...row} />
    </InProgramme>
  );
}

function Shown({ transaction, base }: { readonly transaction: Recorded; readonly base: string }) {
  const t = useWords(words);
  const [isOpen, setOpen] = useState(false);
  const typeName = usePointTypeName();
  const { kind, pointType, effectiveAt, merchantId, source, status } = transaction;
  const merchant = useMerchantName(merchantId);
  const page = source === undefined || kind !== 'issue' ? undefined : PAGES[source.kind];
  const parts = {
    title: t.kinds[kind],
    about: (
      <>
        {merchant === undefined ? null : `${merchant} · `}
        <When at={effectiveAt} />
      </>
    ),
    value:
      status === 'refused' ? (
        <span className="hm-tag" data-tone="bad">
          {t.refused}
        </span>
      ) : (
        <span className="hm-change" data-sign={Math.sign(signedPoints(transaction))}>
          <Points
            value={signedPoints(transaction)}
            type={pointType}
            signed={isChange(transaction)}
          />
          <span className="hm-row-about">{typeName(pointType)}</span>
        </span>
      ),
  };
  if (page !== undefined && source !== undefined)
    return <Row href={`${base}/${page}/${source.id}`} {...parts} />;
  return (
    <li>
      <ButtonRow expanded={isOpen} onClick={() => setOpen(!isOpen)} {...parts} />
      {isOpen ? <Details transaction={transaction} /> : null}
    </li>
  );
}

function Details({
  transaction: { pointType, balanceAfter, reason, reference, id, source },
}: {
  readonly transaction: Recorded;
}) {
  const t = useWords(words);
  return (
    <div className="hm-details">
      <Facts
        rows={[
          [t.reason, reason],
          [t.after, <Points key="after" value={balanceAfter} type={pointType} />],
          [
            t.number,
            <span key="id" className="hm-code">
              {reference ?? id}
            </span>,
          ],
        ]}
      />
      {source?.kind === 'redemption' ? (
        <Link href={`~/m/redemptions/${source.id}`}>{t.redeemed}</Link>
      ) : null}
    </div>
  );
}
