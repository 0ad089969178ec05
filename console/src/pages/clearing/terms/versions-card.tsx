import type { Item } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { MerchantFilter } from '../../../design/merchant-select.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag, type Tone } from '../../../design/tag.tsx';
import { Money, None, Points, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { PointType, usePointScale } from '../point-type.tsx';
import { Exact, TermsOf } from '../values.tsx';
import { words } from './words.ts';

const WithReason = laterPart(() => import('../with-reason.tsx'), 'WithReason');

type Terms = Item<'listTerms'>;
const TONES: Readonly<Record<Terms['state'], Tone>> = {
  announced: 'info',
  in_force: 'good',
  replaced: 'plain',
  withdrawn: 'plain',
};

/** Every version of the standard terms and of merchants' own; what has not begun can be withdrawn. */
export function VersionsCard() {
  const t = useWords(words);
  const code = useCode();
  const may = useMay();
  const { merchantId: own, name: actor } = useMe();
  const [merchant, setMerchant] = useFilter('merchant');
  const [withdrawn, setWithdrawn] = useState<Terms>();
  const columns = useColumns(may('clearing:write') && own === null ? setWithdrawn : undefined);
  return (
    <Card
      title={t.versions}
      flush
      actions={
        own === null ? (
          <div className="hm-filters">
            <MerchantFilter label={t.only} value={merchant} onChange={setMerchant} />
          </div>
        ) : undefined
      }
    >
      <Table
        label={t.versions}
        columns={columns}
        rowKey={({ id }) => id}
        queryKey={['terms', code, merchant]}
        load={(cursor, signal) =>
          hongmi.listTerms({ programme: code, merchantId: merchant, cursor, limit: 50 }, { signal })
        }
        exportAs="terms"
        expanded={(terms) => <PointTerms terms={terms} />}
      />
      <Dialog
        title={t.withdrawTitle}
        isOpen={withdrawn !== undefined}
        onClose={() => setWithdrawn(undefined)}
      >
        {withdrawn === undefined ? null : (
          <WithReason
            draft={`withdraw-${withdrawn.id}`}
            submit={t.withdraw}
            run={(reason, idempotencyKey) =>
              hongmi.withdrawTerms({ id: withdrawn.id, reason, actor }, { idempotencyKey })
            }
            touches={[['terms'], ['prices']]}
            onClose={() => setWithdrawn(undefined)}
          />
        )}
      </Dialog>
    </Card>
  );
}

function PointTerms({ terms }: { readonly terms: Terms }) {
  const t = useWords(words);
  const f = useFormat();
  const scaleOf = usePointScale();
  return (
    <table className="hm-plain" aria-label={t.prices}>
      <thead>
        <tr>
          <th scope="col">{t.type}</th>
          <th scope="col">{t.issue}</th>
          <th scope="col">{t.reimbursement}</th>
          <th scope="col">{t.fee}</th>
          <th scope="col">{t.limit}</th>
        </tr>
      </thead>
      <tbody>
        {terms.points.map((each) => (
          <tr key={each.pointType}>
            <th scope="row">
              <PointType code={each.pointType} />
            </th>
            <td>
              <Exact microFen={each.issuePriceMicroFen} />
            </td>
            <td>
              <Exact microFen={each.reimbursementMicroFen} />
            </td>
            <td>
              <Exact microFen={each.feeMicroFen} /> ({f.percent(each.feeBasisPoints / 10_000, 2)})
            </td>
            <td>
              {each.acceptedPointsMax === undefined ? (
                <None />
              ) : (
                <Points value={each.acceptedPointsMax} scale={scaleOf(each.pointType)} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useColumns(withdraw: ((terms: Terms) => void) | undefined): readonly Column<Terms>[] {
  const t = useWords(words);
  const f = useFormat();
  const names = useMerchantNames();
  return [
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ merchantId }) => <TermsOf merchantId={merchantId} />,
      value: ({ merchantId }) => (merchantId === null ? '' : (names.get(merchantId) ?? merchantId)),
      sortable: true,
    },
    {
      key: 'number',
      title: t.number,
      render: ({ number }) => f.number(number),
      value: ({ number }) => number,
      align: 'right',
    },
    {
      key: 'state',
      title: t.state,
      render: ({ state }) => <Tag tone={TONES[state]}>{t.states[state]}</Tag>,
      value: ({ state }) => t.states[state],
    },
    {
      key: 'from',
      title: t.from,
      render: ({ from }) => <When at={from} />,
      value: ({ from }) => from,
      sortable: true,
    },
    {
      key: 'settlement',
      title: t.settlement,
      render: ({ settlement }) => t[settlement],
      value: ({ settlement }) => t[settlement],
    },
    {
      key: 'cycle',
      title: t.cycle,
      render: ({ cycle }) => t.cycles[cycle],
      value: ({ cycle }) => t.cycles[cycle],
    },
    {
      key: 'days',
      title: t.days,
      render: ({ paymentTermDays }) => t.daysOf(f.number(paymentTermDays)),
      value: ({ paymentTermDays }) => paymentTermDays,
      align: 'right',
    },
    {
      key: 'credit',
      title: t.credit,
      render: ({ creditLimitFen, settlement }) =>
        settlement === 'prefund' ? (
          <None />
        ) : creditLimitFen === null ? (
          t.noLimit
        ) : (
          <Money fen={creditLimitFen} />
        ),
      value: ({ creditLimitFen }) => (creditLimitFen === null ? null : creditLimitFen / 100),
      align: 'right',
    },
    {
      key: 'note',
      title: t.note,
      render: ({ note, acceptNegativeMargin }) => (
        <div className="hm-clip">
          {note}
          {acceptNegativeMargin === undefined ? null : (
            <div>
              {t.negative}: {acceptNegativeMargin.reason}
            </div>
          )}
        </div>
      ),
      value: ({ note }) => note ?? null,
    },
    { key: 'actor', title: t.actor, render: ({ actor }) => actor, value: ({ actor }) => actor },
    ...(withdraw === undefined
      ? []
      : [
          {
            key: 'actions',
            title: t.actions,
            render: (terms: Terms) =>
              terms.state === 'announced' ? (
                <Button size="small" onClick={() => withdraw(terms)}>
                  {t.withdraw}
                </Button>
              ) : (
                <None />
              ),
          },
        ]),
  ];
}
