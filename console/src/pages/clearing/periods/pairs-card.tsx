import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import type { Column } from '../../../design/column.ts';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Money, None } from '../../../design/values.tsx';
import { usePointColumns } from '../point-columns.tsx';
import { Exact, Party } from '../values.tsx';
import { words } from './words.ts';

/** What rounding left over, of each amount that has something. */
function Carried({
  parts,
}: {
  readonly parts: readonly (readonly [name: string, microFen: number | null])[];
}) {
  const some = parts.filter(([, microFen]) => microFen !== null && microFen !== 0);
  if (some.length === 0) return <None />;
  return (
    <span className="hm-soft">
      {some.map(([name, microFen]) => (
        <div key={name}>
          {name} <Exact microFen={microFen} />
        </div>
      ))}
    </span>
  );
}

type Pair = Item<'listClearingPairs'>;

/** Who owes for points that who took, by type of points. */
export function PairsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const names = useMerchantNames();
  const ofPoints = usePointColumns();
  const nameOf = (merchant: string): string => names.get(merchant) ?? merchant;
  const money = (key: 'owed' | 'due' | 'fee', title: string): Column<Pair> => ({
    key,
    title,
    render: ({ fen: { [key]: fen } }) => (fen === null ? <None /> : <Money fen={fen} />),
    value: ({ fen: { [key]: fen } }) => (fen === null ? null : fen / 100),
    sortable: true,
    align: 'right',
  });
  const columns: readonly Column<Pair>[] = [
    {
      key: 'payer',
      title: t.payer,
      render: ({ payer }) => <Party id={payer} />,
      value: ({ payer }) => nameOf(payer),
      sortable: true,
    },
    {
      key: 'taker',
      title: t.taker,
      render: ({ taker }) => <Party id={taker} />,
      value: ({ taker }) => nameOf(taker),
      sortable: true,
    },
    ...ofPoints(t.type, t.points),
    money('owed', t.owedCol),
    money('due', t.dueCol),
    money('fee', t.feeCol),
    {
      key: 'carry',
      title: t.carry,
      render: ({ carryMicroFen: { owed, due, fee } }) => (
        <Carried
          parts={[
            [t.owedCol, owed],
            [t.dueCol, due],
            [t.feeCol, fee],
          ]}
        />
      ),
      align: 'right',
    },
  ];
  return (
    <Card title={t.pairs} flush>
      <Table
        label={t.pairs}
        columns={columns}
        rowKey={({ payer, taker, pointType }) => `${payer} ${taker} ${pointType}`}
        queryKey={['clearing-pairs', id]}
        load={(cursor, signal) => hongmi.listClearingPairs({ id, cursor, limit: 50 }, { signal })}
        exportAs={`pairs-${id}`}
      />
    </Card>
  );
}
