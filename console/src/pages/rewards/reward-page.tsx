import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useSaid } from '../../app/point-types.ts';
import { ItemPage } from '../../publishing/item-page.tsx';
import { rewards } from './rewards.ts';
import { TermsShown } from './terms-shown.tsx';
import { words } from './words.ts';

const RewardEditor = laterPart(() => import('./reward-editor.tsx'), 'RewardEditor');
const StockCard = laterPart(() => import('./stock-card.tsx'), 'StockCard');

export function RewardPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const said = useSaid();
  return (
    <ItemPage
      id={id}
      family={rewards}
      list={t.title}
      nameOf={({ name }) => said(name)}
      shown={TermsShown}
      editor={RewardEditor}
      reasons={t.reasons}
      tabs={() => [{ key: 'stock', label: t.stock, children: <StockCard id={id} /> }]}
    />
  );
}
