import { PlusOutlined } from '@ant-design/icons';
import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useSaid } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { Card, Page } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Money, None } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { foremost } from '../../publishing/version.ts';
import { VersionTag } from '../../publishing/version-tag.tsx';
import { PriceShown, worthOfPoint } from './price.tsx';
import { words } from './words.ts';

type Reward = components['schemas']['Reward'];

export function RewardsPage() {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const may = useMay();
  const programme = useProgramme();
  const merchants = useMerchantNames();
  const [, navigate] = useLocation();
  const [merchantId, setMerchant] = useFilter('merchant');
  const termsOf = (reward: Reward) => foremost(reward)?.body;
  const nameOf = (reward: Reward): string => {
    const terms = termsOf(reward);
    return terms === undefined ? reward.code : said(terms.name);
  };
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        may('rewards:write') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => navigate('/new')}>
            {t.make}
          </Button>
        ) : undefined
      }
    >
      <div className="hm-filters">
        <label>
          {t.owner}
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t.all}
            value={merchantId ?? null}
            onChange={(value) => setMerchant(value ?? undefined)}
            options={[...merchants].map(([value, label]) => ({ value, label }))}
            style={{ width: 220 }}
          />
        </label>
      </div>
      <Card flush>
        {programme === undefined ? null : (
          <Table<Reward>
            label={t.title}
            queryKey={['rewards', programme.code, merchantId]}
            rowKey={({ id }) => id}
            load={(cursor, signal) =>
              hongmi.listRewards({ programme: programme.code, merchantId, cursor }, { signal })
            }
            exportAs="rewards"
            empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
            columns={[
              {
                key: 'name',
                title: t.name,
                sortable: true,
                render: (reward) => <Link href={`/${reward.id}`}>{nameOf(reward)}</Link>,
                value: nameOf,
              },
              {
                key: 'kind',
                title: t.kind,
                sortable: true,
                render: (reward) => {
                  const kind = termsOf(reward)?.kind;
                  return kind === undefined ? <None /> : t.kinds[kind];
                },
                value: (reward) => termsOf(reward)?.kind ?? null,
              },
              {
                key: 'price',
                title: t.price,
                align: 'right',
                sortable: true,
                render: (reward) => {
                  const option = termsOf(reward)?.prices[0];
                  return option === undefined ? <None /> : <PriceShown option={option} />;
                },
                value: (reward) => termsOf(reward)?.prices[0]?.points[0]?.points ?? null,
              },
              {
                key: 'worth',
                title: t.worth,
                align: 'right',
                sortable: true,
                render: (reward) => {
                  const terms = termsOf(reward);
                  if (terms === undefined) return <None />;
                  const worth = worthOfPoint(terms);
                  return (
                    <>
                      <Money fen={terms.cashValueFen} />
                      {worth === undefined ? null : (
                        <div className="hm-soft">{t.perPoint(f.price(worth))}</div>
                      )}
                    </>
                  );
                },
                value: (reward) => {
                  const fen = termsOf(reward)?.cashValueFen;
                  return fen === undefined ? null : fen / 100;
                },
              },
              {
                key: 'owner',
                title: t.owner,
                render: ({ merchantId }) => <Merchant id={merchantId} />,
                value: ({ merchantId }) =>
                  merchantId === null ? t.platform : (merchants.get(merchantId) ?? merchantId),
              },
              {
                key: 'state',
                title: t.state,
                render: (reward) => {
                  const version = foremost(reward);
                  return version === null ? <None /> : <VersionTag state={version.state} />;
                },
                value: (reward) => foremost(reward)?.state ?? null,
              },
            ]}
          />
        )}
      </Card>
    </Page>
  );
}
