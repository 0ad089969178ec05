import type { Clock } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { readAbsorbed } from '../members/merged.ts';
import { type Pool, type Transaction, withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { OpenLine } from './goods.ts';
import { decideReturn, type GoodsReturn, type ReturnTold } from './goods-return.ts';
import { type Rerating, RulesMissing } from './rates.ts';
import { findTakenReturns, insertReturns } from './return-store.ts';
import { lockShelves, readOpenLines, type Shelf, shelfKey } from './shelf-store.ts';

/** A return ready to be decided. `refusal` tells why it may not be, unless it was recorded before. */
export interface ReturnCandidate {
  readonly told: ReturnTold;
  /** All that is known before the goods are looked at. */
  readonly draft: Omit<GoodsReturn, 'parts' | 'orders'>;
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
 * each merchant meanwhile, so no two returns ever match the same goods. With `dryRun` nothing is written.
 */
export async function recordReturns(
  { pool, clock, createRerating }: RecordingReturns,
  candidates: readonly ReturnCandidate[],
  dryRun: boolean,
): Promise<RecordedReturn[]> {
  const rerating = createRerating();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withTransaction(pool, (tx) => record(tx, clock, candidates, dryRun, rerating));
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
  { rerates }: Rerating,
): Promise<RecordedReturn[]> {
  const shelvesOf = await personalShelves(
    tx,
    candidates.map((each) => each.told),
  );
  await lockShelves(
    tx,
    candidates.flatMap((each) => shelvesOf(each.told)),
  );
  const taken = await findTakenReturns(
    tx,
    candidates.map((each) => each.draft),
  );
  const byKey = new Map(taken.map((each) => [each.requestKey, each]));
  const byNumber = new Map(taken.map((each) => [numberKey(each), each]));
  const wanted = candidates.flatMap(({ told }) =>
    told.lines.flatMap(({ sku }) =>
      sku === null ? [] : shelvesOf(told).map((shelf) => ({ ...shelf, sku })),
    ),
  );
  const named = candidates.flatMap(({ told }) => (told.order === null ? [] : [told.order]));
  const shelves = await readOpenLines(tx, wanted, named, rerates);

  const made: GoodsReturn[] = [];
  const touched = new Set<OpenLine>();
  const recorded = candidates.map(({ told, draft, refusal }): RecordedReturn => {
    const keyed = byKey.get(draft.requestKey);
    const found = keyed ?? byNumber.get(numberKey(draft));
    if (found?.fingerprint.equals(draft.fingerprint) === true)
      return { returned: found, known: true };
    if (keyed !== undefined) return { refusal: problem('idempotency_key_reused') };
    if (found !== undefined) return { refusal: returnExists(found) };
    if (refusal !== null) return { refusal };
    const lines = shelvesOf(told).flatMap((shelf) => shelves.get(shelfKey(shelf)) ?? []);
    const decided = decideReturn(told, lines);
    if ('code' in decided) return { refusal: decided };
    const returned: GoodsReturn = { ...draft, ...decided };
    made.push(returned);
    byKey.set(returned.requestKey, returned);
    byNumber.set(numberKey(returned), returned);
    for (const { from } of returned.parts) {
      const line = lines.find(
        (each) => each.order.id === from?.order && each.lineNo === from.lineNo,
      );
      if (line !== undefined) touched.add(line);
    }
    return { returned, known: false };
  });
  if (made.length > 0 && !dryRun) await insertReturns(tx, made, [...touched], clock.now());
  return recorded;
}

/** A member's own shelf at a merchant, and those of whoever has become part of them. */
async function personalShelves(
  tx: Transaction,
  shelves: readonly Shelf[],
): Promise<(shelf: Shelf) => Shelf[]> {
  const absorbed = await readAbsorbed(
    tx,
    shelves.map((shelf) => shelf.member),
  );
  return ({ member, merchant }) => [
    { member, merchant },
    ...absorbed
      .filter(({ survivor }) => survivor === member)
      .map((each) => ({ member: each.absorbed, merchant })),
  ];
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
