import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../../app/api.ts';
import { Loaded } from '../../../design/loaded.tsx';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Money } from '../../../design/values.tsx';
import { useMe } from '../me.ts';
import { Net, Party } from '../values.tsx';
import { PaymentRun } from './payment-run.tsx';
import { words } from './payment-words.ts';
import { RehearsedButton } from './rehearsed-button.tsx';

type Payments = components['schemas']['PeriodPayments'];

/** What a period comes to, on its way through a bank: runs of instructions, what deposits covered, and who waits. */
export function PaymentsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['clearing-payments', id],
    queryFn: ({ signal }) => hongmi.getPeriodPayments({ id }, { signal }),
  });
  return (
    <Card title={t.title} flush actions={<MakeRun id={id} />}>
      <p className="hm-soft hm-edge">{t.about}</p>
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

function MakeRun({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const { name: actor } = useMe();
  return (
    <RehearsedButton
      key={id}
      label={t.make}
      title={t.makeAsk}
      rehearse={(idempotencyKey) =>
        hongmi.makePaymentRun({ id, actor, dryRun: true }, { idempotencyKey })
      }
      about={({ instructions }) => (
        <>
          <p>{t.makeAbout}</p>
          <strong>{t.made(f.number(instructions))}</strong>
        </>
      )}
      make={(idempotencyKey) => hongmi.makePaymentRun({ id, actor }, { idempotencyKey })}
      touches={[['clearing-payments', id]]}
    />
  );
}

function Waiting({ rows }: { readonly rows: Payments['waiting'] }) {
  const t = useWords(words);
  if (rows.length === 0) return null;
  return (
    <section aria-label={t.waiting}>
      <h3 className="hm-part hm-edge">{t.waiting}</h3>
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
      <h3 className="hm-part hm-edge">{t.offsets}</h3>
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
