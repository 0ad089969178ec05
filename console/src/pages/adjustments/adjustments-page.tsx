import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Select } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme } from '../../app/programme.tsx';
import { MerchantFilter } from '../../design/merchant-select.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Table } from '../../design/table.tsx';
import { Points, When } from '../../design/values.tsx';
import { Actor, Member, Merchant } from '../../design/who.tsx';
import { type Proposal, ProposalState } from './proposal-state.tsx';
import { words } from './words.ts';

const STATES: readonly Proposal['status'][] = ['proposed', 'approved', 'refused', 'expired'];

/** Corrections that take two persons: those that wait first of all. */
export function AdjustmentsPage() {
  const t = useWords(words);
  const programme = useProgramme()?.code;
  const merchants = useMerchantNames();
  const [asked, setState] = useFilter('state');
  const [merchantId, setMerchant] = useFilter('merchant');
  // Without a word in the address: what there is to do.
  const status =
    asked === 'all' ? undefined : (STATES.find((each) => each === asked) ?? 'proposed');
  if (programme === undefined) return <Skeleton />;
  return (
    <Page title={t.title} about={t.about}>
      <div className="hm-filters">
        <label>
          {t.state}
          <Select
            value={status ?? 'all'}
            onChange={(value) => setState(value === 'proposed' ? undefined : value)}
            options={[
              ...STATES.map((value) => ({ value: value as string, label: t.states[value] })),
              { value: 'all', label: t.all },
            ]}
            style={{ width: 140 }}
          />
        </label>
        <MerchantFilter label={t.merchant} value={merchantId} onChange={setMerchant} />
      </div>
      <Card flush>
        <Table<Proposal>
          label={t.title}
          queryKey={['adjustments', programme, status, merchantId]}
          rowKey={({ id }) => id}
          load={(cursor, signal) =>
            hongmi.listAdjustments(
              {
                programme,
                ...(status && { status }),
                ...(merchantId && { merchantId }),
                ...(cursor && { cursor }),
              },
              { signal },
            )
          }
          empty={<Empty title={t.none}>{t.noneWhy}</Empty>}
          exportAs="adjustments"
          columns={[
            {
              key: 'at',
              title: t.at,
              sortable: true,
              value: ({ proposedAt }) => proposedAt,
              render: ({ id, proposedAt }) => (
                <Link href={`/${id}`}>
                  <When at={proposedAt} />
                </Link>
              ),
            },
            {
              key: 'state',
              title: t.state,
              value: ({ status: state }) => t.states[state],
              render: (proposal) => <ProposalState proposal={proposal} />,
            },
            {
              key: 'member',
              title: t.member,
              value: ({ memberId }) => memberId,
              render: ({ memberId }) => <Member id={memberId} />,
            },
            {
              key: 'points',
              title: t.points,
              align: 'right',
              sortable: true,
              value: ({ points }) => points,
              render: ({ points }) => <Points value={points} signed />,
            },
            {
              key: 'reason',
              title: t.reason,
              value: ({ reason }) => reason,
              render: ({ reason }) => reason,
            },
            {
              key: 'merchant',
              title: t.merchant,
              value: (each) => merchants.get(each.merchantId) ?? each.merchantId,
              render: (each) => <Merchant id={each.merchantId} />,
            },
            {
              key: 'by',
              title: t.by,
              value: ({ actor }) => actor,
              render: ({ proposedBy }) => <Actor id={proposedBy} />,
            },
          ]}
        />
      </Card>
    </Page>
  );
}
