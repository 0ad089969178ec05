import { useWords } from '@hongmi/ui/language.ts';
import { NotYours } from '../../../design/absent.tsx';
import { Page } from '../../../design/page.tsx';
import { useMe } from '../me.ts';
import { AlertsCard } from './alerts-card.tsx';
import { MarginsCard } from './margins-card.tsx';
import { RewardsCard } from './rewards-card.tsx';
import { TakersCard } from './takers-card.tsx';
import { words } from './words.ts';

/** Where a coalition is drained. For the platform: margins of others are no merchant's to know. */
export default function GuardPage() {
  const t = useWords(words);
  const { merchantId } = useMe();
  if (merchantId !== null) return <NotYours />;
  return (
    <Page title={t.title} about={t.about}>
      <AlertsCard />
      <MarginsCard />
      <TakersCard />
      <RewardsCard />
    </Page>
  );
}
