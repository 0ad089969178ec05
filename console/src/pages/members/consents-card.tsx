import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Card } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { words } from './words.ts';

type Consent = components['schemas']['Consent'];

/** What a member agreed to and refused. Only the member says so; here it is read. */
export function ConsentsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['member', id, 'consents'],
    queryFn: ({ signal }) => hongmi.listConsents({ id }, { signal }),
  });
  return (
    <Card title={t.tabs.consents} flush>
      <Loaded query={query}>
        {({ items }) => (
          <PlainTable<Consent>
            label={t.tabs.consents}
            rows={items}
            rowKey={({ purpose, merchantId }) => `${purpose} ${merchantId}`}
            empty={<Empty title={t.consentsNone}>{t.consentsAbout}</Empty>}
            columns={[
              {
                key: 'purpose',
                title: t.purpose,
                render: ({ purpose }) => t.purposes[purpose],
              },
              {
                key: 'merchant',
                title: t.withWhom,
                render: ({ merchantId }) => <Merchant id={merchantId} />,
              },
              {
                key: 'state',
                title: t.state,
                render: ({ state, counts }) => (
                  <>
                    <Tag tone={counts ? 'good' : 'plain'}>{t.consentStates[state]}</Tag>{' '}
                    {state === 'given' && !counts ? <Tag tone="warn">{t.ended}</Tag> : null}
                  </>
                ),
              },
              {
                key: 'when',
                title: t.since,
                sortable: true,
                value: ({ changedAt }) => changedAt,
                render: ({ changedAt }) => <When at={changedAt} />,
              },
              {
                key: 'channel',
                title: t.channel,
                render: ({ channel }) => t.channels[channel],
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
