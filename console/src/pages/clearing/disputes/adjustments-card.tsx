import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { FailureAlert } from '../../../design/failure-shown.tsx';
import { useAsk } from '../../../design/notices.tsx';
import { Card, Facts } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag, type Tone } from '../../../design/tag.tsx';
import { Code, Money, None, When } from '../../../design/values.tsx';
import { useCode, useMe } from '../me.ts';
import { PeriodName } from '../periods/period-name.tsx';
import { Party } from '../values.tsx';
import { words } from './words.ts';

const NewAdjustment = laterPart(() => import('./new-adjustment.tsx'), 'NewAdjustment');

type Adjustment = Item<'listClearingAdjustments'>;
const TONES: Readonly<Record<Adjustment['state'], Tone>> = {
  waiting: 'warn',
  rejected: 'plain',
  agreed: 'info',
  adjusted: 'good',
};

/** What was put right between two sides, and what waits for a second person. */
export function AdjustmentsCard() {
  const t = useWords(words);
  const may = useMay();
  const code = useCode();
  const { merchantId } = useMe();
  const [isNew, setNew] = useState(false);
  const ask = useAsk();
  const { name: actor } = useMe();
  const decide = useWrite(
    (asked: { readonly id: string; readonly approve: boolean }, idempotencyKey) =>
      hongmi.decideClearingAdjustment({ ...asked, actor }, { idempotencyKey }),
    { touches: [['clearing-adjustments']] },
  );
  const isDecider = may('clearing:write') && merchantId === null;
  async function begin(row: Adjustment, approve: boolean): Promise<void> {
    const about = (
      <>
        <Facts
          rows={[
            [t.payer, <Party key="payer" id={row.payer} />],
            [t.payee, <Party key="payee" id={row.payee} />],
            [t.sum, <Money key="fen" fen={row.fen} />],
          ]}
        />
        <p>{row.reason}</p>
        <p className="hm-soft">{t.adjustRule}</p>
      </>
    );
    const title = approve ? t.agreeAsk : t.refuseAsk;
    const yes = approve ? t.agree : t.refuse;
    if (await ask({ title, about, yes, danger: !approve }))
      await decide.send({ id: row.id, approve });
  }
  const columns = useColumns(isDecider ? (row, approve) => void begin(row, approve) : undefined);
  return (
    <Card
      title={t.adjustments}
      flush
      actions={isDecider ? <Button onClick={() => setNew(true)}>{t.adjust}</Button> : undefined}
    >
      {decide.failure === undefined ? null : <FailureAlert failure={decide.failure} />}
      <Table
        label={t.adjustments}
        columns={columns}
        rowKey={({ id }) => id}
        queryKey={['clearing-adjustments', code]}
        load={(cursor, signal) =>
          hongmi.listClearingAdjustments({ programme: code, cursor, limit: 50 }, { signal })
        }
        exportAs="adjustments"
        empty={<Empty title={t.noAdjustments} />}
      />
      <Dialog title={t.adjust} isOpen={isNew} onClose={() => setNew(false)}>
        <NewAdjustment onClose={() => setNew(false)} />
      </Dialog>
    </Card>
  );
}

function useColumns(
  decide: ((row: Adjustment, approve: boolean) => void) | undefined,
): readonly Column<Adjustment>[] {
  const t = useWords(words);
  const names = useMerchantNames();
  const nameOf = (id: string): string => names.get(id) ?? (id === 'platform' ? t.platform : id);
  return [
    {
      key: 'madeAt',
      title: t.madeAt,
      render: ({ madeAt }) => <When at={madeAt} />,
      value: ({ madeAt }) => madeAt,
      sortable: true,
    },
    {
      key: 'state',
      title: t.state,
      render: ({ state }) => <Tag tone={TONES[state]}>{t.adjustStates[state]}</Tag>,
      value: ({ state }) => t.adjustStates[state],
    },
    {
      key: 'payer',
      title: t.payer,
      render: ({ payer }) => <Party id={payer} />,
      value: ({ payer }) => nameOf(payer),
    },
    {
      key: 'payee',
      title: t.payee,
      render: ({ payee }) => <Party id={payee} />,
      value: ({ payee }) => nameOf(payee),
    },
    {
      key: 'fen',
      title: t.sum,
      render: ({ fen }) => <Money fen={fen} />,
      value: ({ fen }) => fen / 100,
      sortable: true,
      align: 'right',
    },
    {
      key: 'reason',
      title: t.reason,
      render: ({ reason }) => <div className="hm-clip">{reason}</div>,
      value: ({ reason }) => reason,
    },
    { key: 'actor', title: t.actor, render: ({ actor }) => actor, value: ({ actor }) => actor },
    {
      key: 'for',
      title: t.disputes,
      render: ({ disputeId }) =>
        disputeId === null ? (
          <None />
        ) : (
          <Link href={`/disputes/${disputeId}`}>
            <Code short>{disputeId}</Code>
          </Link>
        ),
      value: ({ disputeId }) => disputeId,
    },
    {
      key: 'period',
      title: t.period,
      render: ({ periodId }) =>
        periodId === null ? (
          <None />
        ) : (
          <Link href={`/periods/${periodId}`}>
            <PeriodName id={periodId} />
          </Link>
        ),
      value: ({ periodId }) => periodId,
    },
    ...(decide === undefined
      ? []
      : [
          {
            key: 'actions',
            title: t.actions,
            render: (row: Adjustment) =>
              row.state === 'waiting' ? (
                <span className="hm-actions">
                  <Button size="small" onClick={() => decide(row, true)}>
                    {t.agree}
                  </Button>
                  <Button size="small" danger onClick={() => decide(row, false)}>
                    {t.refuse}
                  </Button>
                </span>
              ) : (
                <None />
              ),
          },
        ]),
  ];
}
