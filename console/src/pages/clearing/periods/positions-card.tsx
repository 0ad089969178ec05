import type { Item } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { useMerchantNames } from '../../../app/names.ts';
import type { Column } from '../../../design/column.ts';
import { Loaded } from '../../../design/loaded.tsx';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Money } from '../../../design/values.tsx';
import { Net, Party } from '../values.tsx';
import { usePositions } from './read.ts';
import { StatementFiles } from './statement-files.tsx';
import { words } from './words.ts';

type Position = Item<'listClearingPositions'>;

/** What each receives or pays in all, and the paper that says why. */
export function PositionsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const names = useMerchantNames();
  const query = usePositions(id);
  const nameOf = (merchant: string): string => names.get(merchant) ?? merchant;
  const money = (
    key: 'owedFen' | 'dueFen' | 'feeFen' | 'adjustedFen',
    title: string,
  ): Column<Position> => ({
    key,
    title,
    render: (row) => <Money fen={row[key]} />,
    value: (row) => row[key] / 100,
    sortable: true,
    align: 'right',
  });
  const columns: readonly Column<Position>[] = [
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ merchant }) => (
        <Link href={`/periods/${id}/statements/${merchant}`}>
          <Party id={merchant} />
        </Link>
      ),
      value: ({ merchant }) => nameOf(merchant),
      sortable: true,
    },
    money('owedFen', t.owedCol),
    money('dueFen', t.dueCol),
    money('feeFen', t.feeCol),
    money('adjustedFen', t.adjustedCol),
    {
      key: 'net',
      title: t.netCol,
      render: ({ netFen }) => <Net fen={netFen} />,
      value: ({ netFen }) => netFen / 100,
      sortable: true,
      align: 'right',
    },
    {
      key: 'papers',
      title: t.statement,
      render: ({ merchant }) => <StatementFiles id={id} merchant={merchant} small />,
    },
  ];
  return (
    <Card title={t.positions} flush>
      <Loaded query={query}>
        {(rows) => (
          <PlainTable
            label={t.positions}
            columns={columns}
            rowKey={({ merchant }) => merchant}
            rows={rows}
            exportAs={`positions-${id}`}
          />
        )}
      </Loaded>
    </Card>
  );
}
