import { PlusOutlined } from '@ant-design/icons';
import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useProgrammes } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { When } from '../../design/values.tsx';
import { Ratio } from './ratio.tsx';
import { words } from './words.ts';

type Merchant = components['schemas']['Merchant'];

export function MerchantsPage() {
  const t = useWords(words);
  const may = useMay();
  const [, go] = useLocation();
  const names = new Map(useProgrammes().map(({ code, name }) => [code, name]));
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('merchants:write') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => go('/new')}>
            {t.admit}
          </Button>
        ) : null
      }
    >
      <Card flush>
        <Table<Merchant>
          label={t.title}
          queryKey={['merchants', 'list']}
          load={(cursor, signal) => hongmi.listMerchants({ ...(cursor && { cursor }) }, { signal })}
          rowKey={({ id }) => id}
          exportAs="merchants"
          empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
          columns={[
            {
              key: 'name',
              title: t.name,
              render: ({ id, name }) => <Link href={`/${id}`}>{name}</Link>,
              value: ({ name }) => name,
              sortable: true,
            },
            {
              key: 'category',
              title: t.category,
              render: ({ category }) => t.trades[category] ?? category,
              value: ({ category }) => category,
              sortable: true,
            },
            {
              key: 'programme',
              title: t.programme,
              render: ({ programme }) => names.get(programme) ?? programme,
              value: ({ programme }) => programme,
              sortable: true,
            },
            {
              key: 'ratio',
              title: t.ratio,
              render: ({ earnRatio }) => <Ratio ratio={earnRatio} />,
              value: ({ earnRatio }) => `${earnRatio.points}/${earnRatio.perFen}`,
            },
            {
              key: 'joined',
              title: t.joined,
              render: ({ joinedAt }) => <When at={joinedAt} dayOnly />,
              value: ({ joinedAt }) => joinedAt,
              sortable: true,
            },
          ]}
        />
      </Card>
    </Page>
  );
}
