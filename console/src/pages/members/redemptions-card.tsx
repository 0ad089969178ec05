import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames, useSaid } from '../../app/point-types.ts';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

type Redemption = components['schemas']['Redemption'];

const TONES: Partial<Record<Redemption['state'], Tone>> = {
  fulfilled: 'good',
  confirmed: 'good',
  reserved: 'info',
  paying: 'info',
  refused: 'bad',
};

/** What a member redeemed, the latest first. */
export function RedemptionsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const names = usePointTypeNames();
  const costOf = ({ price, cash }: Redemption): string =>
    [
      ...price.map(
        ({ pointType, points }) => `${f.points(points)} ${names.get(pointType) ?? pointType}`,
      ),
      ...(cash === undefined ? [] : [f.money(cash.askedFen)]),
    ].join(' + ');
  return (
    <Card title={t.tabs.redemptions} flush>
      <Table<Redemption>
        label={t.tabs.redemptions}
        queryKey={['member', id, 'redemptions']}
        rowKey={(each) => each.id ?? each.askedAt}
        load={(cursor, signal) =>
          hongmi.listRedemptions({ memberId: id, ...(cursor && { cursor }) }, { signal })
        }
        empty={<Empty title={t.redemptionsNone} />}
        exportAs={`redemptions-${id}`}
        columns={[
          {
            key: 'when',
            title: t.when,
            value: ({ askedAt }) => askedAt,
            render: ({ askedAt }) => <When at={askedAt} />,
          },
          {
            key: 'reward',
            title: t.reward,
            value: ({ name }) => said(name),
            render: ({ name, quantity }) =>
              quantity === 1 ? said(name) : `${said(name)} × ${f.number(quantity)}`,
          },
          {
            key: 'merchant',
            title: t.merchant,
            value: ({ merchantId }) => merchantId,
            render: ({ merchantId }) => <Merchant id={merchantId} />,
          },
          {
            key: 'state',
            title: t.state,
            value: ({ state }) => t.redemptionStates[state],
            render: ({ state }) => (
              <Tag tone={TONES[state] ?? 'plain'}>{t.redemptionStates[state]}</Tag>
            ),
          },
          {
            key: 'cost',
            title: t.cost,
            align: 'right',
            value: costOf,
            render: (each) => <span className="hm-number">{costOf(each)}</span>,
          },
        ]}
      />
    </Card>
  );
}
