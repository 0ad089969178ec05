import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { worthOfPoint } from '@hongmi/ui/worth.ts';
import { useSaid } from '../../app/point-types.ts';
import { Money, None } from '../../design/values.tsx';
import { ListPage } from '../../publishing/list-page.tsx';
import { usePointScale } from '../clearing/point-type.tsx';
import { PriceShown } from './price.tsx';
import { rewards } from './rewards.ts';
import { words } from './words.ts';

export function RewardsPage() {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const scaleOf = usePointScale();
  return (
    <ListPage
      family={rewards}
      words={t}
      nameOf={({ name }) => said(name)}
      columns={[
        {
          key: 'kind',
          title: t.kind,
          sortable: true,
          render: ({ kind }) => t.kinds[kind],
          value: ({ kind }) => kind,
        },
        {
          key: 'price',
          title: t.price,
          align: 'right',
          sortable: true,
          render: ({ prices: [option] }) =>
            option === undefined ? <None /> : <PriceShown option={option} />,
          value: ({ prices: [option] }) => option?.points[0]?.points ?? null,
        },
        {
          key: 'worth',
          title: t.worth,
          align: 'right',
          sortable: true,
          render: (terms) => {
            const worth = worthOfPoint(terms.cashValueFen, terms.prices[0], scaleOf);
            return (
              <>
                <Money fen={terms.cashValueFen} />
                {worth === undefined ? null : (
                  <div className="hm-soft">{t.perPoint(f.price(worth))}</div>
                )}
              </>
            );
          },
          value: ({ cashValueFen }) => cashValueFen / 100,
        },
      ]}
    />
  );
}
