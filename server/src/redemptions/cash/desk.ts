import type { Clock, Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Leftovers } from '../../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import {
  type PaymentNotice,
  PaymentRefused,
  type Payments,
} from '../../platform/payment/payment.ts';
import { UNSETTLED, unsettledOf, type Waiting } from '../../platform/unsettled.ts';
import type { Redemption } from '../redemption.ts';
import type { Saga } from '../saga.ts';
import { isUndone } from '../steps.ts';
import { lockRedemptions, readRedemptions } from '../store.ts';
import { eachAsked } from './each-asked.ts';
import { type Payment, paymentAfter } from './payment.ts';
import { refundRest } from './refund-cash.ts';
import { createSendRefunds } from './send-refunds.ts';
import { lockPaymentsOf, readPaymentsBy, readPaymentsOf, writePayment } from './store.ts';

export interface CashDeskDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmes: { programmeClock(programme: number): Instant };
  readonly payments: Payments;
  readonly saga: Pick<Saga, 'advance'>;
  /** Told of what failed for no reason that is expected; it is tried again in the next minute. */
  readonly onError: (error: unknown) => void;
}

/** What the payer's device needs to pay. */
export type Device = Readonly<Record<string, string>>;

/**
 * Brings together what happens at the payment provider and what is recorded here. Whatever wakes it, it looks how a payment
 * stands, writes that down, and lets the redemption go on; so nothing depends on who tells it, how often, or whether.
 */
export interface CashDesk {
  /**
   * Opens the payment of a redemption that is `paying`, for this payer; answers the redemption as it is then, and nothing
   * to pay with unless it still is. Throws `PaymentUnavailable`: the same again finds out.
   */
  open(
    redemption: Redemption,
    payer: string,
  ): Promise<{ readonly redemption: Redemption; readonly device: Device | null }>;
  /** Closes the payment of who does not want to pay any more, and all is undone; paid a moment before, it goes on. */
  abandon(redemption: Redemption): Promise<Redemption>;
  /** Looks at what a notice is about; told again it finds nothing to do. */
  heed(notice: PaymentNotice): Promise<void>;
  /** Payments that are neither paid nor closed, and refunds that are not done. */
  readonly leftovers: readonly Leftovers<Waiting>[];
}

/** Of what the payer reads (WeChat Pay, `description`). */
const DESCRIPTION_BYTES = 127;

export function createCashDesk(deps: CashDeskDeps): CashDesk {
  const { pool, clock, programmes, payments, saga, onError } = deps;
  const refunds = createSendRefunds(deps);

  async function redemptionOf(id: Uuid): Promise<Redemption> {
    const found = (await readRedemptions(pool, [id])).get(id);
    if (found === undefined)
      throw new Error(`a payment is of redemption ${id}, which is not there`);
    return found;
  }

  async function goOn(id: Uuid): Promise<Redemption> {
    const [now] = await saga.advance([await redemptionOf(id)]);
    return now as Redemption;
  }

  const mayPay = ({ state, programme, deadline }: Redemption): boolean =>
    state === 'paying' && programmes.programmeClock(programme) < deadline;

  /** Changes what is known of a payment; answers how it is then. What is paid for what came to nothing goes back. */
  function note(of: Payment, change: (known: Payment) => Payment): Promise<Payment> {
    return withTransaction(pool, async (tx) => {
      const redemption = (await lockRedemptions(tx, [of.redemption])).get(of.redemption);
      const known = (await lockPaymentsOf(tx, [of.redemption])).get(of.redemption);
      if (redemption === undefined || known === undefined) throw new Error('a payment stays');
      const next = change(known);
      if (next === known) return known;
      await writePayment(tx, next);
      if (next.state === 'paid' && isUndone(redemption.state))
        await refundRest(tx, redemption, 'not_redeemed', clock.now());
      return next;
    });
  }

  /** Looks how it stands, and sees to it that it cannot be paid any more when it should not be; answers whether that is for good. */
  async function settle(payment: Payment, isWanted = true): Promise<boolean> {
    const { redemption: id, paymentNo, payee } = payment;
    const ask = isWanted && mayPay(await redemptionOf(id)) ? payments.look : payments.close;
    const standing = await ask(paymentNo, payee);
    const { state } = await note(payment, (known) => paymentAfter(known, standing, clock.now()));
    if (state !== 'open') await goOn(id);
    return state !== 'open';
  }

  async function openFor(
    redemption: Redemption,
    payment: Payment,
    payer: string,
  ): Promise<Device | null> {
    const { paymentNo, payee, amountFen, expiresAt } = payment;
    const description = cut(redemption.terms.name.zh, DESCRIPTION_BYTES);
    try {
      return await payments.open({ paymentNo, payee, amountFen, description, payer, expiresAt });
    } catch (error) {
      if (!(error instanceof PaymentRefused)) throw error;
      // It may be refused because it was paid or closed meanwhile.
      if (await settle(payment).catch(unknownIfRefused)) return null;
      await note(payment, (known) =>
        known.state === 'open' ? { ...known, refused: error.code } : known,
      );
      return null;
    }
  }

  return {
    async open(redemption, payer) {
      const { id } = redemption;
      const payment = (await readPaymentsOf(pool, [id])).get(id);
      if (payment === undefined) throw new Error('who pays has a payment');
      let device: Device | null = null;
      if (payment.state === 'open' && payment.refused === null && mayPay(redemption))
        device = await openFor(redemption, payment, payer);
      else if (payment.state === 'open') await settle(payment);
      const now = await goOn(id);
      return { redemption: now, device: now.state === 'paying' ? device : null };
    },
    async abandon({ id }) {
      const payment = (await readPaymentsOf(pool, [id])).get(id);
      if (payment === undefined) throw new Error('who pays has a payment');
      if (payment.state === 'open') await settle(payment, false);
      return goOn(id);
    },
    async heed({ about, paymentNo }) {
      const [payment] = await readPaymentsBy(pool, { paymentNo });
      if (payment === undefined) return;
      if (about === 'refund') await refunds.ofPayment(payment);
      else if (payment.state === 'paid') await goOn(payment.redemption);
      else await settle(payment);
    },
    leftovers: [
      unsettledOf(pool, UNSETTLED.payment, async (ids) =>
        eachAsked(await readPaymentsBy(pool, { ids }), (each) => settle(each), onError),
      ),
      refunds.leftovers,
    ],
  };
}

/** Who refuses to open a payment may refuse to tell of it too. */
function unknownIfRefused(error: unknown): false {
  if (error instanceof PaymentRefused) return false;
  throw error;
}

/** As many whole characters as fit into so many bytes. */
function cut(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
