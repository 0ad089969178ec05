import { useCalendarNames } from '@hongmi/ui/calendar-names.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { givesInWords, givesWords } from '@hongmi/ui/gives-in-words.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { useMerchantNames } from '../../app/merchants.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { usePointsText } from '../../design/values.tsx';
import { conditionsOf, type Offer } from './conditions.ts';
import { words } from './words.ts';

/** An offer in words: what it gives and until when, and for who opens it on which conditions, and why they see it. */
export function OfferRow({ offer, isOpen }: { readonly offer: Offer; readonly isOpen: boolean }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const gives = useGives(offer);
  const { rule, promotion, on, until, today } = offer;
  const days = [
    ...(today ? [] : [t.from(f.date(on))]),
    until === null ? t.open : t.until(f.date(until)),
  ].join(' ');
  return (
    <li>
      <details className="hm-offer" open={isOpen}>
        <summary>
          <h4>{rule?.name ?? said(promotion?.name)}</h4>
          <strong className="hm-offer-gives">{gives}</strong>
          <span className="hm-row-about">{days}</span>
        </summary>
        <Particulars offer={offer} />
      </details>
    </li>
  );
}

function Particulars({ offer }: { readonly offer: Offer }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const merchants = useMerchantNames();
  const calendar = useCalendarNames();
  const { rule, promotion } = offer;
  const about = rule === null ? said(promotion?.description) : rule.description;
  const conditions = conditionsOf(offer, {
    ...{ t, f, points: usePointsText(), ...calendar },
    merchant: (id) => merchants?.get(id) ?? '',
  });
  return (
    <div className="hm-stack">
      {about === undefined ? null : <p>{about}</p>}
      {conditions.length === 0 ? null : (
        <ul className="hm-offer-conditions">
          {conditions.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {promotion === null ? null : <Link href="~/m/rewards">{t.toRewards}</Link>}
      <Why offer={offer} />
    </div>
  );
}

/** Words of a reward, which are in Chinese at least. */
function useSaid() {
  const language = useLanguage();
  return (text: { readonly zh: string; readonly en?: string } | undefined): string | undefined =>
    language === 'en' ? (text?.en ?? text?.zh) : text?.zh;
}

function useGives({ rule, promotion }: Offer): string {
  const t = useWords(words);
  const g = useWords(givesWords);
  const f = useFormat();
  const pointType = usePointTypeName();
  const pointsText = usePointsText();
  if (rule !== null)
    return t.gives(g.ons[rule.on], givesInWords(rule, { g, f, pointType, points: pointsText }));
  if (promotion === null) return '';
  const { price } = promotion;
  return price.kind === 'ratio'
    ? t.fewer(f.percent(1 - price.num / price.den))
    : t.costs(pointsText(price.points, price.pointType), pointType(price.pointType));
}

function Why({ offer: { because } }: { readonly offer: Offer }) {
  const t = useWords(words);
  const f = useFormat();
  const language = useLanguage();
  const reasons = because.map(({ kind, groups }) => {
    if (kind !== 'segment') return t.because[kind];
    const names = f.list(groups.map((each) => each[language]));
    return names === '' ? t.because.segmentUnnamed : t.because.segment(names);
  });
  return (
    <p className="hm-soft">
      {t.why} {reasons.length === 0 ? t.because.all : reasons.join(' ')}
    </p>
  );
}
