import { type components, type Hongmi, ProblemError } from '@hongmi/sdk';

type Schemas = components['schemas'];

/** What is asked for besides the reward. */
type Choice = Pick<Schemas['NewRedemption'], 'option' | 'quantity' | 'store' | 'particulars'>;

/** What is wrong with terms, and where. */
type Found = { readonly path: string; readonly code: string };

/** What rewards are about in a town; a reward is named by its merchant and code. */
export interface Redeeming {
  /** Publishes a reward of a merchant's own. */
  publish(merchantId: string, code: string, terms: Schemas['RewardTerms']): Promise<void>;
  /** Tries to publish; answers what is wrong with the terms: the name of the term, and the code. */
  refusalOf(merchantId: string, code: string, terms: Schemas['RewardTerms']): Promise<string>;
  /** What the catalogue shows a member of a reward now. */
  offer(memberId: string, merchantId: string, code: string): Promise<Schemas['RewardOffer']>;
  /** A member redeems what the catalogue shows, at the price that it shows. */
  redeem(
    memberId: string,
    merchantId: string,
    code: string,
    choice?: Choice,
  ): Promise<Schemas['Redemption']>;
  /** The till takes as much off a bill as the quote says; answers how much, and for how many points. */
  offset(
    memberId: string,
    merchantId: string,
    code: string,
    billFen: number,
  ): Promise<{ readonly offFen: number; readonly points: number }>;
  /** What becomes of asking for it, whatever the catalogue shows: the code of the problem, or the state. */
  attempt(memberId: string, merchantId: string, code: string, option: number): Promise<string>;
  /** The merchant's till takes what was handed out, for a bill of so many fen. */
  use(redemption: Schemas['Redemption'], billFen?: number): Promise<Schemas['VoucherUse']>;
  /** Who was to hand it out cannot. */
  callOff(redemption: Schemas['Redemption']): Promise<void>;
  /** Everything that was redeemed at a merchant. */
  redeemedAt(merchantId: string): Promise<readonly Schemas['Redemption'][]>;
  /** Points that one merchant's orders gave and that were redeemed at another: what the first owes the second for. */
  owed(issuerId: string, redeemerId: string): Promise<number>;
}

export function redeemingOf(hongmi: Hongmi, programme: string): Redeeming {
  let bills = 0;

  async function offer(
    memberId: string,
    merchantId: string,
    code: string,
  ): Promise<Schemas['RewardOffer']> {
    const items = await hongmi
      .pages('listMemberRewards', { id: memberId, programme, merchantId })
      .all();
    const found = items.find((each) => each.code === code);
    if (found === undefined) throw new Error(`${code} is not in the catalogue`);
    return found;
  }

  async function redeemedAt(merchantId: string): Promise<readonly Schemas['Redemption'][]> {
    const query = { merchantId, state: 'fulfilled' as const };
    const items = await hongmi.pages('listRedemptions', query).all();
    return items;
  }

  /** The merchant whose orders gave the points of a lot. */
  async function issuerOf(id: string): Promise<string> {
    const { lot } = await hongmi.getTrail({ id });
    return lot.issuerId;
  }

  return {
    offer,
    redeemedAt,
    async publish(merchantId, code, body) {
      const { id } = await hongmi.createReward({ merchantId, code, body });
      await hongmi.publishReward({ id });
    },
    async refusalOf(merchantId, code, body) {
      try {
        await hongmi.createReward({ merchantId, code, body });
        return '-';
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        const found = error.problem.errors as readonly Found[];
        return found.map(({ path, code: wrong }) => `${path.split('/').at(-1)} ${wrong}`).join(' ');
      }
    },
    async redeem(memberId, merchantId, code, choice = {}) {
      const { option = 0, quantity = 1, store, ...particulars } = choice;
      const { rewardId, body: terms, options } = await offer(memberId, merchantId, code);
      const shown = options.find((each) => each.option === option);
      if (shown === undefined) throw new Error(`${code} cannot be paid in that way`);
      const price = shown.points
        .filter(({ points }) => points > 0)
        .map(({ pointType, points }) => ({ pointType, points: points * quantity }));
      const here = store ?? terms.stores.find((each) => each.merchant === merchantId)?.stores?.[0];
      const where = here === undefined ? { merchantId } : { merchantId, store: here };
      const told = { memberId, rewardId, ...where, option, quantity, ...particulars };
      // What costs no points has no price to agree on.
      const body = price.length === 0 ? told : { ...told, price };
      return hongmi.redeem(body);
    },
    async offset(memberId, merchantId, code, billFen) {
      const { rewardId } = await offer(memberId, merchantId, code);
      bills += 1;
      const billNo = `offset-${bills}`;
      const { units, offFen } = await hongmi.quoteBill({
        id: rewardId,
        memberId,
        merchantId,
        billNo,
        billFen,
      });
      const particulars = { kind: 'bill' as const, billNo, billFen };
      const { price } = await hongmi.redeem({
        memberId,
        merchantId,
        rewardId,
        quantity: units,
        particulars,
      });
      return { offFen, points: price[0]?.points ?? 0 };
    },
    async attempt(memberId, merchantId, code, option) {
      const { rewardId } = await offer(memberId, merchantId, code);
      try {
        return (await hongmi.redeem({ memberId, rewardId, merchantId, option })).state;
      } catch (error) {
        if (error instanceof ProblemError) return error.problem.code;
        throw error;
      }
    },
    async use({ merchantId, store, vouchers }, billFen = 0) {
      const [voucher] = vouchers;
      if (voucher?.code === undefined) throw new Error('nothing was handed out');
      bills += 1;
      const told = { code: voucher.code, merchantId, useNo: `bill-${bills}`, billFen };
      const body = store === null ? told : { ...told, store };
      return hongmi.useVoucher(body);
    },
    async callOff({ id = '' }) {
      await hongmi.cancelBySupplier({ id, reason: 'event_cancelled', actor: '演示' });
    },
    async owed(issuerId, redeemerId) {
      let points = 0;
      for (const { price } of await redeemedAt(redeemerId)) {
        for (const { transactionId: id = '' } of price) {
          const { transaction } = await hongmi.getTransaction({ id });
          for (const take of transaction.takes ?? [])
            if ((await issuerOf(take.lotId)) === issuerId) points += take.points;
        }
      }
      return points;
    },
  };
}

/** What a booking of a slot, or of a night, says. */
export function booked(day: string, slot: string | { readonly until: string }): Choice {
  const when = typeof slot === 'string' ? { slot } : slot;
  return { particulars: { kind: 'booking', day, ...when } };
}

/** What the best price of an offer saves and brings, as it is shown: `16.7 %` and `20.0 %`; without a promotion both are `-`. */
export function claimOf({ options: [first] }: Schemas['RewardOffer']): {
  readonly discount: string;
  readonly uplift: string;
} {
  const { discount, uplift } = first?.promotion ?? {};
  const percent = (told: Schemas['ExactFraction'] | undefined): string =>
    told === undefined ? '-' : `${told.percent} %`;
  return { discount: percent(discount), uplift: percent(uplift) };
}

/** What the first way to pay costs in points. */
export function pointsOf({ options: [first] }: Schemas['RewardOffer']): number {
  return first?.points.reduce((sum, { points }) => sum + points, 0) ?? 0;
}

/** What a point is worth in yuan, of a price in points alone. */
export function yuanAPoint(offer: Schemas['RewardOffer']): number {
  return offer.body.cashValueFen / pointsOf(offer) / 100;
}
