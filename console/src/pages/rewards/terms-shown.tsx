import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { worthOfPoint } from '@hongmi/ui/worth.ts';
import { useSaid } from '../../app/point-types.ts';
import { Facts } from '../../design/page.tsx';
import { Money } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { usePointScale } from '../clearing/point-type.tsx';
import { PriceShown, type Terms } from './price.tsx';
import { words } from './words.ts';

/** The terms of a reward, as they matter to a person. */
export function TermsShown({ body: terms }: { readonly body: Terms }) {
  const t = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const { fulfilment, cancellation, afterSales, offered, limits } = terms;
  const worth = worthOfPoint(terms.cashValueFen, terms.prices[0], usePointScale());
  const days =
    offered === undefined
      ? undefined
      : `${offered.from === undefined ? '' : f.date(offered.from)} – ${offered.to === undefined ? '' : f.date(offered.to)}`;
  return (
    <>
      {terms.description === undefined ? null : <p>{said(terms.description)}</p>}
      <Facts
        rows={[
          [t.kind, t.kinds[terms.kind]],
          [
            t.price,
            terms.prices.map((option) => (
              <div key={JSON.stringify(option)}>
                <PriceShown option={option} />
              </div>
            )),
          ],
          [
            t.worth,
            <span key="worth">
              <Money fen={terms.cashValueFen} />
              {worth === undefined ? '' : ` · ${t.perPoint(f.price(worth))}`}
            </span>,
          ],
          [
            t.merchant,
            terms.stores.map(({ merchant, stores }) => (
              <div key={merchant}>
                <Merchant id={merchant} />
                {stores === undefined ? '' : ` (${f.list(stores)})`}
              </div>
            )),
          ],
          [t.fulfilment, t.fulfilments[fulfilment.kind]],
          [t.offered, days],
          [
            t.limit,
            limits === undefined
              ? undefined
              : f.list(
                  limits.map(({ per, times }) => `${f.number(times)} ${t.times} ${t.per[per]}`),
                ),
          ],
          [t.cancellation, t.cancellations[cancellation.until]],
          [t.returnDays, f.number(afterSales.returnDays)],
          [t.qualityDays, f.number(afterSales.qualityDays)],
        ]}
      />
    </>
  );
}
