import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi, ME } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';
import { Page } from '../../design/page.tsx';
import { PurposeCard, useConsentsQuery } from '../settings/purpose-card.tsx';
import type { Offer } from './conditions.ts';
import { OfferCard } from './offer-card.tsx';
import { words } from './words.ts';
import './offers.css';

/** What counts for the member now and soon, with the switch for what is meant for them alone. */
export default function OffersPage() {
  const t = useWords(words);
  const programme = useProgramme()?.code;
  const query = useQuery({
    queryKey: ['member-offers', programme],
    queryFn: ({ signal }) =>
      hongmi.listMemberOffers({ ...ME, ...(programme !== undefined && { programme }) }, { signal }),
    enabled: programme !== undefined,
  });
  return (
    <Page title={t.title} about={t.about} up="~/m/me">
      <Loaded query={query} rows={10}>
        {({ items }) => (
          <>
            <PersonalSwitch hasPersonal={items.some(({ personal }) => personal)} />
            {items.length === 0 ? <Empty title={t.none}>{t.noneAbout}</Empty> : null}
            <Offers title={t.forYou} items={items.filter(({ personal }) => personal)} />
            <Offers title={t.today} items={items.filter((each) => each.today && !each.personal)} />
            <Offers title={t.soon} items={items.filter((each) => !each.today && !each.personal)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Offers({ title, items }: { readonly title: string; readonly items: readonly Offer[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <h2 className="hm-subhead">{title}</h2>
      {items.map((each) => (
        <OfferCard key={each.versionId} offer={each} />
      ))}
    </>
  );
}

/** On or off right here: off there are the general ones alone, at once. */
function PersonalSwitch({ hasPersonal }: { readonly hasPersonal: boolean }) {
  const t = useWords(words);
  const { data } = useConsentsQuery();
  const notice = data?.notices.find(({ purpose }) => purpose === 'personalised_offers');
  if (data === undefined || notice === undefined) return null;
  const { items, under14Until } = data.consents;
  const consent = items.find(({ purpose }) => purpose === notice.purpose);
  return (
    <>
      <PurposeCard
        // What was changed elsewhere begins anew.
        key={consent?.changedAt}
        notice={notice}
        consent={consent}
        isChild={under14Until !== null}
      />
      <p className="hm-soft">{hasPersonal ? t.withPersonal : t.onlyGeneral}</p>
    </>
  );
}
