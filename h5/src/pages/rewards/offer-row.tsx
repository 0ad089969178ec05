import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMerchantName } from '../../app/merchants.ts';
import { usePriceWords } from '../../app/price.ts';
import { useSaid } from '../../app/said.ts';
import { Row } from '../../design/row.tsx';
import { GiftIcon } from './gift-icon.tsx';
import { firstOption, type Offer, worthBy } from './offer.ts';
import { useUnmetWords } from './unmet.ts';
import { words } from './words.ts';

/** A reward in a few lines: whose, what it takes, what that makes a point worth, and whether it can be had. */
export function OfferRow({ offer }: { readonly offer: Offer }) {
  const { rewardId, body, options } = offer;
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const price = usePriceWords();
  const [first, ...others] = body.stores;
  const merchant = useMerchantName(first?.merchant);
  const option = firstOption(offer);
  const worth = worthBy(body, option);
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
          {facts.join(' · ')}
          <Standing offer={offer} />
          {option?.promotion == null ? null : (
            <span className="hm-offer-line">
              <span className="hm-tag" data-tone="warn">
                {t.less(said(option.promotion.name), option.promotion.discount.percent)}
              </span>
            </span>
          )}
        </>
      }
      value={
        option === undefined ? undefined : (
          <span className="hm-change">
            <span>{price(option.points, option.cashFen)}</span>
            {options.length < 2 ? null : (
              <span className="hm-row-about">{t.options(f.number(options.length))}</span>
            )}
          </span>
        )
      }
    />
  );
}

/** Whether the member can have it now, and if not what is missing. */
function Standing({ offer }: { readonly offer: Offer }) {
  const t = useWords(words);
  const price = usePriceWords();
  const unmet = useUnmetWords(offer);
  if (offer.redeemable)
    return (
      <span className="hm-offer-line">
        <span className="hm-tag" data-tone="good">
          {t.now}
        </span>
      </span>
    );
  const why = unmet ?? t.missing(price(firstOption(offer)?.missing ?? []));
  return <span className="hm-offer-line">{why}</span>;
}
