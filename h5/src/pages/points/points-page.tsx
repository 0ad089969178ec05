import { useFilter } from '@hongmi/ui/address.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useBalances } from '../../app/balances.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { Choice } from '../../design/choice.tsx';
import { Facts } from '../../design/facts.tsx';
import { Card, Page } from '../../design/page.tsx';
import { Points } from '../../design/values.tsx';
import { ExpiryCalendar } from './expiry-calendar.tsx';
import { Lots } from './lots.tsx';
import { words } from './words.ts';
import './points.css';

const VIEWS = ['calendar', 'lots'] as const;

/** What there is and until when: by day, and lot by lot. */
export function PointsPage() {
  const t = useWords(words);
  const [filter, setFilter] = useFilter('view');
  const view = VIEWS.find((each) => each === filter) ?? 'calendar';
  return (
    <Page title={t.title} up="~/m/">
      <Choice
        label={t.views}
        value={view}
        options={VIEWS.map((each) => ({ value: each, label: t[each] }))}
        onChange={(next) => setFilter(next === 'calendar' ? undefined : next)}
      />
      {view === 'calendar' ? <ExpiryCalendar /> : <Lots />}
      <Lifetime />
    </Page>
  );
}

function Lifetime() {
  const t = useWords(words);
  const typeName = usePointTypeName();
  const balances = useBalances();
  return balances?.map(({ pointType, lifetimeEarned, lifetimeRedeemed, lifetimeExpired }) => (
    <Card key={pointType} title={`${typeName(pointType)} · ${t.lifetime}`}>
      <Facts
        rows={[
          [t.earned, <Points key="earned" value={lifetimeEarned} type={pointType} />],
          [t.redeemed, <Points key="redeemed" value={lifetimeRedeemed} type={pointType} />],
          [t.expired, <Points key="expired" value={lifetimeExpired} type={pointType} />],
        ]}
      />
    </Card>
  ));
}
