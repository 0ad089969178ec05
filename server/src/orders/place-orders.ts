import type { Clock } from '../kernel/clock.ts';
import { effectiveTime } from '../kernel/effective-time.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { answerOf, readTransactions } from '../ledger/read.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { Members } from '../members/registry.ts';
import { type Merchant, ratioAt } from '../merchants/merchant.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Pool, Sql } from '../platform/database.ts';
import { createGate, createLane } from '../platform/lane.ts';
import type { Sealer } from '../platform/seal.ts';
import type { Asking } from '../platform/web/caller.ts';
import { problem } from '../platform/web/problem.ts';
import { DEFAULT_POINT_TYPE, lastingOf, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { createWaitingReturns } from './apply-waiting.ts';
import type { OrderAward } from './award.ts';
import type { BackingDeps } from './back-lines.ts';
import type { Candidate } from './candidate.ts';
import { concernOf } from './concern.ts';
import { earnCommands, earnsOf } from './earns.ts';
import { makeCandidates } from './make-candidates.ts';
import type { FactsOf } from './occasion.ts';
import { fingerprintOfOrder, netOf, type Order, type OrderTold, worthOf } from './order.ts';
import { rateOrders } from './rate-orders.ts';
import { createRerating, type OrderRules } from './rates.ts';
import { findRecorded, numberKey, type Recorded, recordOrders } from './record-orders.ts';
import type { EarnAnswers, Settling } from './settling.ts';

const NO_AWARDS: readonly OrderAward[] = [];

export interface OrderDeps extends BackingDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  readonly members: Members;
  readonly settling: Settling;
  readonly rules: OrderRules;
  readonly factsOf: FactsOf;
  readonly sealer: Sealer;
}

export interface OrderRequest extends Asking {
  readonly told: OrderTold;
}

/** An order and what the ledger said to its earns. */
export type Placed =
  | { readonly order: Order; readonly earns: EarnAnswers; readonly replayed: boolean }
  | { readonly refusal: Refusal };

/** A recorded order, and its place among those that are settled with it. */
interface Settled {
  readonly each: Recorded;
  readonly placed: Promise<readonly Placed[]>;
  readonly place: number;
}

/** What placing an order would answer. */
export interface OrderPreviewed {
  /** It is recorded already. */
  readonly replayed: boolean;
  readonly order: Order;
  /** What the ledger would say, or said. */
  readonly earns: EarnAnswers;
}

export interface PlaceOrders {
  /** Records one order and issues its points. Orders that come at the same time are recorded together. */
  one(request: OrderRequest): Promise<Placed>;
  /** Independent orders, recorded in one statement; answered in order. */
  many(requests: readonly OrderRequest[]): Promise<Placed[]>;
  /** What placing these would answer, in order, without changing anything. */
  preview(
    requests: readonly OrderRequest[],
  ): Promise<(OrderPreviewed | { readonly refusal: Refusal })[]>;
}

export function createPlaceOrders(deps: OrderDeps): PlaceOrders {
  const { pool, clock, settling } = deps;
  const waiting = createWaitingReturns({
    ...{ pool, clock, settling },
    createRerating: () => createRerating(deps),
  });
  const record = (batch: readonly Candidate[]): Promise<Recorded[]> => rateAndRecord(deps, batch);
  // Two under way keep everything busy; meanwhile all others gather for the next, which is the larger for it.
  const batches = createGate(2);
  const recording = createLane<Candidate, Settled>({
    async run(batch) {
      try {
        const recorded = await record(batch);
        const placed = settle(recorded);
        void placed.catch(() => undefined).then(batches.leave);
        return recorded.map((each, place) => ({ each, placed, place }));
      } catch (error) {
        batches.leave();
        throw error;
      }
    },
    // It is recorded when it leaves the lane, and under way until it is settled.
    gate: { enter: batches.enter, leave() {} },
    maxBatch: 128,
    maxQueue: 8192,
  });

  async function settle(recorded: readonly Recorded[]): Promise<Placed[]> {
    const orders = recorded.filter((each) => 'order' in each);
    const awaited = orders.flatMap((each) => (each.awaited ? [each.order] : []));
    // Of such an order nothing is counted that has come back already.
    const returns = await waiting.applyTo(awaited);
    const settleable = orders.map(({ order, known, awaited: isAwaited }) => ({
      order,
      known: known || isAwaited,
    }));
    const answers = (await settling.orders(settleable)).values();
    if (returns.length > 0) await settling.returns(returns);
    return recorded.map((each): Placed => {
      if ('refusal' in each) return each;
      const earns = answers.next().value ?? [];
      return { order: each.order, earns, replayed: each.known };
    });
  }

  return {
    async one(request) {
      const [candidate] = await candidatesOf(deps, [request]);
      if (candidate === undefined) throw new Error('every request has a candidate');
      if (!isCandidate(candidate)) return { refusal: candidate };
      const { each, placed, place } = await recording.push(candidate);
      try {
        return (await placed)[place] as Placed;
      } catch {
        // Where one shard does not answer, only its orders fail: of the others the ledger knows what it has got.
        const [alone] = await settle([each]);
        return alone as Placed;
      }
    },
    async many(requests) {
      const candidates = await candidatesOf(deps, requests);
      const good = candidates.filter(isCandidate);
      const placed = await settle(good.length === 0 ? [] : await record(good));
      let at = 0;
      return candidates.map((each) => {
        if (!isCandidate(each)) return { refusal: each };
        at += 1;
        return placed[at - 1] as Placed;
      });
    },
    preview: (requests) => previewOrders(deps, requests),
  };
}

/** A certificate is looked up again when it is revoked before its order is recorded; then there is another one, or none. So is what its receipt paid. */
const LOOKUPS_MAX = 5;

async function rateAndRecord(deps: OrderDeps, batch: readonly Candidate[]): Promise<Recorded[]> {
  const done = await recordOrders(deps, await rateOrders(deps, batch));
  for (let lookups = 1; lookups < LOOKUPS_MAX && done.includes(null); lookups += 1) {
    const places = done.flatMap((each, place) => (each === null ? [place] : []));
    const rest = places.map((place) => batch[place] as Candidate);
    const again = await recordOrders(deps, await rateOrders(deps, rest));
    for (const [index, place] of places.entries()) done[place] = again[index] ?? null;
  }
  return done.map((each) => {
    if (each === null) throw new Error('certificates are revoked faster than they are looked up');
    return each;
  });
}

async function previewOrders(
  deps: OrderDeps,
  requests: readonly OrderRequest[],
): Promise<(OrderPreviewed | { readonly refusal: Refusal })[]> {
  const candidates = await candidatesOf(deps, requests);
  const good = await rateOrders(deps, candidates.filter(isCandidate));
  const found = await findRecorded(deps.pool, good);
  // Within one request the second order of a number would meet the first.
  const firsts = new Map<string, Candidate>();
  for (const [index, candidate] of good.entries()) {
    const key = numberKey(candidate.order);
    if ((found[index] ?? null) === null && !firsts.has(key)) firsts.set(key, candidate);
  }
  const fresh = [...firsts.values()].map(({ order }) => order);
  const commands = fresh.map(earnCommands);
  const answers = (await deps.ledger.preview(commands.flat())).values();
  const earns = new Map(
    fresh.map((order, index) => [
      order,
      (commands[index] ?? []).map(() => answers.next().value as Answer),
    ]),
  );
  let at = 0;
  const previewed = candidates.map((each) => {
    if (!isCandidate(each)) return { refusal: each };
    at += 1;
    const known = found[at - 1] ?? null;
    if (known !== null && 'refusal' in known) return known;
    const { order } = good[at - 1] as Candidate;
    if (known !== null) return { replayed: true, order: known.order, earns: [] };
    const first = firsts.get(numberKey(order))?.order ?? order;
    return { replayed: first !== order, order: first, earns: earns.get(first) ?? [] };
  });
  return Promise.all(
    previewed.map(async (each) =>
      'refusal' in each || each.earns.length > 0
        ? each
        : { ...each, earns: await readEarns(deps.pool, each.order) },
    ),
  );
}

/** What the ledger said to an order's earns, in the order of `earnsOf`; null to those it has not got yet. */
export async function readEarns(sql: Sql, order: Order): Promise<EarnAnswers> {
  const [earns = []] = await readEarnsOf(sql, [order]);
  return earns;
}

/** The same of many orders, in their order. */
export async function readEarnsOf(sql: Sql, orders: readonly Order[]): Promise<EarnAnswers[]> {
  const asked = orders.map((order) => earnsOf(order).map(({ earn }) => earn));
  const ids = asked.flat();
  const found = ids.length === 0 ? new Map<never, never>() : await readTransactions(sql, ids);
  return asked.map((earns) =>
    earns.map((id) => {
      const recorded = found.get(id);
      return recorded === undefined ? null : answerOf(recorded);
    }),
  );
}

function isCandidate(each: Candidate | Refusal): each is Candidate {
  return 'order' in each;
}

/** Checks what requests name and works out what their orders are worth by their merchants' ratios. */
async function candidatesOf(
  deps: OrderDeps,
  requests: readonly OrderRequest[],
): Promise<(Candidate | Refusal)[]> {
  const candidates = await makeCandidates(deps, requests, (request, merchant) =>
    candidateOf(deps, request, merchant),
  );
  for (const [index, each] of candidates.entries()) {
    if (!isCandidate(each) || each.order.store === null) continue;
    const found = deps.merchants.findStore(each.order.merchant, each.order.store);
    const store = found instanceof Promise ? await found : found;
    if (store === undefined)
      candidates[index] = { ...each, refusal: each.refusal ?? problem('store_not_found') };
  }
  return candidates;
}

function candidateOf(
  { ledger, programmes, rules }: OrderDeps,
  { told, requestKey, mayBackdate }: OrderRequest,
  merchant: Merchant,
): Candidate | Refusal {
  const now = programmes.programmeClock(merchant.programme);
  // What was promised when the member paid counts; what is in force later may change yet.
  const at = Math.min(told.paidAt, now);
  const programme = programmes.byId(merchant.programme, at);
  const pointType =
    programme === undefined ? undefined : pointTypeOf(programme, DEFAULT_POINT_TYPE);
  if (programme === undefined || pointType === undefined) return problem('point_type_not_found');
  if (new Set(told.lines.map((line) => line.lineNo)).size < told.lines.length) {
    return refusal('line_no_repeated', 'every line of an order has its own lineNo');
  }
  const netFen = netOf(told.lines);
  if (netFen === undefined)
    return refusal('amount_out_of_range', 'the lines add up to more than a number can show');
  const time = effectiveTime(told.paidAt, now, mayBackdate);
  const ratio = ratioAt(merchant, at);
  const worth = worthOf(ratio, netFen);
  if ('code' in worth) return worth;
  const book = rules.bookAt(merchant.programme, at);
  // Whoever is refused for another reason never waits for it.
  if (book instanceof Promise) book.catch(() => {});
  const isRuled = book instanceof Promise || concernOf(book, at, merchant.id) !== 'none';
  // Written out: spreading what was told made this the dearest step of a bulk request.
  const order = {
    merchant: told.merchant,
    member: told.member,
    orderNo: told.orderNo,
    paidAt: told.paidAt,
    source: told.source,
    store: told.store,
    channel: told.channel,
    tenders: told.tenders,
    lines: told.lines,
    id: ledger.newId(told.member),
    programme: merchant.programme,
    pointType: pointType.id,
    effectiveAt: 'code' in time ? null : time.effectiveAt,
    ratio,
    netFen,
    pointsEarned: worth.points,
    ...lastingOf(programme, pointType.id, at),
    awards: NO_AWARDS,
    noPointsReason: worth.noPointsReason,
    dueFen: netFen,
    pointsDue: worth.points,
    occasion: null,
    requestKey,
    fingerprint: fingerprintOfOrder(told),
  };
  return {
    order,
    refusal: 'code' in time ? time : null,
    unrated: isRuled ? { book, at, merchantCategory: merchant.category } : null,
  };
}
