import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Dialog } from '../../../design/dialog.tsx';
import { DownloadMenu } from '../../../design/download.tsx';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag, type Tone } from '../../../design/tag.tsx';
import { Code, Money, None } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { Party } from '../values.tsx';
import { words } from './invoice-words.ts';
import { RehearsedButton } from './rehearsed-button.tsx';
import type { Invoice, InvoiceStep } from './step-invoice.tsx';

const StepInvoice = laterPart(() => import('./step-invoice.tsx'), 'StepInvoice');

const TONES: Readonly<Record<Invoice['state'], Tone>> = {
  made: 'info',
  issued: 'good',
  reversed: 'plain',
  cancelled: 'plain',
};
/** What can be done next with an invoice in a state. */
const STEPS: Readonly<Record<Invoice['state'], readonly InvoiceStep[]>> = {
  made: ['issued', 'cancel'],
  issued: ['reversed'],
  reversed: [],
  cancelled: [],
};

/** What merchants are to be invoiced for: the fees of a period, with their tax. */
export function InvoicesCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const [step, setStep] = useState<{ readonly invoice: Invoice; readonly step: InvoiceStep }>();
  const invoicing = useQuery({
    queryKey: ['clearing-invoices', id, 'waiting'],
    queryFn: ({ signal }) => hongmi.getInvoicing({ id }, { signal }),
  });
  const columns = useColumns((invoice, step) => setStep({ invoice, step }));
  const uninvoiced = invoicing.data?.uninvoiced.filter(({ feeFen }) => feeFen !== 0).length ?? 0;
  const titles = { issued: t.issuedTitle, reversed: t.reversedTitle, cancel: t.cancelTitle };
  return (
    <Card
      title={t.title}
      flush
      actions={
        <div className="hm-actions">
          <DownloadMenu
            label={t.file}
            files={[
              {
                key: 'invoices.csv',
                label: t.file,
                load: () => hongmi.download('getInvoiceFile', { id, lang: 'zh-CN' }),
              },
            ]}
          />
          <MakeInvoices id={id} />
        </div>
      }
    >
      <p className="hm-soft hm-edge">{t.about}</p>
      {uninvoiced === 0 ? null : <p className="hm-edge">{t.uninvoiced(f.number(uninvoiced))}</p>}
      <Table
        label={t.title}
        columns={columns}
        rowKey={({ id }) => id}
        queryKey={['clearing-invoices', id]}
        load={(cursor, signal) => hongmi.listInvoices({ id, cursor, limit: 50 }, { signal })}
        exportAs={`invoices-${id}`}
        empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
      />
      <Dialog
        title={step === undefined ? '' : titles[step.step]}
        isOpen={step !== undefined}
        onClose={() => setStep(undefined)}
      >
        {step === undefined ? null : <StepInvoice {...step} onClose={() => setStep(undefined)} />}
      </Dialog>
    </Card>
  );
}

function MakeInvoices({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const { name: actor } = useMe();
  return (
    <RehearsedButton
      key={id}
      label={t.make}
      title={t.makeAsk}
      rehearse={(idempotencyKey) =>
        hongmi.makeInvoices({ id, actor, dryRun: true }, { idempotencyKey })
      }
      about={({ made, waiting }) => (
        <>
          <p>{t.made(f.number(made))}</p>
          {waiting.length === 0 ? null : <p>{t.waiting(f.number(waiting.length))}</p>}
        </>
      )}
      make={(idempotencyKey) => hongmi.makeInvoices({ id, actor }, { idempotencyKey })}
      touches={[['clearing-invoices', id]]}
    />
  );
}

function useColumns(
  open: (invoice: Invoice, step: InvoiceStep) => void,
): readonly Column<Invoice>[] {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const names = useMerchantNames();
  const money = (key: 'grossFen' | 'netFen' | 'taxFen', title: string): Column<Invoice> => ({
    key,
    title,
    render: (row) => <Money fen={row[key]} />,
    value: (row) => row[key] / 100,
    align: 'right',
  });
  return [
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ merchantId }) => <Party id={merchantId} />,
      value: ({ merchantId }) => names.get(merchantId) ?? merchantId,
    },
    {
      key: 'state',
      title: t.state,
      render: ({ state, redLetter }) => (
        <>
          <Tag tone={TONES[state]}>{t.states[state]}</Tag> {redLetter ? t.red : null}
        </>
      ),
      value: ({ state }) => t.states[state],
    },
    {
      key: 'number',
      title: t.number,
      render: ({ numbers }) => {
        const last = numbers.at(-1);
        return last === undefined ? <None /> : <Code>{last.number}</Code>;
      },
      value: ({ numbers }) => numbers.at(-1)?.number ?? null,
    },
    {
      key: 'rate',
      title: t.rate,
      render: ({ rateBasisPoints }) => f.percent(rateBasisPoints / 10_000, 2),
      value: ({ rateBasisPoints }) => rateBasisPoints / 10_000,
      align: 'right',
    },
    money('netFen', t.net),
    money('taxFen', t.tax),
    money('grossFen', t.gross),
    ...(may('clearing:write')
      ? [
          {
            key: 'actions',
            title: t.actions,
            render: (invoice: Invoice) => (
              <span className="hm-actions">
                {STEPS[invoice.state].map((step) => (
                  <Button key={step} size="small" onClick={() => open(invoice, step)}>
                    {t[step]}
                  </Button>
                ))}
              </span>
            ),
          },
        ]
      : []),
  ];
}
