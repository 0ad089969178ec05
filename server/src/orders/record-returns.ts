import type { Clock } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { type Pool, type Transaction, withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { decideReturn } from './decide-return.ts';
import type { OpenLine } from './goods.ts';
import type { GoodsReturn, ReturnTold } from './goods-return.ts';
import { findNamedOrders } from './named-order.ts';
import { personalShelves } from './personal-shelves.ts';
import { type Rerating, RulesMissing } from './rates.ts';
import { findTakenReturns, insertReturns } from './return-store.ts';
import { lockShelves, readOpenLines, shelfKey } from './shelf-store.ts';

/** So long a return waits for its order; docs/api.md says so. */
const WAIT_MS = 30 * 24 * 3600_000;

/** A return ready to be decided. `refusal` tells why it may not be, unless it was recorded before. */
export interface ReturnCandidate {
  readonly told: ReturnTold;
  /** All that is known before the goods are looked at. */
  readonly draft: Omit<GoodsReturn, 'parts' | 'orders' | 'state' | 'waited' | 'refusal'>;
  readonly refusal: Refusal | null;
}

export type RecordedReturn =
  | { readonly returned: GoodsReturn; readonly known: boolean }
  | { readonly refusal: Refusal };

const UNIQUE_VIOLATION = '23505';
const ATTEMPTS_MAX = 4;

export interface RecordingReturns {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly createRerating: () => Rerating;
}

/**
 * Records returns one after another: each sees what those before it left. Members' goods are locked at
 * each merchant meanwhile, so no two returns ever match the same goods. One that names an order by a number that is not
 * there waits for it. With `dryRun` nothing is written.
 */
export function recordReturns(
  recording: RecordingReturns,
  candidates: readonly ReturnCandidate[],
  dryRun: boolean,
): Promise<RecordedReturn[]> {
  const { clock } = recording;
  return withRerating(recording, (tx, rerates) => record(tx, clock, candidates, dryRun, rerates));
}

/** Does `work` in a transaction, again as long as it lacks rules or somebody else was faster. */
export async function withRerating<T>(
  { pool, createRerating }: RecordingReturns,
  work: (tx: Transaction, rerates: Rerating['rerates']) => Promise<T>,
): Promise<T> {
  const rerating = createRerating();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withTransaction(pool, (tx) => work(tx, rerating.rerates));
    } catch (error) {
      if (error instanceof RulesMissing) {
        await rerating.fetch();
        attempt -= 1;
        continue;
      }
      // Somebody recorded the same number or key for other goods just now: the next attempt finds it.
      const raced = (error as { code?: unknown }).code === UNIQUE_VIOLATION;
      if (!raced || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

async function record(
  tx: Transaction,
  clock: Clock,
  candidates: readonly ReturnCandidate[],
  dryRun: boolean,
  rerates: Rerating['rerates'],
): Promise<RecordedReturn[]> {
  const namedBy = await findNamedOrders(
    tx,
    candidates.map((each) => each.told),
  );
  const all = candidates.map(({ told, ...each }) => {
    const found = namedBy(told);
    return { ...each, ...found, barred: found.refusal, refusal: each.refusal };
  });
  const shelfOf = ({ owner, told }: (typeof all)[number]) => ({
    member: owner,
    merchant: told.merchant,
  });
  const shelvesOf = await personalShelves(tx, all.map(shelfOf));
  await lockShelves(
    tx,
    all.flatMap((each) => shelvesOf(shelfOf(each))),
  );
  const taken = await findTakenReturns(
    tx,
    candidates.map((each) => each.draft),
  );
  const byKey = new Map(taken.map((each) => [each.requestKey, each]));
  const byNumber = new Map(taken.map((each) => [numberKey(each), each]));
  const wanted = all.flatMap((each) =>
    each.told.lines.flatMap(({ sku }) =>
      sku === null || each.told.orderNo !== null
        ? []
        : shelvesOf(shelfOf(each)).map((shelf) => ({ ...shelf, sku })),
    ),
  );
  const named = all.flatMap(({ told }) => (told.order === null ? [] : [told.order]));
  const shelves = await readOpenLines(tx, wanted, named, rerates);

  const now = clock.now();
  const made: GoodsReturn[] = [];
  const touched = new Set<OpenLine>();
  const recorded = all.map((each): RecordedReturn => {
    const { told, draft, refusal, waits, barred } = each;
    const keyed = byKey.get(draft.requestKey);
    const found = keyed ?? byNumber.get(numberKey(draft));
    if (found?.fingerprint.equals(draft.fingerprint) === true)
      return { returned: found, known: true };
    if (keyed !== undefined) return { refusal: problem('idempotency_key_reused') };
    if (found !== undefined) return { refusal: returnExists(found) };
    if (refusal !== null) return { refusal };
    if (barred !== null) return { refusal: barred };
    const lines = shelvesOf(shelfOf(each)).flatMap((shelf) => shelves.get(shelfKey(shelf)) ?? []);
    const decided = waits ? { parts: [], orders: [] } : decideReturn(told, lines);
    if ('code' in decided) return { refusal: decided };
    const waited = waits ? { lines: told.lines, until: now + WAIT_MS } : null;
    const state = waits ? 'waiting' : 'applied';
    const { order } = told;
    const returned: GoodsReturn = { ...draft, order, state, waited, refusal: null, ...decided };
    made.push(returned);
    byKey.set(returned.requestKey, returned);
    byNumber.set(numberKey(returned), returned);
    for (const line of linesTouchedBy(returned, lines)) touched.add(line);
    return { returned, known: false };
  });
  if (made.length > 0 && !dryRun) await insertReturns(tx, made, [...touched], now);
  return recorded;
}

/** Of these lines those that a return took something of. */
export function linesTouchedBy(returned: GoodsReturn, lines: readonly OpenLine[]): OpenLine[] {
  return returned.parts.flatMap(({ from }) => {
    const line = lines.find((each) => each.order.id === from?.order && each.lineNo === from.lineNo);
    return line === undefined ? [] : [line];
  });
}

function numberKey(each: { readonly merchant: string; readonly returnNo: string }): string {
  return `${each.merchant} ${each.returnNo}`;
}

function returnExists(found: GoodsReturn): Refusal {
  const facts = { returnId: showId('return', found.id) };
  return problem(
    'return_exists',
    'the merchant has a return of this number, told otherwise',
    facts,
  );
}
