import { useWords } from '@hongmi/ui/language.ts';
import { Page } from '../../../design/page.tsx';
import { RatesCard } from './rates-card.tsx';
import { SettlementAccountsCard } from './settlement-accounts-card.tsx';
import { TitlesCard } from './titles-card.tsx';
import { words } from './words.ts';

/** What payments and invoices are made with. */
export default function AccountsPage() {
  const t = useWords(words);
  return (
    <Page title={t.title} about={t.about}>
      <SettlementAccountsCard />
      <TitlesCard />
      <RatesCard />
    </Page>
  );
}
