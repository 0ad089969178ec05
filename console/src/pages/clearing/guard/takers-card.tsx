import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../../app/api.ts';
import { Loaded } from '../../../design/loaded.tsx';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Points } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { PointType, usePointScale } from '../point-type.tsx';
import { Exact, Party } from '../values.tsx';
import { words } from './words.ts';

/** Who takes how many points, the dearest first. */
export function TakersCard() {
  const t = useWords(words);
  const code = useCode();
  const scaleOf = usePointScale();
  const query = useQuery({
    queryKey: ['guard', 'takers', code],
    queryFn: ({ signal }) => hongmi.listTakers({ programme: code }, { signal }),
  });
  return (
    <Card title={t.takers} flush>
      <Loaded query={query}>
        {({ items }) => (
          <PlainTable
            label={t.takers}
            rows={items}
            rowKey={({ taker, pointType }) => `${taker} ${pointType}`}
            exportAs="takers"
            empty={<Empty title={t.noTakers} />}
            columns={[
              {
                key: 'taker',
                title: t.taker,
                render: ({ taker, dearest, drain }) => (
                  <>
                    <Party id={taker} /> {dearest ? <Tag tone="warn">{t.dearest}</Tag> : null}{' '}
                    {drain ? <Tag tone="bad">{t.draining}</Tag> : null}
                  </>
                ),
                value: ({ taker }) => taker,
              },
              {
                key: 'type',
                title: t.type,
                render: ({ pointType }) => <PointType code={pointType} />,
                value: ({ pointType }) => pointType,
              },
              {
                key: 'cost',
                title: t.cost,
                align: 'right',
                render: ({ costMicroFen }) => <Exact microFen={costMicroFen} />,
                value: ({ costMicroFen }) => costMicroFen,
                sortable: true,
              },
              {
                key: 'recent',
                title: t.recent,
                align: 'right',
                render: ({ recent, pointType }) => (
                  <Points value={recent} scale={scaleOf(pointType)} />
                ),
                value: ({ recent, pointType }) => recent / 10 ** scaleOf(pointType),
                sortable: true,
              },
              {
                key: 'before',
                title: t.before,
                align: 'right',
                render: ({ before, pointType }) => (
                  <Points value={before} scale={scaleOf(pointType)} />
                ),
                value: ({ before, pointType }) => before / 10 ** scaleOf(pointType),
                sortable: true,
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
