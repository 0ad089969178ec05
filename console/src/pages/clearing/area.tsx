import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { fetchedLater, later } from '@hongmi/ui/later.ts';
import { Route, Switch } from 'wouter';
import { useProgramme } from '../../app/programme.tsx';
import { useMay } from '../../app/session.ts';
import { NotHere } from '../../design/absent.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { SubNav } from '../../design/sub-nav.tsx';
import { useMe } from './me.ts';
import { PeriodsPage } from './periods/periods-page.tsx';

const DisputePage = later(() => import('./disputes/dispute-page.tsx'), 'DisputePage');
const DisputesPage = later(() => import('./disputes/disputes-page.tsx'), 'DisputesPage');
const FundingAccountPage = later(
  () => import('./funding/funding-account-page.tsx'),
  'FundingAccountPage',
);
const FundingPage = later(() => import('./funding/funding-page.tsx'), 'FundingPage');
const PeriodPage = later(() => import('./periods/period-page.tsx'), 'PeriodPage');
const StatementPage = later(() => import('./periods/statement-page.tsx'), 'StatementPage');

const AccountsPage = fetchedLater(() => import('./accounts/accounts-page.tsx'));
const GuardPage = fetchedLater(() => import('./guard/guard-page.tsx'));
const TermsPage = fetchedLater(() => import('./terms/terms-page.tsx'));

const words = wordsOf({
  zh: {
    label: '清算',
    periods: '账期',
    terms: '条款与价格',
    guard: '套利防护',
    funding: '备付账户',
    disputes: '争议与调整',
    accounts: '收付款与开票资料',
  },
  en: {
    label: 'Clearing',
    periods: 'Periods',
    terms: 'Terms and prices',
    guard: 'Guard',
    funding: 'Funding accounts',
    disputes: 'Disputes and adjustments',
    accounts: 'Bank accounts and invoicing',
  },
});

/** Who owes whom for points, period by period, and by which terms. */
export default function ClearingArea() {
  const t = useWords(words);
  const may = useMay();
  const { merchantId } = useMe();
  const programme = useProgramme();
  if (programme === undefined) return <Skeleton />;
  return (
    <>
      <SubNav
        label={t.label}
        entries={[
          { path: '/', name: t.periods, also: '/periods' },
          { path: '/terms', name: t.terms },
          ...(merchantId === null ? [{ path: '/guard', name: t.guard }] : []),
          ...(may('funding:read') ? [{ path: '/funding', name: t.funding }] : []),
          { path: '/disputes', name: t.disputes },
          { path: '/accounts', name: t.accounts },
        ]}
      />
      <Switch key={programme.code}>
        <Route path="/">
          <PeriodsPage />
        </Route>
        <Route path="/periods/:id">{({ id }) => <PeriodPage key={id} id={id} />}</Route>
        <Route path="/periods/:id/statements/:merchant">
          {({ id, merchant }) => (
            <StatementPage key={`${id} ${merchant}`} id={id} merchant={merchant} />
          )}
        </Route>
        <Route path="/terms">
          <TermsPage />
        </Route>
        <Route path="/guard">
          <GuardPage />
        </Route>
        <Route path="/funding">
          <FundingPage />
        </Route>
        <Route path="/funding/:id">{({ id }) => <FundingAccountPage key={id} id={id} />}</Route>
        <Route path="/disputes">
          <DisputesPage />
        </Route>
        <Route path="/accounts">
          <AccountsPage />
        </Route>
        <Route path="/disputes/:id">{({ id }) => <DisputePage key={id} id={id} />}</Route>
        <Route>
          <NotHere />
        </Route>
      </Switch>
    </>
  );
}
