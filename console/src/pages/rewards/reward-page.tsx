import { useWords } from '@hongmi/ui/language.ts';
import { useSaid } from '../../app/point-types.ts';
import { ItemPage } from '../../publishing/item-page.tsx';
import { RewardEditor } from './reward-editor.tsx';
import { rewards } from './rewards.ts';
import { StockCard } from './stock-card.tsx';
import { TermsShown } from './terms-shown.tsx';
import { words } from './words.ts';

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
