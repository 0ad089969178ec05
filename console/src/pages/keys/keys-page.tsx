import { PlusOutlined } from '@ant-design/icons';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Button } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { When } from '../../design/values.tsx';
import { Reach, StateTag } from './key-shown.tsx';
import { type ApiKey, stateOf } from './key-state.ts';
import { words } from './words.ts';

export function KeysPage() {
  const t = useWords(words);
  const f = useFormat();
  const may = useMay();
  const [, go] = useLocation();
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('keys:write') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => go('/new')}>
            {t.make}
          </Button>
        ) : null
      }
    >
      <Card flush>
        <Table<ApiKey>
          label={t.title}
          queryKey={['keys', 'list']}
          load={(cursor, signal) => hongmi.listKeys({ ...(cursor && { cursor }) }, { signal })}
          rowKey={({ id }) => id}
          exportAs="api-keys"
          empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
          columns={[
            {
              key: 'name',
              title: t.name,
              render: ({ id, name, root }) => (
                <>
                  <Link href={`/${id}`}>{name}</Link>{' '}
                  {root ? <Tag tone="brand">{t.root}</Tag> : null}
                </>
              ),
              value: ({ name }) => name,
              sortable: true,
            },
            {
              key: 'state',
              title: t.state,
              render: (apiKey) => <StateTag apiKey={apiKey} />,
              value: (apiKey) => t.states[stateOf(apiKey, Date.now())],
              sortable: true,
            },
            {
              key: 'reach',
              title: t.reach,
              render: (apiKey) => <Reach apiKey={apiKey} />,
              value: ({ merchantId, programme }) => merchantId ?? programme,
            },
            {
              key: 'scopes',
              title: t.scopes,
              align: 'right',
              render: ({ scopes }) => t.scopesCount(f.number(scopes.length)),
              value: ({ scopes }) => scopes.length,
              sortable: true,
            },
            {
              key: 'used',
              title: t.used,
              render: ({ lastUsedAt }) =>
                lastUsedAt === null ? (
                  <span className="hm-soft">{t.notUsed}</span>
                ) : (
                  <When at={lastUsedAt} />
                ),
              value: ({ lastUsedAt }) => lastUsedAt,
              sortable: true,
            },
            {
              key: 'expires',
              title: t.expires,
              render: ({ expiresAt }) =>
                expiresAt === null ? (
                  <span className="hm-soft">{t.never}</span>
                ) : (
                  <When at={expiresAt} />
                ),
              value: ({ expiresAt }) => expiresAt,
              sortable: true,
            },
            {
              key: 'created',
              title: t.created,
              render: ({ createdAt }) => <When at={createdAt} dayOnly />,
              value: ({ createdAt }) => createdAt,
              sortable: true,
            },
          ]}
        />
      </Card>
    </Page>
  );
}
