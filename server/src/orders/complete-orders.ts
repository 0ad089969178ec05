import { showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { Sql } from '../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import type { Asking } from '../platform/web/caller.ts';
import { problem } from '../platform/web/problem.ts';
import {
  type Completion,
  type CompletionTold,
  fingerprintOfCompletion,
  releaseCommands,
  timesOf,
  waitingAwards,
} from './completion.ts';
import { findCompletions, insertCompletions, readCompletions } from './completion-store.ts';
import { earnCommands } from './earns.ts';
import type { Order } from './order.ts';
import type { OrderDeps } from './place-orders.ts';
import { readOrders, readUnsettledOrders } from './store.ts';

export type CompletionDeps = Pick<
  OrderDeps,
  'pool' | 'clock' | 'ledger' | 'programmes' | 'settling'
>;

export interface CompletionRequest extends Asking {
  readonly told: CompletionTold;
}

/** A completion, and what the ledger said to each award that waited for it. */
export type Completed =
  | {
      readonly order: Order;
      readonly completion: Completion;
      /** By earn. */
      readonly releases: ReadonlyMap<Uuid, Answer>;
      readonly replayed: boolean;
    }
  | { readonly refusal: Refusal };

interface Recorded {
  readonly order: Order;
  readonly completion: Completion;
  readonly replayed: boolean;
}

/** Records that orders are completed and lets what waited for it be spent; answered in order. */
export async function completeOrders(
  deps: CompletionDeps,
  requests: readonly CompletionRequest[],
): Promise<Completed[]> {
  const { pool, clock } = deps;
  const drafts = requests.map((request) => draftOf(deps, request));
  const before = await findCompletions(pool, askedOf(requests));
  const fresh = drafts.filter(
    (draft, index) => !('code' in draft) && takenBy(before, requests[index]) === null,
  ) as Completion[];
  if (fresh.length > 0) {
    const orders = new Map(requests.map(({ told }) => [told.order.id, told.order]));
    const isAwaited = ({ order }: Completion): boolean =>
      waitingAwards(orders.get(order) as Order).length > 0;
    const made = fresh.map((each) => ({ ...each, isAwaited: isAwaited(each) }));
    await insertCompletions(pool, made, clock.now());
  }
  // Of two that race for one order, or of one request twice, the first was recorded.
  const now = fresh.length === 0 ? before : await findCompletions(pool, askedOf(requests));
  return settle(deps, decide(requests, drafts, now));
}

/** What completing these would answer, in order, without changing anything. */
export async function previewCompletions(
  deps: CompletionDeps,
  requests: readonly CompletionRequest[],
): Promise<Completed[]> {
  const { pool, ledger } = deps;
  const drafts = requests.map((request) => draftOf(deps, request));
  const before = await findCompletions(pool, askedOf(requests));
  const recorded: (Recorded | Refusal)[] = [];
  const known = [...before];
  for (const [index, request] of requests.entries()) {
    const draft = drafts[index] as Completion | Refusal;
    if (!('code' in draft) && takenBy(known, request) === null) known.push(draft);
    recorded.push(...decide([request], [draft], known));
  }
  const good = recorded.filter(isRecorded);
  const open = await readUnsettledOrders(pool, [...new Set(good.map(({ order }) => order.id))]);
  const earns = open.flatMap(earnCommands);
  const releases = good.map(({ completion, order }) => releaseCommands(completion, order));
  const answers = await ledger.preview([...earns, ...releases.flat()]);
  return withReleases(recorded, releases, answers.slice(earns.length));
}

/** Completions that a crash left behind. */
export function completionsLeft(deps: CompletionDeps): Leftovers<Waiting> {
  const { pool } = deps;
  return unsettledOf(pool, UNSETTLED.completion, async (ids) => {
    const completions = await readCompletions(pool, ids);
    const orders = await readOrders(
      pool,
      completions.map(({ order }) => order),
    );
    const byId = new Map(orders.map((order) => [order.id, order]));
    await settle(
      deps,
      completions.map((completion) => ({
        completion,
        order: byId.get(completion.order) as Order,
        replayed: true,
      })),
    );
    return ids.length;
  });
}

/** When an order was completed; null: it is not, or nobody has said so. */
export async function findCompletion(sql: Sql, order: Uuid): Promise<Completion | null> {
  return (await findCompletions(sql, [{ order }]))[0] ?? null;
}

function askedOf(requests: readonly CompletionRequest[]) {
  return requests.map(({ told, requestKey }) => ({ order: told.order.id, requestKey }));
}

function draftOf(
  { ledger, programmes }: CompletionDeps,
  { told, requestKey, mayBackdate }: CompletionRequest,
): Completion | Refusal {
  const { order } = told;
  const times = timesOf(told, programmes.programmeClock(order.programme), mayBackdate);
  if ('code' in times) return times;
  const fingerprint = fingerprintOfCompletion(told);
  return { id: ledger.newId(order.member), order: order.id, ...times, requestKey, fingerprint };
}

/** What was recorded under the request's key, or else of its order. */
function takenBy(
  found: readonly Completion[],
  request: CompletionRequest | undefined,
): Completion | null {
  const keyed = found.find(({ requestKey }) => requestKey === request?.requestKey);
  return keyed ?? found.find(({ order }) => order === request?.told.order.id) ?? null;
}

/** What each request is answered by what was recorded; a draft that is among it is new. */
function decide(
  requests: readonly CompletionRequest[],
  drafts: readonly (Completion | Refusal)[],
  found: readonly Completion[],
): (Recorded | Refusal)[] {
  return requests.map((request, index) => {
    const draft = drafts[index] as Completion | Refusal;
    const taken = takenBy(found, request);
    if (taken === null) {
      if ('code' in draft) return draft;
      throw new Error(`the completion of order ${draft.order} was not recorded`);
    }
    const { order } = request.told;
    if (taken.fingerprint.equals(fingerprintOfCompletion(request.told)))
      return { order, completion: taken, replayed: 'code' in draft || taken.id !== draft.id };
    return taken.requestKey === request.requestKey
      ? problem('idempotency_key_reused')
      : problem('order_completed', 'the order was completed at another time', {
          orderId: showId('order', order.id),
          completedAt: showInstant(taken.completedAt),
        });
  });
}

function isRecorded(each: Recorded | Refusal): each is Recorded {
  return 'completion' in each;
}

/** Brings completions into the ledger. It can be repeated: the ledger knows each command by its key. */
async function settle(
  { pool, ledger, settling }: CompletionDeps,
  recorded: readonly (Recorded | Refusal)[],
): Promise<Completed[]> {
  const good = recorded.filter(isRecorded);
  const awaited = good.filter(({ order }) => waitingAwards(order).length > 0);
  if (awaited.length === 0)
    return withReleases(
      recorded,
      good.map(() => []),
      [],
    );
  // What waits must be there before it can be released.
  const open = await readUnsettledOrders(pool, [...new Set(awaited.map(({ order }) => order.id))]);
  if (open.length > 0) await settling.orders(open.map((order) => ({ order, known: true })));
  const releases = good.map(({ completion, order }) => releaseCommands(completion, order));
  const answers = await ledger.submitAll(releases.flat());
  await markSettled(
    pool,
    awaited.map(({ completion }) => completion.id),
  );
  return withReleases(recorded, releases, answers);
}

function withReleases(
  recorded: readonly (Recorded | Refusal)[],
  releases: readonly (readonly { readonly earn: Uuid }[])[],
  answers: readonly Answer[],
): Completed[] {
  const answered = answers.values();
  const own = releases.values();
  return recorded.map((each): Completed => {
    if (!isRecorded(each)) return { refusal: each };
    const told = (own.next().value ?? []).map(
      ({ earn }) => [earn, answered.next().value as Answer] as const,
    );
    return { ...each, releases: new Map(told) };
  });
}
