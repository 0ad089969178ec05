import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { Button } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, None, When } from '../../design/values.tsx';
import { words } from './words.ts';

const StoreForm = laterPart(() => import('./store-form.tsx'), 'StoreForm');

type Store = components['schemas']['Store'];

/** Where a merchant sells. */
export function StoresCard({ merchantId }: { readonly merchantId: string }) {
  const t = useWords(words);
  const may = useMay();
  const mayWrite = may('stores:write');
  const [edited, setEdited] = useState<Store | 'new'>();
  return (
    <>
      {edited === undefined ? null : (
        <Card title={edited === 'new' ? t.addStore : t.editStore}>
          <StoreForm
            key={edited === 'new' ? '' : edited.code}
            merchantId={merchantId}
            store={edited === 'new' ? undefined : edited}
            close={() => setEdited(undefined)}
          />
        </Card>
      )}
      <Card
        title={t.stores}
        flush
        actions={
          mayWrite && edited !== 'new' ? (
            <Button onClick={() => setEdited('new')}>{t.addStore}</Button>
          ) : null
        }
      >
        <Table<Store>
          label={t.stores}
          queryKey={['merchants', 'stores', merchantId]}
          load={(cursor, signal) =>
            hongmi.listStores({ id: merchantId, ...(cursor && { cursor }) }, { signal })
          }
          rowKey={({ code }) => code}
          exportAs="stores"
          empty={<Empty title={t.storesNone}>{t.storesNoneWhy}</Empty>}
          columns={[
            {
              key: 'name',
              title: t.name,
              render: ({ name }) => name,
              value: ({ name }) => name,
              sortable: true,
            },
            {
              key: 'code',
              title: t.code,
              render: ({ code }) => <Code>{code}</Code>,
              value: ({ code }) => code,
              sortable: true,
            },
            {
              key: 'zone',
              title: t.zone,
              render: ({ zone }) => zone ?? <None />,
              value: ({ zone }) => zone,
              sortable: true,
            },
            {
              key: 'state',
              title: t.state,
              render: ({ state }) => (
                <Tag tone={state === 'open' ? 'good' : 'plain'}>{t.states[state]}</Tag>
              ),
              value: ({ state }) => t.states[state],
              sortable: true,
            },
            {
              key: 'created',
              title: t.created,
              render: ({ createdAt }) => <When at={createdAt} dayOnly />,
              value: ({ createdAt }) => createdAt,
              sortable: true,
            },
            ...(mayWrite
              ? [
                  {
                    key: 'edit',
                    title: t.edit,
                    render: (store: Store) => (
                      <Button
                        size="small"
                        aria-label={`${t.edit} ${store.name}`}
                        onClick={() => setEdited(store)}
                      >
                        {t.edit}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Card>
    </>
  );
}
