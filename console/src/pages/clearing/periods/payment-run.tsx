import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { DownloadMenu } from '../../../design/download.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag, type Tone } from '../../../design/tag.tsx';
import { Code, Money, None, When } from '../../../design/values.tsx';
import { Party } from '../values.tsx';
import type { Instruction } from './confirm-payment.tsx';
import { words } from './payment-words.ts';

const ConfirmPayment = laterPart(() => import('./confirm-payment.tsx'), 'ConfirmPayment');

const TONES: Readonly<Record<Instruction['state'], Tone>> = {
  instructed: 'info',
  paid: 'good',
  rejected: 'bad',
};

/** A file of instructions, and what the bank said of each. */
export function PaymentRun({
  run: { id, number, madeAt, actor },
  periodId,
}: {
  readonly run: components['schemas']['PaymentRun'];
  readonly periodId: string;
}) {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const [confirming, setConfirming] = useState<Instruction>();
  const isWriter = may('clearing:write');
  const file = (format: 'pain001' | 'csv', lang: 'zh-CN' | 'en', label: string) => ({
    key: `${format}-${lang}`,
    label,
    load: () => hongmi.download('getPaymentFile', { id, format, lang }),
  });
  const columns: readonly Column<Instruction>[] = [
    {
      key: 'place',
      title: t.place,
      render: ({ place }) => f.number(place),
      value: ({ place }) => place,
      align: 'right',
    },
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ merchantId }) => (merchantId === null ? t.operator : <Party id={merchantId} />),
      value: ({ merchantId }) => merchantId ?? t.operator,
    },
    { key: 'kind', title: t.kind, render: ({ kind }) => t[kind], value: ({ kind }) => t[kind] },
    {
      key: 'fen',
      title: t.amount,
      render: ({ fen }) => <Money fen={fen} />,
      value: ({ fen }) => fen / 100,
      sortable: true,
      align: 'right',
    },
    {
      key: 'state',
      title: t.state,
      render: ({ state, reason }) => (
        <>
          <Tag tone={TONES[state]}>{t[state]}</Tag>{' '}
          {reason === null ? null : <span className="hm-soft">{reason}</span>}
        </>
      ),
      value: ({ state }) => t[state],
    },
    {
      key: 'reference',
      title: t.reference,
      render: ({ reference }) => (reference === null ? <None /> : <Code>{reference}</Code>),
      value: ({ reference }) => reference,
    },
    {
      key: 'told',
      title: t.told,
      render: ({ toldOn }) => (toldOn === null ? <None /> : f.date(toldOn)),
      value: ({ toldOn }) => toldOn,
    },
    {
      key: 'end',
      title: t.endToEnd,
      render: ({ endToEndId, state, ...rest }) => (
        <span className="hm-inline">
          <Code short>{endToEndId}</Code>
          {isWriter && state === 'instructed' ? (
            <Button size="small" onClick={() => setConfirming({ endToEndId, state, ...rest })}>
              {t.confirm}
            </Button>
          ) : null}
        </span>
      ),
      value: ({ endToEndId }) => endToEndId,
    },
  ];
  return (
    <section aria-label={t.run(f.number(number))}>
      <div className="hm-actions hm-edge">
        <h3 className="hm-part">{t.run(f.number(number))}</h3>
        <span className="hm-soft">
          <When at={madeAt} /> · {actor}
        </span>
        <span className="hm-top-space" />
        {isWriter ? (
          <DownloadMenu
            label={t.file}
            small
            files={[
              file('pain001', 'zh-CN', t.pain),
              file('csv', 'zh-CN', t.csv('中文')),
              file('csv', 'en', t.csv('English')),
            ]}
          />
        ) : null}
      </div>
      <Table
        label={t.run(f.number(number))}
        columns={columns}
        rowKey={({ endToEndId }) => endToEndId}
        queryKey={['clearing-payments', periodId, id]}
        load={(cursor, signal) =>
          hongmi.listPaymentInstructions({ id, cursor, limit: 50 }, { signal })
        }
        exportAs={`payments-${id}`}
      />
      <Dialog
        title={t.confirm}
        isOpen={confirming !== undefined}
        onClose={() => setConfirming(undefined)}
      >
        {confirming === undefined ? null : (
          <ConfirmPayment
            runId={id}
            periodId={periodId}
            instruction={confirming}
            onClose={() => setConfirming(undefined)}
          />
        )}
      </Dialog>
    </section>
  );
}
