import { effectiveTime } from '../kernel/effective-time.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Answer } from '../ledger/transaction.ts';
import { createLane } from '../platform/lane.ts';
import type { Asking } from '../platform/web/caller.ts';
import { problem } from '../platform/web/problem.ts';
import { DEFAULT_POINT_TYPE, pointTypeOf } from '../programs/programme.ts';
import { createWaitingReturns } from './apply-waiting.ts';
import { earnCommands, earnsOf } from './earns.ts';
import {
  clawBackCommands,
  fingerprintOfReturn,
  type GoodsReturn,
  type Granted,
  lostBy,
  type ReturnTold,
} from './goods-return.ts';
import { makeCandidates } from './make-candidates.ts';
import type { Order } from './order.ts';
import type { OrderDeps } from './place-orders.ts';
import { createRerating } from './rates.ts';
import {
  type RecordedReturn,
  type RecordingReturns,
  type ReturnCandidate,
  recordReturns,
} from './record-returns.ts';
import { type ClawBacks, grantedBy, readGranted } from './settling.ts';
import { readUnsettledOrders } from './store.ts';

export interface ReturnRequest extends Asking {
  readonly told: ReturnTold;
}

/** A return and what the ledger said to each order that lost points; of one that waits, nothing yet. */
export type Returned =
  | { readonly returned: GoodsReturn; readonly clawBacks: ClawBacks; readonly replayed: boolean }
  | { readonly refusal: Refusal };

export interface ReturnGoods {
  /** Takes goods back and claws back what their orders are worth less. Returns that come at the same time are recorded together. */
  one(request: ReturnRequest): Promise<Returned>;
  /** The same for many, one after another; answered in order. */
  many(requests: readonly ReturnRequest[]): Promise<Returned[]>;
}

export function createReturnGoods(deps: OrderDeps): ReturnGoods {
  const { settling } = deps;
  const waiting = createWaitingReturns({ ...recordingOf(deps), settling });
  // Recording takes six statements however many returns there are.
  const recording = createLane<ReturnCandidate, RecordedReturn>({
    run: (batch) => recordReturns(recordingOf(deps), batch, false),
    maxBatch: 64,
    maxQueue: 4096,
  });

  async function settle(recorded: readonly RecordedReturn[]): Promise<Returned[]> {
    const found = recorded.flatMap((each) => ('returned' in each ? [each.returned] : []));
    // An order may have been recorded since its return did not find it, by somebody who did not see the return either.
    const returns = await waiting.applyAll(found);
    const clawBacks = (await settling.returns(returns)).values();
    const now = returns.values();
    return recorded.map((each): Returned => {
      if ('refusal' in each) return each;
      const returned = now.next().value as GoodsReturn;
      const own = clawBacks.next().value as ClawBacks;
      const refusal = refusalOf(returned);
      return refusal === null ? { returned, clawBacks: own, replayed: each.known } : { refusal };
    });
  }

  return {
    async one(request) {
      const [candidate] = await candidatesOf(deps, [request]);
      if (candidate === undefined) throw new Error('every request has a candidate');
      if (!isCandidate(candidate)) return { refusal: candidate };
      const [returned] = await settle([await recording.push(candidate)]);
      return returned as Returned;
    },
    many: async (requests) => settle(await decide(deps, requests, false)),
  };
}

/** Why a return came to nothing after it had waited; null: it did not, or not yet. */
function refusalOf({ id, state, refusal }: GoodsReturn): Refusal | null {
  const facts = { returnId: showId('return', id) };
  if (state === 'withdrawn') return problem('return_withdrawn', undefined, facts);
  return refusal === null ? null : { ...refusal, facts: { ...refusal.facts, ...facts } };
}

/** What returning these would answer, in order, without changing anything. */
export async function previewReturns(
  deps: OrderDeps,
  requests: readonly ReturnRequest[],
): Promise<Returned[]> {
  const recorded = await decide(deps, requests, true);
  const lost = recorded.flatMap((each) => ('returned' in each ? lostBy(each.returned) : []));
  const open = await readUnsettledOrders(deps.pool, [...new Set(lost.map(({ order }) => order))]);
  const earns = open.flatMap(earnCommands);
  const limited = lost.filter(({ limits }) => limits.length > 0).map(({ earn }) => earn);
  const granted = limited.length === 0 ? new Map() : await previewGranted(deps, open, limited);
  const commands = recorded.map((each) =>
    'returned' in each ? clawBackCommands(each.returned, granted) : [],
  );
  const answers = await deps.ledger.preview([...earns, ...commands.flat()]);
  const clawedBack = answers.slice(earns.length).values();
  return recorded.map((each, index): Returned => {
    if ('refusal' in each) return each;
    const refusal = refusalOf(each.returned);
    if (refusal !== null) return { refusal };
    const own = (commands[index] ?? []).map(
      ({ earn }) => [earn, clawedBack.next().value as Answer] as const,
    );
    const clawBacks = { answers: new Map(own), granted };
    return { returned: each.returned, clawBacks, replayed: each.known };
  });
}

/** What was granted of these earns, or would be: some of them are of orders that the ledger has not got yet. */
async function previewGranted(
  { pool, ledger }: OrderDeps,
  open: readonly Order[],
  limited: readonly Uuid[],
): Promise<Granted> {
  const commands = open.flatMap(earnCommands);
  const answers = await ledger.preview(commands);
  const waiting = new Map(
    open.flatMap(earnsOf).map(({ earn }, index) => {
      const transaction = answers[index]?.transaction ?? null;
      return [earn, transaction === null ? 0 : grantedBy(transaction)];
    }),
  );
  const settled = await readGranted(
    pool,
    limited.filter((earn) => !waiting.has(earn)),
  );
  return new Map([...waiting, ...settled]);
}

function recordingOf(deps: OrderDeps): RecordingReturns {
  const { pool, clock } = deps;
  return { pool, clock, createRerating: () => createRerating(deps) };
}

async function decide(
  deps: OrderDeps,
  requests: readonly ReturnRequest[],
  dryRun: boolean,
): Promise<RecordedReturn[]> {
  const candidates = await candidatesOf(deps, requests);
  const good = candidates.filter(isCandidate);
  const recorded = good.length === 0 ? [] : await recordReturns(recordingOf(deps), good, dryRun);
  let at = 0;
  return candidates.map((each): RecordedReturn => {
    if (!isCandidate(each)) return { refusal: each };
    at += 1;
    return recorded[at - 1] as RecordedReturn;
  });
}

function isCandidate(each: ReturnCandidate | Refusal): each is ReturnCandidate {
  return 'draft' in each;
}

function candidatesOf(
  deps: OrderDeps,
  requests: readonly ReturnRequest[],
): Promise<(ReturnCandidate | Refusal)[]> {
  return makeCandidates(
    deps,
    requests,
    (request, merchant) => candidateOf(deps, request, merchant.programme),
    // An order that is named can be returned whoever its member is now.
    (request) => request.told.order !== null || request.told.orderNo !== null,
  );
}

function candidateOf(
  { ledger, programmes }: OrderDeps,
  request: ReturnRequest,
  programmeId: number,
): ReturnCandidate | Refusal {
  const { told, requestKey, mayBackdate } = request;
  const programme = programmes.byId(programmeId);
  const pointType =
    programme === undefined ? undefined : pointTypeOf(programme, DEFAULT_POINT_TYPE);
  if (programme === undefined || pointType === undefined) return problem('point_type_not_found');
  const now = programmes.programmeClock(programmeId);
  const returnedAt = told.returnedAt ?? now;
  const time = effectiveTime(returnedAt, now, mayBackdate);
  const draft = {
    ...told,
    returnedAt,
    id: ledger.newId(told.member),
    programme: programmeId,
    pointType: pointType.id,
    effectiveAt: 'code' in time ? null : time.effectiveAt,
    policy: programme.returnPolicy,
    requestKey,
    fingerprint: fingerprintOfReturn(told),
  };
  return { told, draft, refusal: 'code' in time ? time : null };
}
