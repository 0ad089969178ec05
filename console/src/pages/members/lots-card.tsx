import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Checkbox } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag, type Tone } from '../../design/tag.tsx';
import { LastDay, Points } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

export type Lot = components['schemas']['Lot'];

const TONES: Readonly<Record<Lot['state'], Tone>> = {
  available: 'good',
  pending: 'info',
  expired: 'warn',
  spent: 'plain',
};

export function LotState({ state }: { readonly state: Lot['state'] }) {
  const t = useWords(words);
  return <Tag tone={TONES[state]}>{t.lotStates[state]}</Tag>;
}

/** A member's points lot by lot, each with its own end. */
export function LotsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const names = usePointTypeNames();
  const [only, setOnly] = useFilter('lots');
  const open = only === 'open';
  return (
    <div className="hm-stack">
      <p className="hm-soft">{t.lotsAbout}</p>
      <Checkbox
        checked={open}
        onChange={({ target }) => setOnly(target.checked ? 'open' : undefined)}
      >
        {t.lotsOpen}
      </Checkbox>
      <Card flush>
        <Table<Lot>
          label={t.tabs.lots}
          queryKey={['member', id, 'lots', open]}
          rowKey={(lot) => lot.id}
          load={(cursor, signal) =>
            hongmi.listLots({ id, ...(open && { open }), ...(cursor && { cursor }) }, { signal })
          }
          empty={<Empty title={t.lotsNone} />}
          exportAs={`lots-${id}`}
          columns={[
            {
              key: 'id',
              title: t.lot,
              value: (lot) => lot.id,
              render: (lot) => (
                <Link href={`/${id}/lots/${lot.id}`}>
                  …{lot.id.slice(-8)} · {t.trail}
                </Link>
              ),
            },
            {
              key: 'type',
              title: t.pointType,
              value: ({ pointType }) => pointType,
              render: ({ pointType }) => names.get(pointType) ?? pointType,
            },
            {
              key: 'issuer',
              title: t.issuer,
              value: ({ issuerId }) => issuerId,
              render: ({ issuerId }) => <Merchant id={issuerId} />,
            },
            {
              key: 'state',
              title: t.state,
              value: ({ state }) => t.lotStates[state],
              render: ({ state }) => <LotState state={state} />,
            },
            {
              key: 'issued',
              title: t.issued,
              align: 'right',
              sortable: true,
              value: ({ issued }) => issued,
              render: ({ issued }) => <Points value={issued} />,
            },
            {
              key: 'remaining',
              title: t.remaining,
              align: 'right',
              sortable: true,
              value: ({ remaining }) => remaining,
              render: ({ remaining }) => <Points value={remaining} />,
            },
            {
              key: 'expires',
              title: t.expires,
              sortable: true,
              value: ({ expiresAt }) => expiresAt ?? null,
              render: ({ expiresAt }) =>
                expiresAt === undefined ? t.never : <LastDay end={expiresAt} />,
            },
          ]}
        />
      </Card>
    </div>
  );
}
