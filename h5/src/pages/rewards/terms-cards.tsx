import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMerchantNames, useStoreNames } from '../../app/merchants.ts';
import { usePriceWords } from '../../app/price.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { useGives } from './gives.ts';
import type { OneOffer, Terms } from './offer.ts';
import { useTierNames } from './unmet.ts';
import { words } from './words.ts';

/** How it is got and used, where, by whom; and what is promised to who changes their mind. */
export function TermsCards({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(words);
  return (
    <>
      <Card title={t.how}>
        <Use reward={reward} />
      </Card>
      {reward.body.fulfilment.kind === 'offset' ? null : (
        <Card title={t.promise}>
          <Promises terms={reward.body} />
        </Card>
      )}
    </>
  );
}

function Use({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(words);
  const f = useFormat();
  const gives = useGives(reward.body);
  const price = usePriceWords();
  const { body, left, merchantId } = reward;
  const { eligibility = {}, limits = [] } = body;
  const tierName = useTierNames(merchantId, eligibility.tiers !== undefined);
  const isLow = left.stock !== null && left.stock > 0;
  return (
    <>
      <Facts
        rows={[
          [t.gives, <Lines key="gives" of={gives} />],
          [t.place, <Places key="places" stores={body.stores} />],
          [t.offered, useDays(body.offered)],
          [
            t.who,
            lines([
              eligibility.tiers && t.forTiers(f.list(eligibility.tiers.map(tierName))),
              eligibility.firstTime && t.firstTime,
              eligibility.balanceFloor && price([eligibility.balanceFloor]),
            ]),
          ],
          [
            t.limit,
            lines(
              limits.map(({ per, times }) =>
                per === 'order' ? t.perOrder(f.number(times)) : t.per[per](f.number(times)),
              ),
            ),
          ],
          [
            t.left,
            lines([
              isLow ? t.stock(f.number(left.stock ?? 0)) : undefined,
              ...left.limits.map((each) => t.limitLeft[each.per](f.number(each.left))),
            ]),
          ],
        ]}
      />
      {body.fulfilment.kind === 'offset' ? <p className="hm-prose">{t.offsetHow}</p> : null}
    </>
  );
}

function Promises({
  terms: { cancellation, afterSales, compensation, prices },
}: {
  readonly terms: Terms;
}) {
  const t = useWords(words);
  const f = useFormat();
  const price = usePriceWords();
  // A fee is in the first type of the price.
  const feeType = prices[0]?.points[0]?.pointType;
  const fee = cancellation.until === 'never' ? 0 : (cancellation.feePoints ?? 0);
  const cancelled =
    cancellation.until === 'never'
      ? t.cancelNever
      : cancellation.until === 'before_use'
        ? t.cancelBefore
        : t.cancelHours(f.number(cancellation.hours));
  const { returnDays, qualityDays, exchange } = afterSales;
  const back =
    compensation === undefined
      ? t.supplierBack
      : 'percentOfPoints' in compensation
        ? t.supplierPercent(f.number(compensation.percentOfPoints))
        : t.supplierPoints(price([compensation]));
  return (
    <Facts
      rows={[
        [
          t.cancel,
          lines([
            cancelled,
            fee === 0 || feeType === undefined
              ? undefined
              : t.cancelFee(price([{ pointType: feeType, points: fee }])),
          ]),
        ],
        [t.returns, returnDays === 0 ? t.none7 : t.returnDays(f.number(returnDays))],
        [
          t.quality,
          qualityDays === 0
            ? undefined
            : exchange
              ? t.qualityExchange(f.number(qualityDays))
              : t.qualityDays(f.number(qualityDays)),
        ],
        [t.supplier, back],
      ]}
    />
  );
}

/** Merchants and, where the terms name some, their stores. */
function Places({ stores }: { readonly stores: Terms['stores'] }) {
  const names = useMerchantNames();
  const storeName = useStoreNames(
    stores.flatMap((each) => (each.stores === undefined ? [] : each.merchant)),
  );
  const f = useFormat();
  return (
    <Lines
      of={stores.map(({ merchant, stores: some }) => {
        const name = names?.get(merchant) ?? '';
        return some === undefined
          ? name
          : `${name}（${f.list(some.map((code) => storeName(merchant, code)))}）`;
      })}
    />
  );
}

function useDays(offered: Terms['offered']): string | undefined {
  const t = useWords(words);
  const f = useFormat();
  if (offered === undefined) return undefined;
  const { from, to } = offered;
  if (from === undefined) return to === undefined ? undefined : t.to(f.date(to));
  return to === undefined ? t.from(f.date(from)) : t.between(f.date(from), f.date(to));
}

function lines(said: readonly (string | undefined)[]) {
  const some = said.filter((each) => each !== undefined);
  return some.length === 0 ? undefined : <Lines of={some} />;
}

function Lines({ of }: { readonly of: readonly string[] }) {
  return of.map((each) => (
    <span key={each} className="hm-line">
      {each}
    </span>
  ));
}
