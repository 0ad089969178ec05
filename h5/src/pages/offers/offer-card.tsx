import { useCalendarNames } from '@hongmi/ui/calendar-names.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { givesInWords, givesWords } from '@hongmi/ui/gives-in-words.ts';
import { useLanguage, useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { useMerchantName, useMerchantNames } from '../../app/merchants.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { Card } from '../../design/page.tsx';
import { usePointsText } from '../../design/values.tsx';
import { conditionsOf, type Offer } from './conditions.ts';
import { words } from './words.ts';

/** An offer in words: what it gives, whose it is, when, on which conditions, and why the member sees it. */
export function OfferCard({ offer }: { readonly offer: Offer }) {
  const t = useWords(words);
  const f = useFormat();
  const language = useLanguage();
  const { merchantId, rule, promotion, on, until, today } = offer;
  const owner = useMerchantName(merchantId);
  const merchants = useMerchantNames();
  const calendar = useCalendarNames();
  const gives = useGives(offer);
  const said = (text: { readonly zh: string; readonly en?: string } | undefined) =>
    language === 'en' ? (text?.en ?? text?.zh) : text?.zh;
  const about = rule === null ? said(promotion?.description) : rule.description;
  const days = [
    ...(today ? [] : [t.from(f.date(on))]),
    until === null ? t.open : t.until(f.date(until)),
  ].join(' ');
  const conditions = conditionsOf(offer, {
    ...{ t, f, ...calendar },
    merchant: (id) => merchants?.get(id) ?? '',
  });
  return (
    <Card title={rule?.name ?? said(promotion?.name) ?? ''}>
      <div className="hm-stack">
        <p>
          <strong className="hm-offer-gives">{gives}</strong>
        </p>
        <p className="hm-soft">
          {[merchantId === null ? t.whole : (owner ?? ''), days].join(' · ')}
        </p>
        {about === undefined ? null : <p>{about}</p>}
        {conditions.length === 0 ? null : (
          <ul className="hm-soft hm-offer-conditions">
            {conditions.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        )}
        {promotion === null ? null : <Link href="~/m/rewards">{t.toRewards}</Link>}
        <details>
          <summary>{t.why}</summary>
          <Why offer={offer} />
        </details>
      </div>
    </Card>
  );
}

function useGives({ rule, promotion }: Offer): string {
  const t = useWords(words);
  const g = useWords(givesWords);
  const f = useFormat();
  const pointType = usePointTypeName();
  const pointsText = usePointsText();
  if (rule !== null) return `${g.ons[rule.on]}: ${givesInWords(rule, { g, f, pointType })}`;
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
  if (because.length === 0) return <p className="hm-soft">{t.because.all}</p>;
  return because.map(({ kind, groups }) => {
    const names = f.list(groups.map((each) => each[language]));
    const unnamed = names === '' ? t.because.segmentUnnamed : t.because.segment(names);
    return (
      <p key={kind} className="hm-soft">
        {kind === 'segment' ? unnamed : t.because[kind]}
      </p>
    );
  });
}
