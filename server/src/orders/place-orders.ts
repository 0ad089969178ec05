import type { Clock } from '../kernel/clock.ts';
import { effectiveTime } from '../kernel/effective-time.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Members } from '../members/registry.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { problem } from '../platform/web/problem.ts';
import { DEFAULT_POINT_TYPE, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { makeCandidates } from './make-candidates.ts';
import {
  earnCommand,
  fingerprintOfOrder,
  netOf,
  type Order,
  type OrderTold,
  worthOf,
} from './order.ts';
import {
  type Candidate,
  findRecorded,
  numberKey,
  type Recorded,
  recordOrders,
} from './record-orders.ts';
import type { EarnAnswer, Settling } from './settling.ts';

export interface OrderDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  readonly members: Members;
  readonly settling: Settling;
}

export interface OrderRequest {
  readonly told: OrderTold;
  /** Tenant and Idempotency-Key. */
  readonly requestKey: string;
  readonly mayBackdate: boolean;
}

/** An order and what the ledger said to its earn. */
export type Placed =
  | { readonly order: Order; readonly earn: EarnAnswer; readonly replayed: boolean }
  | { readonly refusal: Refusal };

/** What placing an order would answer. */
export interface OrderPreviewed {
  /** It is recorded already. */
  readonly replayed: boolean;
  readonly netFen: number;
  readonly points: number;
  readonly noPointsReason: string | null;
  readonly balanceAfter: number | null;
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
  const recording = createLane<Candidate, Recorded>({
    run: (batch) => recordOrders(pool, clock, batch),
    maxBatch: 128,
    maxQueue: 8192,
  });

  async function settle(recorded: readonly Recorded[]): Promise<Placed[]> {
    const orders = recorded.flatMap((each) => ('order' in each ? [each.order] : []));
    const earns = await settling.orders(orders);
    let at = 0;
    return recorded.map((each): Placed => {
      if ('refusal' in each) return each;
      const earn = earns[at] ?? null;
      at += 1;
      return { order: each.order, earn, replayed: each.known };
    });
  }

  return {
    async one(request) {
      const [candidate] = await candidatesOf(deps, [request]);
      if (candidate === undefined) throw new Error('every request has a candidate');
      if (!isCandidate(candidate)) return { refusal: candidate };
      const [placed] = await settle([await recording.push(candidate)]);
      return placed as Placed;
    },
    async many(requests) {
      const candidates = await candidatesOf(deps, requests);
      const good = candidates.filter(isCandidate);
      const placed = await settle(good.length === 0 ? [] : await recordOrders(pool, clock, good));
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

async function previewOrders(
  deps: OrderDeps,
  requests: readonly OrderRequest[],
): Promise<(OrderPreviewed | { readonly refusal: Refusal })[]> {
  const candidates = await candidatesOf(deps, requests);
  const good = candidates.filter(isCandidate);
  const found = await findRecorded(deps.pool, good);
  const recorded = new Map(good.map((candidate, index) => [candidate, found[index] ?? null]));
  // Within one request the second order of a number would meet the first.
  const firsts = new Map<string, Candidate>();
  for (const [candidate, known] of recorded) {
    if (known === null && !firsts.has(numberKey(candidate.order)))
      firsts.set(numberKey(candidate.order), candidate);
  }
  const earning = [...firsts.values()].filter(({ order }) => order.pointsEarned > 0);
  const answers = await deps.ledger.preview(earning.map(({ order }) => earnCommand(order)));
  const earns = new Map(earning.map((candidate, index) => [candidate, answers[index]]));
  return candidates.map((each) => {
    if (!isCandidate(each)) return { refusal: each };
    const known = recorded.get(each) ?? null;
    if (known !== null && 'refusal' in known) return known;
    const first = firsts.get(numberKey(each.order));
    const replayed = known !== null || first !== each;
    const { netFen, pointsEarned, noPointsReason } = (known ?? first ?? each).order;
    const earn = replayed ? undefined : earns.get(each);
    if (earn === undefined)
      return { replayed, netFen, points: pointsEarned, noPointsReason, balanceAfter: null };
    if (earn.status === 'refused')
      return { replayed, netFen, points: 0, noPointsReason: earn.refusal.code, balanceAfter: null };
    const { points, balanceAfter } = earn.transaction;
    return { replayed, netFen, points, noPointsReason: null, balanceAfter };
  });
}

function isCandidate(each: Candidate | Refusal): each is Candidate {
  return 'order' in each;
}

/** Checks what requests name and works out what their orders are worth. */
function candidatesOf(
  deps: OrderDeps,
  requests: readonly OrderRequest[],
): Promise<(Candidate | Refusal)[]> {
  return makeCandidates(deps, requests, (request, merchant) =>
    candidateOf(deps, request, merchant),
  );
}

function candidateOf(
  { ledger, programmes }: OrderDeps,
  { told, requestKey, mayBackdate }: OrderRequest,
  merchant: { readonly programme: number; readonly earnRatio: Order['ratio'] },
): Candidate | Refusal {
  const programme = programmes.byId(merchant.programme);
  const pointType =
    programme === undefined ? undefined : pointTypeOf(programme, DEFAULT_POINT_TYPE);
  if (pointType === undefined) return problem('point_type_not_found');
  if (new Set(told.lines.map((line) => line.lineNo)).size < told.lines.length) {
    return refusal('line_no_repeated', 'every line of an order has its own lineNo');
  }
  const netFen = netOf(told.lines);
  if (netFen === undefined)
    return refusal('amount_out_of_range', 'the lines add up to more than a number can show');
  const worth = worthOf(merchant.earnRatio, netFen);
  if ('code' in worth) return worth;
  const time = effectiveTime(
    told.paidAt,
    programmes.programmeClock(merchant.programme),
    mayBackdate,
  );
  const order = {
    ...told,
    id: ledger.newId(told.member),
    programme: merchant.programme,
    pointType: pointType.id,
    effectiveAt: 'code' in time ? null : time.effectiveAt,
    ratio: merchant.earnRatio,
    netFen,
    pointsEarned: worth.points,
    noPointsReason: worth.noPointsReason,
    dueFen: netFen,
    pointsDue: worth.points,
    requestKey,
    fingerprint: fingerprintOfOrder(told),
  };
  return { order, refusal: 'code' in time ? time : null };
}
