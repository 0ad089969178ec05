import { useWords } from '@hongmi/ui/language.ts';
import type { Column } from '../../../design/column.ts';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Points } from '../../../design/values.tsx';
import { PointType, usePointScale } from '../point-type.tsx';
import { Exact } from '../values.tsx';
import type { Statement } from './read.ts';
import { words } from './statement-words.ts';

type Issued = Statement['issued'][number];
const COLUMNS = ['opening', 'issued', 'used', 'expired', 'other', 'closing'] as const;

/** What became of the points that this merchant gave: how many, and what they cost it beneath. */
export function IssuedPoints({
  statement: { issued, merchant, period },
}: {
  readonly statement: Statement;
}) {
  const t = useWords(words);
  const scaleOf = usePointScale();
  if (issued.length === 0) return null;
  const titles = {
    opening: t.opening,
    issued: t.given,
    used: t.used,
    expired: t.expired,
    other: t.other,
    closing: t.closing,
  };
  const columns: Column<Issued>[] = [
    ...(merchant === 'platform'
      ? [
          {
            key: 'issuer',
            title: t.counterparty,
            render: ({ issuerName }: Issued) => issuerName,
            value: ({ issuerName }: Issued) => issuerName,
          },
        ]
      : []),
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => <PointType code={pointType} />,
      value: ({ pointType }) => pointType,
    },
    ...COLUMNS.map(
      (key): Column<Issued> => ({
        key,
        title: titles[key],
        align: 'right',
        render: (row) => (
          <>
            <Points value={row[key].points} scale={scaleOf(row.pointType)} />
            <div className="hm-soft">
              <Exact microFen={row[key].costMicroFen} />
            </div>
          </>
        ),
        value: (row) => row[key].points / 10 ** scaleOf(row.pointType),
      }),
    ),
  ];
  return (
    <Card title={t.issued} flush>
      <PlainTable
        label={t.issued}
        columns={columns}
        rowKey={({ issuer, pointType }) => `${issuer} ${pointType}`}
        rows={issued}
        exportAs={`issued-${period.id}`}
      />
    </Card>
  );
}
