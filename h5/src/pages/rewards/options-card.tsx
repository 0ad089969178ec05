import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { usePriceWords } from '../../app/price.ts';
import { usePointScale } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { Card } from '../../design/page.tsx';
import { type OneOffer, type Option, type Terms, worthBy } from './offer.ts';
import { words } from './words.ts';

/** All ways to pay: what each takes now, what makes it cheaper, and what a point is really worth by it. */
export function OptionsCard({ reward: { body, options } }: { readonly reward: OneOffer }) {
  const t = useWords(words);
  return (
    <Card title={t.ways}>
      <ul className="hm-options">
        {options.map((each) => (
          <li key={each.option}>
            <OptionShown terms={body} option={each} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** One way to pay in words. */
export function OptionShown({ terms, option }: { readonly terms: Terms; readonly option: Option }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const price = usePriceWords();
  const { points, cashFen, plainPoints, promotion, missing } = option;
  const worth = worthBy(terms, option, usePointScale());
  const isForBand = terms.prices[option.option]?.creditBands !== undefined;
  return (
    <span className="hm-option">
      <strong className="hm-option-price">{price(points, cashFen)}</strong>
      {promotion === null ? null : (
        <>
          <span className="hm-soft">{t.plain(price(plainPoints, cashFen))}</span>
          <span>
            <span className="hm-tag" data-tone="warn">
              {t.less(said(promotion.name), promotion.discount.percent)}
            </span>{' '}
            <span className="hm-soft">{t.more(promotion.uplift.percent)}</span>
          </span>
        </>
      )}
      {isForBand ? <span className="hm-soft">{t.forBand}</span> : null}
      {worth === undefined ? null : <span className="hm-soft">{t.perPoint(f.price(worth))}</span>}
      {missing.length === 0 ? null : (
        <span className="hm-option-lack">{t.missing(price(missing))}</span>
      )}
    </span>
  );
}
