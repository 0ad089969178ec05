import { useWords } from '@hongmi/ui/language.ts';
import { useSaid } from '../../app/point-types.ts';
import { ListPage } from '../../publishing/list-page.tsx';
import { campaigns } from './campaigns.ts';
import { OfferShown, WhenShown } from './terms-shown.tsx';
import { words } from './words.ts';

export function CampaignsPage() {
  const t = useWords(words);
  const said = useSaid();
  return (
    <ListPage
      family={campaigns}
      words={t}
      nameOf={({ name }) => said(name)}
      columns={[
        {
          key: 'offer',
          title: t.worth,
          render: ({ price }) => <OfferShown price={price} />,
          value: ({ price }) => JSON.stringify(price),
        },
        {
          key: 'when',
          title: t.when,
          render: ({ when }) => <WhenShown when={when} />,
          value: ({ when }) => JSON.stringify(when),
        },
      ]}
    />
  );
}
