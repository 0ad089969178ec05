import { PlusOutlined } from '@ant-design/icons';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Select } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { type Programme, useProgramme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { MerchantFilter } from '../../design/merchant-select.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { Code, LastDay, None, When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { type Alert, type Dossier, KINDS, LevelTag, ValidTag } from './states.tsx';
import { words } from './words.ts';

export function DossiersPage() {
  const t = useWords(words);
  const may = useMay();
  const [, go] = useLocation();
  const programme = useProgramme();
  return (
    <Page
      title={t.title}
      about={t.about}
      actions={
        <>
          <Button onClick={() => go('/requirement')}>{t.requirement}</Button>
          {may('dossiers:write') ? (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => go('/new')}>
              {t.add}
            </Button>
          ) : null}
        </>
      }
    >
      {programme === undefined ? (
        <Skeleton />
      ) : (
        <>
          <Alerts programme={programme} />
          <Documents programme={programme} />
        </>
      )}
    </Page>
  );
}

function Alerts({ programme: { code } }: { readonly programme: Programme }) {
  const t = useWords(words);
  return (
    <Card title={t.attention} flush>
      <Table<Alert>
        label={t.attention}
        queryKey={['dossiers', 'alerts', code]}
        load={(cursor, signal) =>
          hongmi.listDossierAlerts({ programme: code, ...(cursor && { cursor }) }, { signal })
        }
        rowKey={({ merchantId, kind }) => `${merchantId}/${kind}`}
        exportAs="dossier-alerts"
        empty={<Empty title={t.fine}>{t.fineWhy}</Empty>}
        columns={[
          {
            key: 'level',
            title: t.level,
            render: ({ level }) => <LevelTag level={level} />,
            value: ({ level }) => level,
            sortable: true,
          },
          {
            key: 'merchant',
            title: t.merchant,
            render: ({ merchantId }) => (
              <Link href={`?merchant=${merchantId}`}>
                <Merchant id={merchantId} />
              </Link>
            ),
            value: ({ merchantId }) => merchantId,
          },
          {
            key: 'kind',
            title: t.kind,
            render: ({ kind }) => t.kinds[kind],
            value: ({ kind }) => t.kinds[kind],
            sortable: true,
          },
          {
            key: 'until',
            title: t.until,
            render: ({ until }) => (until === null ? <None /> : <LastDay end={until} />),
            value: ({ until }) => until,
            sortable: true,
          },
          {
            key: 'required',
            title: t.required,
            render: ({ required }) =>
              required ? (
                <Tag tone="warn">{t.requiredWhy}</Tag>
              ) : (
                <span className="hm-soft">{t.notRequired}</span>
              ),
            value: ({ required }) => String(required),
          },
        ]}
      />
    </Card>
  );
}

function Documents({ programme: { code } }: { readonly programme: Programme }) {
  const t = useWords(words);
  const names = useMerchantNames();
  const [merchantId, setMerchant] = useFilter('merchant');
  const [asked, setKind] = useFilter('kind');
  const kind = KINDS.find((each) => each === asked);
  return (
    <Card title={t.documents} flush>
      <div className="hm-filters hm-card-body">
        <MerchantFilter label={t.merchant} value={merchantId} onChange={setMerchant} />
        <label>
          {t.kind}
          <Select
            aria-label={t.kind}
            allowClear
            placeholder={t.allKinds}
            value={kind ?? null}
            onChange={(next) => setKind(next ?? undefined)}
            options={KINDS.map((value) => ({ value, label: t.kinds[value] }))}
            popupMatchSelectWidth={false}
            style={{ minWidth: 180 }}
          />
        </label>
      </div>
      <Table<Dossier>
        label={t.documents}
        queryKey={['dossiers', 'list', code, merchantId, kind]}
        load={(cursor, signal) =>
          hongmi.listDossiers(
            {
              programme: code,
              ...(merchantId && { merchantId }),
              ...(kind && { kind }),
              ...(cursor && { cursor }),
            },
            { signal },
          )
        }
        rowKey={({ id }) => id}
        exportAs="dossiers"
        empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
        columns={[
          {
            key: 'documentNo',
            title: t.documentNo,
            render: ({ id, documentNo }) => (
              <Link href={`/${id}`}>
                <Code>{documentNo}</Code>
              </Link>
            ),
            value: ({ documentNo }) => documentNo,
            sortable: true,
          },
          {
            key: 'merchant',
            title: t.merchant,
            render: (each) => <Merchant id={each.merchantId} />,
            value: (each) => names.get(each.merchantId) ?? each.merchantId,
            sortable: true,
          },
          {
            key: 'kind',
            title: t.kind,
            render: (each) => t.kinds[each.kind],
            value: (each) => t.kinds[each.kind],
            sortable: true,
          },
          {
            key: 'issuingBody',
            title: t.issuingBody,
            render: ({ issuingBody }) => issuingBody,
            value: ({ issuingBody }) => issuingBody,
            sortable: true,
          },
          {
            key: 'valid',
            title: t.status,
            render: (dossier) => <ValidTag dossier={dossier} />,
            value: ({ status, valid }) => (status === 'valid' ? String(valid) : status),
          },
          {
            key: 'validUntil',
            title: t.until,
            render: ({ validUntil }) => <LastDay end={validUntil} />,
            value: ({ validUntil }) => validUntil,
            sortable: true,
          },
          {
            key: 'checkedAt',
            title: t.checkedAt,
            render: ({ checkedAt }) => <When at={checkedAt} dayOnly />,
            value: ({ checkedAt }) => checkedAt,
            sortable: true,
          },
        ]}
      />
    </Card>
  );
}
