import { useWords } from '@hongmi/ui/language.ts';
import { hongmi } from '../../app/api.ts';
import { useSaid } from '../../app/point-types.ts';
import { ItemPage } from '../../publishing/item-page.tsx';
import { DraftForm } from './draft-form.tsx';
import { TermsShown } from './terms-shown.tsx';
import type { Terms } from './terms-values.ts';
import { words } from './words.ts';

export function CampaignPage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const said = useSaid();
  return (
    <ItemPage<Terms>
      family="promotion"
      id={id}
      list={t.title}
      api={{
        get: (signal) => hongmi.getPromotion({ id }, { signal }),
        publish: (asked, options) => hongmi.publishPromotion({ id, ...asked }, options),
        drop: (options) => hongmi.dropPromotionDraft({ id }, options),
        retire: (options) => hongmi.retirePromotion({ id }, options),
        versions: (page, signal) => hongmi.listPromotionVersions({ id, ...page }, { signal }),
        changes: (page, signal) => hongmi.listPromotionChanges({ id, ...page }, { signal }),
      }}
      nameOf={({ name }) => said(name)}
      shown={(terms) => <TermsShown terms={terms} />}
      editor={(terms, touches, close) => (
        <DraftForm id={id} terms={terms} touches={touches} close={close} />
      )}
    />
  );
}
