import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useSaid } from '../../app/point-types.ts';
import { ItemPage } from '../../publishing/item-page.tsx';
import { BudgetCard } from './budget-card.tsx';
import { campaigns } from './campaigns.ts';
import { TermsShown } from './terms-shown.tsx';
import { words } from './words.ts';

const CampaignEditor = laterPart(() => import('./campaign-editor.tsx'), 'CampaignEditor');

export function CampaignPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const said = useSaid();
  return (
    <ItemPage
      id={id}
      family={campaigns}
      list={t.title}
      nameOf={({ name }) => said(name)}
      shown={TermsShown}
      editor={CampaignEditor}
      reasons={t.reasons}
      tabs={({ budget }) =>
        budget === null
          ? []
          : [{ key: 'budget', label: t.budget, children: <BudgetCard budget={budget} /> }]
      }
    />
  );
}
