import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useQuery } from '@tanstack/react-query';
import { hongmi, ME } from '../../app/api.ts';
import { useMerchantNames } from '../../app/merchants.ts';
import { useProgramme } from '../../app/programme.ts';
import { Page } from '../../design/page.tsx';
import { PurposeCard, useConsentsQuery } from '../settings/purpose-card.tsx';
import type { Offer } from './conditions.ts';
import { OfferRow } from './offer-row.tsx';
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
            <Offers title={t.forYou} items={items.filter(({ personal }) => personal)} isOpen />
            <Offers title={t.today} items={items.filter((each) => each.today && !each.personal)} />
            <Offers title={t.soon} items={items.filter((each) => !each.today && !each.personal)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** By whose they are: the whole programme's first, then merchants in the order of their first offer. */
function Offers({
  title,
  items,
  isOpen = false,
}: {
  readonly title: string;
  readonly items: readonly Offer[];
  readonly isOpen?: boolean;
}) {
  const t = useWords(words);
  const merchants = useMerchantNames();
  if (items.length === 0) return null;
  const owners = [...new Set([null, ...items.map(({ merchantId }) => merchantId)])];
  return (
    <>
      <h2 className="hm-subhead">{title}</h2>
      {owners.map((owner) => {
        const own = items.filter(({ merchantId }) => merchantId === owner);
        if (own.length === 0) return null;
        const name = owner === null ? t.whole : (merchants?.get(owner) ?? '');
        return (
          <section key={owner ?? ''} className="hm-card" data-flush>
            <h3 className="hm-offer-owner">{name}</h3>
            <ul className="hm-rows">
              {own.map((each) => (
                <OfferRow key={each.versionId} offer={each} isOpen={isOpen} />
              ))}
            </ul>
          </section>
        );
      })}
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
