import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { usePriceWords } from '../../app/price.ts';
import { usePointScale } from '../../app/programme.ts';
import { useSaid } from '../../app/said.ts';
import { Row } from '../../design/row.tsx';
import { GiftIcon } from './gift-icon.tsx';
import { type Offer, type Option, worthBy } from './offer.ts';
import { useUnmetWords } from './unmet.ts';
import { words } from './words.ts';

/** A reward in a few lines: what it takes by one of its ways to pay, whose it is, what that makes a point worth, whether it can be had. */
export function OfferRow({
  offer,
  option,
}: {
  readonly offer: Offer;
  readonly option: Option | undefined;
}) {
  const { rewardId, body, options } = offer;
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const price = usePriceWords();
  const [first, ...others] = body.stores;
  const merchant = useMerchantName(first?.merchant);
  const worth = worthBy(body, option, usePointScale());
  const facts = [
    others.length === 0 ? merchant : undefined,
    t.worth(f.money(body.cashValueFen)),
    worth === undefined ? undefined : t.perPoint(f.price(worth)),
  ].filter((each) => each !== undefined);
  return (
    <Row
      href={`/${rewardId}`}
      icon={<GiftIcon of={body.fulfilment.kind} />}
      title={said(body.name)}
      about={
        <>
          {option === undefined ? null : (
            <span className="hm-offer-price">
              <strong>{price(option.points, option.cashFen)}</strong>
              {options.length < 2 ? null : ` ${t.options(f.number(options.length))}`}
            </span>
          )}
          <span className="hm-line">{facts.join(' · ')}</span>
          <Standing offer={offer} option={option} />
        </>
      }
    />
  );
}

/** What makes it cheaper now; whether the member can have it, and if not what is missing. */
function Standing({
  offer,
  option,
}: {
  readonly offer: Offer;
  readonly option: Option | undefined;
}) {
  const t = useWords(words);
  const said = useSaid();
  const price = usePriceWords();
  const unmet = useUnmetWords(offer);
  const promotion = option?.promotion ?? null;
  const why = unmet ?? t.missing(price(option?.missing ?? []));
  return (
    <span className="hm-offer-line">
      {offer.redeemable ? (
        <span className="hm-tag" data-tone="good">
          {t.now}
        </span>
      ) : (
        why
      )}
      {promotion === null ? null : (
        <span className="hm-tag" data-tone="warn">
          {t.less(said(promotion.name), promotion.discount.percent)}
        </span>
      )}
    </span>
  );
}
