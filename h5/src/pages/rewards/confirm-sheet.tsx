import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Sheet } from '@hongmi/ui/mobile/sheet.tsx';
import type { Write } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { usePartWords, usePriceWords } from '../../app/price.ts';
import { useSaid } from '../../app/said.ts';
import { Facts } from '../../design/facts.tsx';
import type { OneOffer } from './offer.ts';
import { type Chosen, type Order, remainsAfter, sumOfOrder } from './order.ts';
import { usePlaceWords } from './place-card.tsx';
import { redeemWords } from './redeem-words.ts';
import { Refused } from './refused.tsx';
import { words } from './words.ts';

/** What leaves, what remains, and what comes of it, before it is done. Pressing twice redeems once. */
export function ConfirmSheet({
  reward,
  chosen,
  order,
  redeem,
  availableOf,
  close,
}: {
  readonly reward: OneOffer;
  readonly chosen: Chosen;
  readonly order: Order;
  /** The form's, so that closing the sheet and coming back to it repeats a request whose answer was lost. */
  readonly redeem: Write<Order, unknown>;
  readonly availableOf: (pointType: string) => number;
  readonly close: () => void;
}) {
  const t = useWords(redeemWords);
  const { cancelNever, cancelBefore, cancelHours } = useWords(words);
  const f = useFormat();
  const said = useSaid();
  const price = usePriceWords();
  const part = usePartWords();
  const placeName = usePlaceWords([chosen.place]);
  const { body } = reward;
  const sum = sumOfOrder(body, chosen);
  const remains = remainsAfter(sum, availableOf);
  const isEnough = remains.length > 0 && remains.every(({ points }) => points >= 0);
  const { cancellation } = body;
  const isPaid = sum.cashFen > 0;
  return (
    <Sheet title={body.kind === 'donation' ? t.confirmDonation : t.confirm} close={close}>
      <div className="hm-stack">
        <Facts
          rows={[
            [t.what, `${said(body.name)} × ${f.number(chosen.quantity)}`],
            [t.taken, <strong key="taken">{price(sum.points)}</strong>],
            [
              t.cash,
              isPaid ? (
                <span key="cash">
                  <strong>{f.money(sum.cashFen)}</strong>
                  {sum.feeFen > 0 ? ` (${t.cashAbout(f.money(sum.feeFen))})` : null}
                </span>
              ) : undefined,
            ],
            [t.remains, isEnough ? f.list(remains.map(part)) : undefined],
            [t.place, body.fulfilment.kind === 'donation' ? undefined : placeName(chosen.place)],
            [t.when, useWhen(chosen)],
            [t.to, recipientOf(chosen)],
            [
              t.cancel,
              cancellation.until === 'never'
                ? cancelNever
                : cancellation.until === 'before_use'
                  ? cancelBefore
                  : cancelHours(f.number(cancellation.hours)),
            ],
          ]}
        />
        <Refused failure={redeem.failure} reward={reward} />
        {redeem.failure?.kind === 'unreachable' ? <p className="hm-soft">{t.again}</p> : null}
        <Button
          block
          color="primary"
          size="large"
          // Refused is refused: it is decided anew in the form.
          disabled={redeem.failure?.kind === 'refused'}
          loading={redeem.isSending}
          loadingText={t.wait}
          onClick={() => void redeem.send(order)}
        >
          {isPaid ? t.pay : t.sure}
        </Button>
      </div>
    </Sheet>
  );
}

function useWhen({ particulars }: Chosen): string | undefined {
  const t = useWords(redeemWords);
  const f = useFormat();
  if (particulars?.kind !== 'booking') return undefined;
  const { day, slot, until } = particulars;
  if (until !== undefined) return t.stay(f.date(day), f.date(until));
  return slot === undefined ? f.date(day) : `${f.date(day)} ${slot.replace('-', '–')}`;
}

function recipientOf({ particulars }: Chosen): string | undefined {
  if (particulars?.kind !== 'delivery') return undefined;
  const { name, phone, address } = particulars;
  return `${name} ${phone} ${address}`;
}
