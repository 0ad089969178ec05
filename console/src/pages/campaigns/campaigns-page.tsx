import { PlusOutlined } from '@ant-design/icons';
import type { components } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
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
import { None } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { foremost } from '../../publishing/version.ts';
import { VersionTag } from '../../publishing/version-tag.tsx';
import { OfferShown, WhenShown } from './terms-shown.tsx';
import { words } from './words.ts';

type Promotion = components['schemas']['Promotion'];

export function CampaignsPage() {
  const t = useWords(words);
  const said = useSaid();
  const may = useMay();
  const programme = useProgramme();
  const merchants = useMerchantNames();
  const [, navigate] = useLocation();
  const [merchantId, setMerchant] = useFilter('merchant');
  const nameOf = (each: Promotion): string => {
    const name = foremost(each)?.body.name;
    return name === undefined ? each.code : said(name);
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
          <Table<Promotion>
            label={t.title}
            queryKey={['promotions', programme.code, merchantId]}
            rowKey={({ id }) => id}
            load={(cursor, signal) =>
              hongmi.listPromotions({ programme: programme.code, merchantId, cursor }, { signal })
            }
            exportAs="campaigns"
            empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
            columns={[
              {
                key: 'name',
                title: t.name,
                sortable: true,
                render: (each) => <Link href={`/${each.id}`}>{nameOf(each)}</Link>,
                value: nameOf,
              },
              {
                key: 'offer',
                title: t.worth,
                render: (each) => {
                  const price = foremost(each)?.body.price;
                  return price === undefined ? <None /> : <OfferShown price={price} />;
                },
                value: (each) => JSON.stringify(foremost(each)?.body.price ?? null),
              },
              {
                key: 'when',
                title: t.when,
                render: (each) => {
                  const when = foremost(each)?.body.when;
                  return when === undefined ? <None /> : <WhenShown when={when} />;
                },
                value: (each) => JSON.stringify(foremost(each)?.body.when ?? null),
              },
              {
                key: 'owner',
                title: t.owner,
                render: (each) => <Merchant id={each.merchantId} />,
                value: (each) =>
                  each.merchantId === null
                    ? t.platform
                    : (merchants.get(each.merchantId) ?? each.merchantId),
              },
              {
                key: 'state',
                title: t.state,
                render: (each) => {
                  const version = foremost(each);
                  return version === null ? <None /> : <VersionTag state={version.state} />;
                },
                value: (each) => foremost(each)?.state ?? null,
              },
            ]}
          />
        )}
      </Card>
    </Page>
  );
}
