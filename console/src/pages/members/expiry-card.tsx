import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Points } from '../../design/values.tsx';
import { words } from './words.ts';

type Day = components['schemas']['ExpiryDay'];

/** When which points are lost: by the last day on which they can be spent. */
export function ExpiryCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const names = usePointTypeNames();
  return (
    <Card title={t.expiry} flush>
      <Table<Day>
        label={t.expiry}
        queryKey={['member', id, 'expiry']}
        rowKey={({ day, programme, pointType }) => `${day} ${programme} ${pointType}`}
        load={(cursor, signal) =>
          hongmi.getExpiry({ id, limit: 12, ...(cursor && { cursor }) }, { signal })
        }
        empty={<Empty title={t.expiryNone} />}
        exportAs={`expiry-${id}`}
        columns={[
          {
            key: 'day',
            title: t.lastDay,
            value: ({ day }) => day,
            render: ({ day }) => (
              <span className="hm-number">
                {f.date(day)} <span className="hm-soft">{f.relative(`${day}T12:00:00Z`)}</span>
              </span>
            ),
          },
          {
            key: 'type',
            title: t.pointType,
            value: ({ pointType }) => pointType,
            render: ({ pointType }) => names.get(pointType) ?? pointType,
          },
          {
            key: 'points',
            title: t.points,
            align: 'right',
            value: ({ points }) => points,
            render: ({ points }) => <Points value={points} />,
          },
        ]}
      />
    </Card>
  );
}
