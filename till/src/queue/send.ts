import { type Hongmi, NoAnswerError, ProblemError } from '@hongmi/sdk';
import { pointsOfOrder, pointsOfReturn, times } from './amounts.ts';
import type { Act, Booked, Entry, Refused, Whom } from './entry.ts';
import type { Send, Sent, Shelf } from './send-waiting.ts';

export interface Sending {
  readonly api: Pick<
    Hongmi,
    | 'createOrder'
    | 'createReturn'
    | 'redeem'
    | 'returnBill'
    | 'returnOrder'
    | 'undoVoucherUse'
    | 'useVoucher'
    | 'voidBill'
  >;
  readonly find: Shelf['find'];
  /** The id of a member; throws as the API does, and {@link NotBooked}. */
  readonly lookUp: (whom: Whom, entry: Entry) => Promise<string>;
}

/** Something that will never be booked, though the API was not the one to say so. */
export class NotBooked extends Error {
  readonly why: Refused;
  constructor(code: string, title: string) {
    super(title);
    this.why = { code, title, facts: {} };
  }
}

/** What an entry waits for is not there yet. */
class NotYet extends Error {}

const NOTHING: Booked = { id: null, points: {}, fen: 0, reason: null, memberId: null };
const REASON = 'undone at the till';
const RETURN_REASON = 'goods came back';

/** Sends an entry as the write of the API that it is, under its key. */
export function createSend(sending: Sending): Send {
  return async (entry) => {
    try {
      return { kind: 'booked', booked: await book(sending, entry) };
    } catch (error) {
      return sentOf(error);
    }
  };
}

/** What an answer that is no success means for what waits. */
export function sentOf(error: unknown): Exclude<Sent, { readonly kind: 'booked' }> {
  if (error instanceof NotBooked) return { kind: 'refused', why: error.why };
  if (error instanceof NotYet) return { kind: 'later' };
  if (error instanceof NoAnswerError) return { kind: 'unreachable' };
  if (!(error instanceof ProblemError)) throw error;
  const { problem } = error;
  const { status, code } = problem;
  // A proxy speaks for a server that is away.
  if (code === 'unavailable' || status === 502 || status === 504) return { kind: 'unreachable' };
  if (status === 401 || code === 'second_factor_required') return { kind: 'signed_out' };
  // Not now (429, 503); or a fault of the server's, which somebody will mend: nothing is given up for it.
  if (status === 429 || status >= 500) return { kind: 'later' };
  return { kind: 'refused', why: refusedOf(problem) };
}

const SPOKEN = new Set(['type', 'status', 'detail', 'instance']);

export function refusedOf({ code, title, ...rest }: ProblemError['problem']): Refused {
  const facts = Object.entries(rest).filter(
    (each): each is [string, string | number] =>
      !SPOKEN.has(each[0]) && (typeof each[1] === 'number' || typeof each[1] === 'string'),
  );
  return { code, title, facts: Object.fromEntries(facts) };
}

type Booking<K extends Act['kind']> = (
  sending: Sending,
  entry: Entry,
  act: Extract<Act, { readonly kind: K }>,
) => Promise<Booked>;

function book(sending: Sending, entry: Entry): Promise<Booked> {
  const { act } = entry;
  return (BOOKINGS[act.kind] as Booking<typeof act.kind>)(sending, entry, act as never);
}

const placeOf = ({ merchantId, store }: Entry) => ({
  merchantId,
  ...(store === null ? {} : { store }),
});
const once = ({ key }: Entry) => ({ idempotencyKey: key });
/** Only what was agreed without the platform is told with its time: else it asks what there is now. */
const whenOf = ({ isOffline, at }: Entry) => (isOffline ? { at } : {});

async function memberOf({ lookUp }: Sending, entry: Entry): Promise<string> {
  const { whom } = entry;
  if (whom === null) throw new Error('what is about a member says about whom');
  return 'memberId' in whom ? whom.memberId : lookUp(whom, entry);
}

const BOOKINGS: { readonly [K in Act['kind']]: Booking<K> } = {
  async earn(sending, entry, { orderNo, amountFen }) {
    const memberId = await memberOf(sending, entry);
    const lines = [{ lineNo: 1, sku: 'till', quantity: 1, amountFen }];
    const order = { memberId, orderNo, paidAt: entry.at, channel: 'till', lines };
    const done = await sending.api.createOrder({ ...placeOf(entry), ...order }, once(entry));
    const id = 'id' in done ? done.id : null;
    const points = pointsOfOrder(done);
    return { ...NOTHING, id, points, reason: done.noPointsReason ?? null, memberId };
  },
  async offset(sending, entry, { rewardId, units: quantity, billNo, billFen, offFen }) {
    const memberId = await memberOf(sending, entry);
    const particulars = { kind: 'bill' as const, billNo, billFen, ...whenOf(entry) };
    const asked = { memberId, rewardId, quantity, particulars };
    const done = await sending.api.redeem({ ...placeOf(entry), ...asked }, once(entry));
    const points = Object.fromEntries(done.price.map((each) => [each.pointType, -each.points]));
    return { ...NOTHING, id: done.id ?? null, points, fen: offFen, memberId };
  },
  async voucher({ api: { useVoucher: takeVoucher } }, entry, { code, useNo, billFen }) {
    const use = { code, useNo, billFen, ...whenOf(entry) };
    const { id, offFen } = await takeVoucher({ ...placeOf(entry), ...use }, once(entry));
    return { ...NOTHING, id, fen: offFen };
  },
  async return(sending, entry, { orderNo, returnNo, lines }) {
    const memberId = await memberOf(sending, entry);
    const { merchantId, at: returnedAt } = entry;
    const asked = { merchantId, memberId, orderNo, returnNo, returnedAt, lines: [...lines] };
    const done = await sending.api.createReturn(asked, once(entry));
    const id = 'id' in done ? done.id : null;
    return { ...NOTHING, id, points: pointsOfReturn(done), memberId };
  },
  async return_bill({ api }, entry, { redemptionId: id, returnNo, amountFen, unitPoints }) {
    const returnedFen = amountFen;
    const told = { id, returnNo, returnedFen, reason: RETURN_REASON, actor: entry.staff.name };
    const done = await api.returnBill(told, once(entry));
    const points = times(unitPoints, done.units);
    return { ...NOTHING, id: done.id ?? null, points, fen: done.cashFen };
  },
  async undo({ api, find }, entry, { of, what }) {
    const undone = await find(of);
    if (undone === undefined || undone.state === 'refused') return NOTHING;
    if (undone.state === 'waiting') throw new NotYet('what is to be undone was not told yet');
    const { id, points, memberId } = undone.booked;
    if (id === null) return NOTHING;
    const why = { id, reason: REASON, actor: entry.staff.name };
    if (what === 'offset') await api.voidBill(why, once(entry));
    else if (what === 'voucher') await api.undoVoucherUse(why, once(entry));
    else {
      const lines = [{ lineNo: 1, quantity: 1 }];
      const asked = { id, returnNo: entry.key, returnedAt: entry.at, lines };
      // Of a sale that goods came back of, only what was left of its points is taken.
      const done = await api.returnOrder(asked, once(entry));
      return { ...NOTHING, id, points: pointsOfReturn(done), memberId };
    }
    return { ...NOTHING, id, points: times(points, -1), memberId };
  },
};
