import { useWords } from '@hongmi/ui/language.ts';
import { laterPart } from '@hongmi/ui/later-part.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useBalances } from '../../app/balances.ts';
import { useMe } from '../../app/me.ts';
import { payerOpenid } from '../../app/payer.ts';
import { usePriceWords } from '../../app/price.ts';
import { keepDevice } from '../../app/wechat-pay.ts';
import { Card } from '../../design/page.tsx';
import { isWhole, NOBODY, trimmed } from '../../recipient/recipient.ts';
import type { Booked } from './booking-card.tsx';
import { type OneOffer, type Option, unitsMax } from './offer.ts';
import { OptionShown } from './options-card.tsx';
import {
  type Chosen,
  type Order,
  orderOf,
  type Particulars,
  placesOf,
  sumOfOrder,
} from './order.ts';
import { RadioRow, RadioRows } from './radio-rows.tsx';
import { redeemWords } from './redeem-words.ts';

// What only some rewards ask, and what is read last, comes after what is read first.
const BookingCard = laterPart(() => import('./booking-card.tsx'), 'BookingCard');
const FundCard = laterPart(() => import('./fund-card.tsx'), 'FundCard');
const PlaceCard = laterPart(() => import('./place-card.tsx'), 'PlaceCard');
const RecipientFields = laterPart(
  () => import('../../recipient/recipient-fields.tsx'),
  'RecipientFields',
);
const Refused = laterPart(() => import('./refused.tsx'), 'Refused');
const Stepper = laterPart(() => import('../../design/stepper.tsx'), 'Stepper');
const ConfirmSheet = laterPart(() => import('./confirm-sheet.tsx'), 'ConfirmSheet');

/** What somebody chose, and what the API is asked for it: what is confirmed stays what it was, whatever is read meanwhile. */
interface Asked {
  readonly chosen: Chosen;
  readonly order: Order;
}

/** What is to be chosen of a reward, as little as it has; what it comes to is looked at once more before anything is taken. */
export function RedeemForm({ reward }: { readonly reward: OneOffer }) {
  const t = useWords(redeemWords);
  const price = usePriceWords();
  const { id: memberId } = useMe();
  const { body } = reward;
  const { fulfilment } = body;
  const open = reward.options.filter(({ missing }) => missing.length === 0);
  const places = placesOf(body);
  const [optionNo, setOptionNo] = useState(open[0]?.option);
  const [placeNo, setPlaceNo] = useState(places.length === 1 ? 0 : undefined);
  const [wanted, setWanted] = useState(1);
  const [booked, setBooked] = useState<Booked>();
  const [recipient, setRecipient] = useState(NOBODY);
  const [confirming, setConfirming] = useState<Asked>();
  const availableOf = useAvailable();
  const [, navigate] = useLocation();

  // The price may have changed since: what was chosen may not be open any more, or nothing may.
  const option =
    open.find((each) => each.option === optionNo) ??
    open[0] ??
    reward.options.find((each) => each.option === optionNo);
  const place = placeNo === undefined ? undefined : places[placeNo];
  const max =
    option === undefined || place === undefined
      ? 1
      : unitsMax(reward, option, place.merchantId, availableOf);
  const isBooked = fulfilment.kind === 'booking';
  const quantity =
    isBooked && fulfilment.unit === 'night' ? (booked?.units ?? 1) : Math.min(wanted, max);
  const particulars: Particulars | undefined = isBooked
    ? booked && { kind: 'booking', ...booked.when }
    : fulfilment.kind === 'delivery'
      ? { kind: 'delivery', ...trimmed(recipient) }
      : undefined;
  const lacking =
    place === undefined
      ? t.choosePlace
      : isBooked && booked === undefined
        ? t.chooseWhen
        : fulfilment.kind === 'delivery' && !isWhole(recipient)
          ? t.fillIn
          : undefined;
  const redeem = useWrite(
    (asked: Order, idempotencyKey) => hongmi.redeem(asked, { idempotencyKey }),
    {
      // Balances, offers, lots, messages: hardly anything of the member's stays as it was.
      touches: [[]],
      done: ({ id, payment }) => {
        if (payment !== undefined) keepDevice(id ?? '', payment);
        // In place of the form: going back leads to the reward.
        navigate(`~/m/redemptions/${id}`, { replace: true });
      },
    },
  );
  // Asked whether it could be had, so that nobody confirms what cannot.
  const check = useWrite(
    ({ order }: Asked, idempotencyKey) =>
      hongmi.redeem({ ...order, dryRun: true }, { idempotencyKey }),
    {
      done: (_, asked) => {
        // Of a sheet that was closed: why it was refused then says nothing of now.
        if (!redeem.isSending) redeem.clear();
        setConfirming(asked);
      },
    },
  );
  // Why it failed is read here when its sheet is closed.
  const closedOver = confirming === undefined ? redeem.failure : undefined;
  if (option === undefined) return null;
  const chosen: Chosen | undefined =
    place === undefined
      ? undefined
      : { option, quantity, place, ...(particulars && { particulars }) };
  const sum = sumOfOrder(body, { option, quantity });
  return (
    <>
      <form
        className="hm-redeem"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen === undefined) return;
          const order = orderOf(reward, chosen, { memberId, payer: payerOpenid() });
          void check.send({ chosen, order });
        }}
      >
        {open.length < 2 ? null : (
          <WayCard reward={reward} options={open} value={option} onChange={setOptionNo} />
        )}
        <PlaceCard
          places={places}
          value={placeNo}
          onChange={(next) => {
            setPlaceNo(next);
            // What is free is another matter elsewhere.
            setBooked(undefined);
          }}
        />
        {isBooked && place !== undefined ? (
          <BookingCard
            key={JSON.stringify(place)}
            reward={reward}
            unit={fulfilment.unit}
            place={place}
            unitsMax={max}
            value={booked}
            onChange={setBooked}
          />
        ) : null}
        {max > 1 && !(isBooked && fulfilment.unit === 'night') ? (
          <Card>
            <Stepper label={t.quantity} value={quantity} max={max} onChange={setWanted} />
          </Card>
        ) : null}
        {fulfilment.kind === 'delivery' ? (
          <Card title={t.to}>
            <RecipientFields
              value={recipient}
              served={fulfilment.regions}
              onChange={setRecipient}
            />
          </Card>
        ) : null}
        {fulfilment.kind === 'donation' ? <FundCard code={fulfilment.fund} /> : null}
        <Refused failure={check.failure ?? closedOver} reward={reward} />
        <div className="hm-way">
          <p className="hm-way-sum" aria-live="polite">
            <strong>{price(sum.points, sum.cashFen)}</strong>
            {lacking === undefined ? null : <span className="hm-soft">{lacking}</span>}
          </p>
          <Button
            block
            type="submit"
            color="primary"
            size="large"
            disabled={lacking !== undefined}
            loading={check.isSending || redeem.isSending}
            loadingText={t.wait}
          >
            {t.next}
          </Button>
        </div>
      </form>
      {confirming === undefined ? null : (
        <ConfirmSheet
          reward={reward}
          {...confirming}
          redeem={redeem}
          availableOf={availableOf}
          close={() => setConfirming(undefined)}
        />
      )}
    </>
  );
}

/** What can be spent of a point type. */
function useAvailable(): (pointType: string) => number {
  const balances = useBalances();
  return (pointType) => balances?.find((each) => each.pointType === pointType)?.available ?? 0;
}

function WayCard({
  reward,
  options,
  value,
  onChange,
}: {
  readonly reward: OneOffer;
  readonly options: readonly Option[];
  readonly value: Option;
  readonly onChange: (option: number) => void;
}) {
  const t = useWords(redeemWords);
  return (
    <Card title={t.way} flush>
      <RadioRows label={t.way}>
        {options.map((each) => (
          <RadioRow
            key={each.option}
            name="way"
            checked={each === value}
            onChange={() => onChange(each.option)}
          >
            <OptionShown terms={reward.body} option={each} />
          </RadioRow>
        ))}
      </RadioRows>
    </Card>
  );
}
