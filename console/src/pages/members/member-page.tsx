import { EditOutlined } from '@ant-design/icons';
import { useFilter } from '@hongmi/ui/address.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Tabs } from 'antd';
import { Link, useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Loaded } from '../../design/loaded.tsx';
import { Page } from '../../design/page.tsx';
import { Code, CopyButton } from '../../design/values.tsx';
import { BalancesCard } from './balances-card.tsx';
import { ConsentsCard } from './consents-card.tsx';
import { ExpiryCard } from './expiry-card.tsx';
import { listWords } from './list-words.ts';
import { LotsCard } from './lots-card.tsx';
import { ProfileCard } from './profile-card.tsx';
import { RedemptionsCard } from './redemptions-card.tsx';
import { TierCard } from './tier-card.tsx';
import { TransactionsCard } from './transactions-card.tsx';
import { words } from './words.ts';

/** Everything about one member, a tab for each side of it; the tab stands in the address. */
export function MemberPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const who = useWords(listWords);
  const may = useMay();
  const [, navigate] = useLocation();
  const [tab, setTab] = useFilter('tab');
  const query = useQuery({
    queryKey: ['member', id],
    queryFn: ({ signal }) => hongmi.getMember({ id }, { signal }),
  });
  const seesPoints = may('points:read');
  return (
    <Loaded query={query}>
      {(member) => (
        <Page
          above={<Link href="/">{who.title}</Link>}
          title={member.name ?? who.noName}
          about={
            <>
              <Code>{id}</Code>
              <CopyButton text={id} />
            </>
          }
          actions={
            may('points:adjust', 'points:write') && member.mergedInto === undefined ? (
              <Button icon={<EditOutlined />} onClick={() => navigate(`/${id}/adjust`)}>
                {t.adjust}
              </Button>
            ) : undefined
          }
        >
          {member.mergedInto === undefined ? null : (
            <Alert
              type="info"
              showIcon
              title={t.mergedInto}
              action={<Link href={`/${member.mergedInto}`}>{t.mergedGo}</Link>}
            />
          )}
          <Tabs
            activeKey={tab ?? 'overview'}
            onChange={(key) => setTab(key === 'overview' ? undefined : key)}
            destroyOnHidden
            items={[
              {
                key: 'overview',
                label: t.tabs.overview,
                children: (
                  <div className="hm-stack">
                    {seesPoints ? <BalancesCard id={id} /> : null}
                    <div className="hm-columns">
                      <ProfileCard member={member} />
                      {may('tiers:read') ? <TierCard id={id} /> : null}
                    </div>
                    {seesPoints ? <ExpiryCard id={id} /> : null}
                  </div>
                ),
              },
              ...(seesPoints
                ? [
                    { key: 'lots', label: t.tabs.lots, children: <LotsCard id={id} /> },
                    {
                      key: 'transactions',
                      label: t.tabs.transactions,
                      children: <TransactionsCard id={id} />,
                    },
                  ]
                : []),
              ...(may('redemptions:read')
                ? [
                    {
                      key: 'redemptions',
                      label: t.tabs.redemptions,
                      children: <RedemptionsCard id={id} />,
                    },
                  ]
                : []),
              ...(may('consents:read')
                ? [{ key: 'consents', label: t.tabs.consents, children: <ConsentsCard id={id} /> }]
                : []),
            ]}
          />
        </Page>
      )}
    </Loaded>
  );
}
