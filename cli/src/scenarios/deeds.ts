import { answered, type components, type HongmiClient, once } from '@hongmi/sdk/by-path';
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

export function deedsOf(hongmi: HongmiClient, programme: string, calendar: Calendar): Deeds {
  const now = (): string => calendar.now().toISOString();
  const later = (): string => new Date(calendar.now().getTime() + DAYS * 86_400_000).toISOString();
  let numbers = 0;
  const number = (): string => {
    numbers += 1;
    return `${programme}-${numbers}`;
  };
  const write = () => ({ header: once() });
  const of = (id: string) => ({ path: { id }, ...write() });
  async function move(body: Schemas['NewTransaction']): Promise<string> {
    const params = write();
    const moved = done(await answered(hongmi.POST('/v1/transactions', { params, body })));
    return moved.transaction.id;
  }

  return {
    date(later) {
      const day = new Date(calendar.now().getTime() + later * 86_400_000);
      return day.toISOString().slice(0, 'YYYY-MM-DD'.length);
    },
    async pass(span) {
      const body = { now: calendar.pass(span).toISOString() };
      const params = { path: { code: programme }, ...write() };
      await answered(hongmi.PUT('/v1/programmes/{code}/clock', { params, body }));
    },
    async open(name, category) {
      const body = { programme, name, category, earnRatio: { points: 1, perFen: 100 } };
      const { id } = await answered(hongmi.POST('/v1/merchants', { params: write(), body }));
      return id;
    },
    async register(merchantId) {
      const body = { programme, merchantId };
      const { id } = await answered(hongmi.POST('/v1/members', { params: write(), body }));
      return id;
    },
    async sell(merchantId, memberId, goods, how = {}) {
      const lines = goods.map((each, index) => ({ quantity: 1, ...each, lineNo: index + 1 }));
      const body = { merchantId, memberId, orderNo: number(), paidAt: now(), lines, ...how };
      return done(await answered(hongmi.POST('/v1/orders', { params: write(), body })));
    },
    async takeBack({ id }, quantity) {
      const body = { returnNo: number(), returnedAt: now(), lines: [{ lineNo: 1, quantity }] };
      const params = of(id);
      return done(await answered(hongmi.POST('/v1/orders/{id}/returns', { params, body })));
    },
    async tell(merchantId, memberId, deed) {
      const body = { merchantId, memberId, activityNo: number(), occurredAt: now(), ...deed };
      return done(await answered(hongmi.POST('/v1/activities', { params: write(), body })));
    },
    async certify(merchantId, scope, certificate = number()) {
      const times = { validFrom: now(), validUntil: later(), lastCheckedAt: now() };
      const body = { merchantId, number: certificate, issuingBody: '红米镇', scope, ...times };
      await answered(hongmi.POST('/v1/certificates', { params: write(), body }));
    },
    spend: (merchantId, memberId, spent) => move({ kind: 'burn', merchantId, memberId, ...spent }),
    async addPoints(type, rate) {
      const params = { path: { programme }, ...write() };
      await answered(hongmi.POST('/v1/programmes/{programme}/point-types', { params, body: type }));
      const body = { conversions: [{ from: type.code, to: 'points', ...rate }] };
      const settings = { path: { code: programme }, ...write() };
      await answered(hongmi.PATCH('/v1/programmes/{code}', { params: settings, body }));
    },
    give: (merchantId, memberId, given) => move({ kind: 'issue', merchantId, memberId, ...given }),
    convert: (memberId, converted) =>
      move({ kind: 'convert', memberId, programme, toPointType: 'points', ...converted }),
    async segment(code, zh, en) {
      const body = { programme, code, zh, en };
      await answered(hongmi.POST('/v1/segments', { params: write(), body }));
    },
    async joinSegment(id, code) {
      await agreeTo(hongmi, id, 'personalised_offers');
      const params = { path: { id, code }, ...write() };
      const body = { programme };
      await answered(hongmi.PUT('/v1/members/{id}/segments/{code}', { params, body }));
    },
    async joinBand(id, band) {
      await agreeTo(hongmi, id, 'credit_band');
      const body = { band, from: now(), until: later(), source: '演示' };
      await answered(hongmi.PUT('/v1/members/{id}/credit-band', { params: of(id), body }));
    },
    async giveTier(merchantId, memberId, tier) {
      const until = later().slice(0, 'YYYY-MM-DD'.length);
      const body = { merchantId, tier, until, reason: '演示', actor: '演示' };
      await answered(hongmi.POST('/v1/members/{id}/tier', { params: of(memberId), body }));
    },
  };
}

/** A member consents to the notice in force; where nobody wrote one, there is one of the demonstration. */
async function agreeTo(
  hongmi: HongmiClient,
  id: string,
  purpose: 'credit_band' | 'personalised_offers',
): Promise<void> {
  const query = { purpose };
  const { items } = await answered(hongmi.GET('/v1/notices', { params: { query } }));
  const texts = { zh: ['演示：只用于多给优惠。'], en: ['Demonstration: used to give more only.'] };
  const { version } =
    items.findLast(({ inForce }) => inForce) ??
    (await answered(
      hongmi.POST('/v1/notices', { params: { header: once() }, body: { purpose, ...texts } }),
    ));
  const params = { path: { id, purpose }, header: once() };
  const body = { version, channel: 'app' as const };
  await answered(hongmi.PUT('/v1/members/{id}/consents/{purpose}', { params, body }));
}

/** What was done, where a request could also have asked what would be. */
function done<T extends object>(answer: T): Exclude<T, { dryRun: true }> {
  if ('dryRun' in answer) throw new Error('this was not to be tried only');
  return answer as Exclude<T, { dryRun: true }>;
}
