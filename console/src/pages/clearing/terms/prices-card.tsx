import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import type { Column } from '../../../design/column.ts';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { When } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { PointType } from '../point-type.tsx';
import { Exact, TermsOf } from '../values.tsx';
import { words } from './words.ts';

type Price = Item<'listPrices'>;

/** What counts at an instant, by merchant and type of points. */
export function PricesCard({ at }: { readonly at: string | undefined }) {
  const t = useWords(words);
  const code = useCode();
  const names = useMerchantNames();
  const price = (
    key: 'issuePriceMicroFen' | 'reimbursementMicroFen' | 'feeMicroFen',
    title: string,
  ): Column<Price> => ({
    key,
    title,
    render: (row) => <Exact microFen={row[key]} />,
    value: (row) => row[key] / 100_000_000,
    sortable: true,
    align: 'right',
  });
  const columns: readonly Column<Price>[] = [
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ merchantId }) => <TermsOf merchantId={merchantId} />,
      value: ({ merchantId }) => (merchantId === null ? '' : (names.get(merchantId) ?? merchantId)),
      sortable: true,
    },
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => <PointType code={pointType} />,
      value: ({ pointType }) => pointType,
      sortable: true,
    },
    price('issuePriceMicroFen', t.issue),
    price('reimbursementMicroFen', t.reimbursement),
    price('feeMicroFen', t.fee),
    {
      key: 'issuing',
      title: t.issuing,
      render: ({ issuing, funded }) => (
        <Allowed refusal={issuing} more={funded ? t.funded : null} />
      ),
      value: ({ issuing }) => issuing ?? t.yes,
    },
    {
      key: 'accepting',
      title: t.accepting,
      render: ({ accepting, quota }) => (
        <Allowed refusal={accepting} more={quota ? t.quota : null} />
      ),
      value: ({ accepting }) => accepting ?? t.yes,
    },
    {
      key: 'from',
      title: t.from,
      render: ({ from }) => <When at={from} />,
      value: ({ from }) => from,
    },
  ];
  return (
    <Card title={t.prices} flush>
      <Table
        label={t.prices}
        columns={columns}
        rowKey={({ merchantId, pointType, from }) => `${merchantId} ${pointType} ${from}`}
        queryKey={['prices', code, at]}
        load={(cursor, signal) =>
          hongmi.listPrices({ programme: code, at, cursor, limit: 100 }, { signal })
        }
        exportAs="price-list"
        empty={<Empty title={t.noPrices}>{t.noPricesWhy}</Empty>}
      />
    </Card>
  );
}

/** Whether a merchant may, and with which words it would be refused. */
function Allowed({
  refusal,
  more,
}: {
  readonly refusal: string | null;
  readonly more: string | null;
}) {
  const t = useWords(words);
  return (
    <>
      {refusal === null ? <Tag tone="good">{t.yes}</Tag> : <Tag tone="bad">{t.no}</Tag>}{' '}
      <span className="hm-soft">{refusal === null ? more : <Refusal code={refusal} />}</span>
    </>
  );
}

function Refusal({ code }: { readonly code: string }) {
  return <>{useRefusalWords({ code, title: code })}</>;
}
