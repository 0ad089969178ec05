import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button } from 'antd';
import { useLocation } from 'wouter';
import type { Column } from '../../../design/column.ts';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Money } from '../../../design/values.tsx';
import { usePointColumns } from '../point-columns.tsx';
import { Exact } from '../values.tsx';
import type { Statement } from './read.ts';
import { words } from './statement-words.ts';

type Sum = Statement['sums'][number];
/** What is due, and the fee for it. */
type Row = Sum & { readonly feeFen: number };

/** By counterparty: what is owed to it, and what is due from it with the fee for that. */
export function StatementSums({ statement }: { readonly statement: Statement }) {
  const t = useWords(words);
  const { sums, merchant, period } = statement;
  const fees = new Map(
    sums.filter((each) => each.of === 'fee').map((each) => [keyOf(each), each.fen]),
  );
  const rowsOf = (of: Sum['of']): Row[] =>
    sums
      .filter((each) => each.of === of)
      .map((each) => ({ ...each, feeFen: of === 'due' ? (fees.get(keyOf(each)) ?? 0) : 0 }));
  const owed = useColumns('owed', period.id, merchant);
  const due = useColumns('due', period.id, merchant);
  return (
    <>
      <Card title={t.owes} flush>
        <PlainTable
          label={t.owes}
          columns={owed}
          rowKey={keyOf}
          rows={rowsOf('owed')}
          exportAs={`owed-${period.id}`}
          empty={<Empty title={t.none} />}
        />
      </Card>
      <Card title={t.takes} flush>
        <PlainTable
          label={t.takes}
          columns={due}
          rowKey={keyOf}
          rows={rowsOf('due')}
          exportAs={`due-${period.id}`}
          empty={<Empty title={t.none} />}
        />
      </Card>
    </>
  );
}

const keyOf = ({ counterparty, pointType }: Sum): string => `${counterparty} ${pointType}`;

function useColumns(of: 'owed' | 'due', id: string, merchant: string): readonly Column<Row>[] {
  const t = useWords(words);
  const ofPoints = usePointColumns();
  const [, navigate] = useLocation();
  const exact = (
    key: 'carriedInMicroFen' | 'exactMicroFen' | 'carryMicroFen',
    title: string,
  ): Column<Row> => ({
    key,
    title,
    render: (row) => <Exact microFen={row[key]} />,
    value: (row) => row[key],
    align: 'right',
  });
  const columns: Column<Row>[] = [
    {
      key: 'counterparty',
      title: t.counterparty,
      render: ({ counterpartyName }) => counterpartyName,
      value: ({ counterpartyName }) => counterpartyName,
      sortable: true,
    },
    ...ofPoints(t.type, t.points),
    exact('carriedInMicroFen', t.carriedIn),
    exact('exactMicroFen', t.exact),
    exact('carryMicroFen', t.carry),
    {
      key: 'fen',
      title: t.fen,
      render: ({ fen }) => <Money fen={fen} />,
      value: ({ fen }) => fen / 100,
      sortable: true,
      align: 'right',
    },
  ];
  if (of === 'due')
    columns.push({
      key: 'fee',
      title: t.feeFen,
      render: ({ feeFen }) => <Money fen={feeFen} />,
      value: ({ feeFen }) => feeFen / 100,
      align: 'right',
    });
  // The platform stands between all: its lines are those of everybody.
  if (merchant !== 'platform')
    columns.push({
      key: 'lines',
      title: t.lines,
      render: ({ counterparty }) => {
        const [payer, taker] = of === 'owed' ? [merchant, counterparty] : [counterparty, merchant];
        const query = new URLSearchParams({ payer, taker });
        return (
          <Button
            type="link"
            size="small"
            onClick={() => {
              navigate(`/periods/${id}/statements/${merchant}?${query}`);
              document.getElementById('lines')?.scrollIntoView();
            }}
          >
            {t.showLines}
          </Button>
        );
      },
    });
  return columns;
}
