import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { useAsk } from '../../../design/ask.tsx';
import { FailureAlert } from '../../../design/failure-shown.tsx';
import { Loaded } from '../../../design/loaded.tsx';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Money } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { Net, Party } from '../values.tsx';
import { PaymentRun } from './payment-run.tsx';
import { words } from './payment-words.ts';

type Payments = components['schemas']['PeriodPayments'];

/** What a period comes to, on its way through a bank: runs of instructions, what deposits covered, and who waits. */
export function PaymentsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['clearing-payments', id],
    queryFn: ({ signal }) => hongmi.getPeriodPayments({ id }, { signal }),
  });
  return (
    <Card title={t.title} actions={<MakeRun id={id} />}>
      <p className="hm-soft">{t.about}</p>
      <Loaded query={query}>
        {({ runs, offsets, waiting }) => (
          <div className="hm-stack">
            {runs.length === 0 ? <Empty title={t.none}>{t.noneWhy}</Empty> : null}
            {runs.map((run) => (
              <PaymentRun key={run.id} run={run} periodId={id} />
            ))}
            <Waiting rows={waiting} />
            <Offsets rows={offsets} />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

/** Rehearsed first, so that it is known what comes of it. */
function MakeRun({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const ask = useAsk();
  const { name: actor } = useMe();
  const rehearsal = useWrite((period: string, idempotencyKey) =>
    hongmi.makePaymentRun({ id: period, actor, dryRun: true }, { idempotencyKey }),
  );
  const make = useWrite(
    (period: string, idempotencyKey) =>
      hongmi.makePaymentRun({ id: period, actor }, { idempotencyKey }),
    { touches: [['clearing-payments', id]] },
  );
  if (!may('clearing:write')) return null;

  async function begin(): Promise<void> {
    make.clear();
    const found = await rehearsal.send(id);
    if (found === undefined) return;
    const about = (
      <>
        <p>{t.makeAbout}</p>
        <strong>{t.made(f.number(found.instructions))}</strong>
      </>
    );
    if (await ask({ title: t.makeAsk, about })) await make.send(id);
  }

  const failure = rehearsal.failure ?? make.failure;
  return (
    <>
      <Button loading={rehearsal.isSending || make.isSending} onClick={() => void begin()}>
        {t.make}
      </Button>
      {failure === undefined ? null : <FailureAlert failure={failure} />}
    </>
  );
}

function Waiting({ rows }: { readonly rows: Payments['waiting'] }) {
  const t = useWords(words);
  if (rows.length === 0) return null;
  return (
    <section aria-label={t.waiting}>
      <h3 className="hm-part">{t.waiting}</h3>
      <PlainTable
        label={t.waiting}
        rowKey={({ merchantId }) => merchantId ?? 'platform'}
        rows={rows}
        columns={[
          {
            key: 'merchant',
            title: t.merchant,
            render: ({ merchantId }) => <Party id={merchantId ?? 'platform'} />,
          },
          { key: 'why', title: t.why, render: ({ why }) => t[why] },
          {
            key: 'fen',
            title: t.amount,
            render: ({ fen }) => <Net fen={fen} />,
            align: 'right',
          },
        ]}
      />
    </section>
  );
}

const OFFSETS = ['depositsFen', 'nettedFen', 'keptFen', 'undoneFen'] as const;

function Offsets({ rows }: { readonly rows: Payments['offsets'] }) {
  const t = useWords(words);
  if (rows.length === 0) return null;
  const titles = {
    depositsFen: t.deposits,
    nettedFen: t.netted,
    keptFen: t.kept,
    undoneFen: t.undone,
  };
  return (
    <section aria-label={t.offsets}>
      <h3 className="hm-part">{t.offsets}</h3>
      <PlainTable
        label={t.offsets}
        rowKey={({ merchantId }) => merchantId}
        rows={rows}
        columns={[
          {
            key: 'merchant',
            title: t.merchant,
            render: ({ merchantId }) => <Party id={merchantId} />,
          },
          ...OFFSETS.map((key) => ({
            key,
            title: titles[key],
            render: (row: Payments['offsets'][number]) => <Money fen={row[key]} />,
            align: 'right' as const,
          })),
        ]}
      />
    </section>
  );
}
