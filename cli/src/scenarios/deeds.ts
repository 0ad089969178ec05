import type { components, Hongmi, Output } from '@hongmi/sdk';
import type { Calendar, Span } from './calendar.ts';

type Schemas = components['schemas'];

/** Goods of an order: one line. */
export interface Goods {
  readonly sku: string;
  readonly category?: string;
  readonly greenCertificate?: string;
  /** 1 if absent. */
  readonly quantity?: number;
  readonly amountFen: number;
}

/** Where and how it was sold. */
export type Circumstances = Pick<Schemas['NewOrder'], 'store' | 'channel' | 'tenders'>;
/** What an activity says besides who, where and when. */
type Deed = Pick<Schemas['NewActivity'], 'kind' | 'store' | 'evidence' | 'attributes'>;
/** Points by hand; of the usual type if it is absent. */
interface Points {
  readonly points: number;
  readonly pointType?: string;
}

/** What can happen in a town; each is one request. */
export interface Deeds {
  /** The date so many days from now, `2027-06-01`. */
  date(later: number): string;
  /** Lets time pass. */
  pass(span: Span): Promise<void>;
  /** A merchant that no pack is for joins; a point per yuan. */
  open(name: string, category: string): Promise<string>;
  /** Somebody registers at a merchant. */
  register(merchantId: string): Promise<string>;
  /** A member buys, and gets what that earns. */
  sell(
    merchantId: string,
    memberId: string,
    goods: readonly Goods[],
    how?: Circumstances,
  ): Promise<Schemas['Order']>;
  /** So many of the first line of an order come back. */
  takeBack(order: Schemas['Order'], quantity: number): Promise<Schemas['Return']>;
  /** A member did something else than buying. */
  tell(merchantId: string, memberId: string, deed: Deed): Promise<Schemas['Activity']>;
  /** A body that certifies lets a merchant issue green points for some behaviours or goods, for some days. */
  certify(merchantId: string, scope: string[], number?: string): Promise<void>;
  /** Takes points without a reward; answers the transaction's id. */
  spend(merchantId: string, memberId: string, spent: Points): Promise<string>;
  /** The operator adds points of another type, and publishes what so many of them come to in usual ones. */
  addPoints(
    type: { readonly code: string; readonly name: string },
    rate: { readonly num: number; readonly den: number },
  ): Promise<void>;
  /** A merchant gives points for nothing that was bought. */
  give(merchantId: string, memberId: string, given: Points): Promise<string>;
  /** A member turns points of another type into usual ones, at the published rate. */
  convert(memberId: string, converted: Required<Points>): Promise<string>;
  /** The operator makes a segment of the programme. */
  segment(code: string, zh: string, en: string): Promise<void>;
  /** A member agrees to personal offers, and is put into a segment. */
  joinSegment(memberId: string, code: string): Promise<void>;
  /** A member agrees to be known by a credit band, and a bureau names it. */
  joinBand(memberId: string, band: string): Promise<void>;
  /** A merchant puts a member into a higher tier of its own for some days. */
  giveTier(merchantId: string, memberId: string, tier: string): Promise<void>;
}

const DAYS = 300;

export function deedsOf(hongmi: Hongmi, programme: string, calendar: Calendar): Deeds {
  const now = (): string => calendar.now().toISOString();
  const later = (): string => new Date(calendar.now().getTime() + DAYS * 86_400_000).toISOString();
  let numbers = 0;
  const number = (): string => {
    numbers += 1;
    return `${programme}-${numbers}`;
  };

  return {
    date(later) {
      const day = new Date(calendar.now().getTime() + later * 86_400_000);
      return day.toISOString().slice(0, 'YYYY-MM-DD'.length);
    },
    async pass(span) {
      await hongmi.setProgrammeClock({ code: programme, now: calendar.pass(span).toISOString() });
    },
    async open(name, category) {
      const { id } = await hongmi.createMerchant({
        programme,
        name,
        category,
        earnRatio: { points: 1, perFen: 100 },
      });
      return id;
    },
    async register(merchantId) {
      const { id } = await hongmi.createMember({ programme, merchantId });
      return id;
    },
    async sell(merchantId, memberId, goods, how = {}) {
      const lines = goods.map((each, index) => ({ quantity: 1, ...each, lineNo: index + 1 }));
      return hongmi.createOrder({
        merchantId,
        memberId,
        orderNo: number(),
        paidAt: now(),
        lines,
        ...how,
      });
    },
    async takeBack({ id }, quantity) {
      return hongmi.returnOrder({
        id,
        returnNo: number(),
        returnedAt: now(),
        lines: [{ lineNo: 1, quantity }],
      });
    },
    async tell(merchantId, memberId, deed) {
      return hongmi.createActivity({
        merchantId,
        memberId,
        activityNo: number(),
        occurredAt: now(),
        ...deed,
      });
    },
    async certify(merchantId, scope, certificate = number()) {
      const times = { validFrom: now(), validUntil: later(), lastCheckedAt: now() };
      await hongmi.createCertificate({
        merchantId,
        number: certificate,
        issuingBody: '红米镇',
        scope,
        ...times,
      });
    },
    spend: (merchantId, memberId, spent) =>
      idOf(hongmi.createTransaction({ kind: 'burn', merchantId, memberId, ...spent })),
    async addPoints(type, rate) {
      await hongmi.addPointType({ programme, ...type });
      await hongmi.changeProgramme({
        code: programme,
        conversions: [{ from: type.code, to: 'points', ...rate }],
      });
    },
    give: (merchantId, memberId, given) =>
      idOf(hongmi.createTransaction({ kind: 'issue', merchantId, memberId, ...given })),
    convert: (memberId, converted) =>
      idOf(
        hongmi.createTransaction({
          kind: 'convert',
          memberId,
          programme,
          toPointType: 'points',
          ...converted,
        }),
      ),
    async segment(code, zh, en) {
      await hongmi.createSegment({ programme, code, zh, en });
    },
    async joinSegment(id, code) {
      await agreeTo(hongmi, id, 'personalised_offers');
      await hongmi.putIntoSegment({ id, code, programme });
    },
    async joinBand(id, band) {
      await agreeTo(hongmi, id, 'credit_band');
      await hongmi.setCreditBand({ id, band, from: now(), until: later(), source: '演示' });
    },
    async giveTier(merchantId, memberId, tier) {
      const until = later().slice(0, 'YYYY-MM-DD'.length);
      await hongmi.giveTier({
        id: memberId,
        merchantId,
        tier,
        until,
        reason: '演示',
        actor: '演示',
      });
    },
  };
}

/** A member consents to the notice in force; where nobody wrote one, there is one of the demonstration. */
async function agreeTo(
  hongmi: Hongmi,
  id: string,
  purpose: 'credit_band' | 'personalised_offers',
): Promise<void> {
  const { items } = await hongmi.listNotices({ purpose });
  const texts = { zh: ['演示：只用于多给优惠。'], en: ['Demonstration: used to give more only.'] };
  const { version } =
    items.findLast(({ inForce }) => inForce) ?? (await hongmi.createNotice({ purpose, ...texts }));
  await hongmi.giveConsent({ id, purpose, version, channel: 'app' });
}

async function idOf(moved: Promise<Output<'createTransaction'>>): Promise<string> {
  return (await moved).transaction.id;
}
