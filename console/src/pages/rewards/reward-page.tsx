import { useWords } from '@hongmi/ui/language.ts';
import { hongmi } from '../../app/api.ts';
import { useSaid } from '../../app/point-types.ts';
import { ItemPage } from '../../publishing/item-page.tsx';
import { DraftForm } from './draft-form.tsx';
import type { Terms } from './price.tsx';
import { StockCard } from './stock-card.tsx';
import { TermsShown } from './terms-shown.tsx';
import { words } from './words.ts';

export function RewardPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const said = useSaid();
  return (
    <ItemPage<Terms>
      family="reward"
      id={id}
      list={t.title}
      api={{
        get: (signal) => hongmi.getReward({ id }, { signal }),
        publish: (asked, options) => hongmi.publishReward({ id, ...asked }, options),
        drop: (options) => hongmi.dropRewardDraft({ id }, options),
        retire: (options) => hongmi.retireReward({ id }, options),
        versions: (page, signal) => hongmi.listRewardVersions({ id, ...page }, { signal }),
        changes: (page, signal) => hongmi.listRewardChanges({ id, ...page }, { signal }),
      }}
      nameOf={({ name }) => said(name)}
      shown={(terms) => <TermsShown terms={terms} />}
      editor={(terms, touches, close) => (
        <DraftForm id={id} terms={terms} touches={touches} close={close} />
      )}
    >
      <StockCard id={id} />
    </ItemPage>
  );
}
