import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { type Pool, type Transaction, withTransaction } from '../platform/database.ts';
import type { FollowCash } from './cash/follow.ts';
import type { Redemption } from './redemption.ts';
import { after, confirms, hasOfStock, type Step } from './steps.ts';
import { ShelfChanges } from './stock/shelves.ts';
import { writeShelves } from './stock/stock-store.ts';
import { changeStates, readRedemptions } from './store.ts';

/** A step that is to be taken from where a redemption was last seen. */
export interface Move {
  readonly redemption: Redemption;
  readonly step: Exclude<Step, 'cancel'>;
  /** Why, of `refuse` and `give_up`. */
  readonly refusal?: Refusal;
  /** When, by the programme's clock, of what confirms. */
  readonly at?: Instant;
}

/** What is done in the transaction in which redemptions are fulfilled: something to show for each. */
export type Fulfil = (tx: Transaction, list: readonly Redemption[]) => Promise<void>;

/** What else is done in the transaction in which redemptions take a step. */
export interface Effects {
  readonly fulfil: Fulfil;
  readonly followCash: FollowCash;
}

/**
 * Takes steps, each if its redemption is still where it was seen, with what they do to the stock, in one transaction; answers
 * how each redemption is then, whoever moved it.
 */
export async function takeSteps(
  pool: Pool,
  moves: readonly Move[],
  { fulfil, followCash }: Effects,
): Promise<Redemption[]> {
  // No state is ever come back to: who is where it was seen is as it was seen.
  const changes = new Map(
    moves.map((move) => [move.redemption.id, { seen: move.redemption, next: movedBy(move) }]),
  );
  return await withTransaction(pool, async (tx) => {
    const taken = await changeStates(tx, [...changes.values()]);
    const moved = [...changes.values()].filter(({ next }) => taken.has(next.id));
    const others = [...changes.keys()].filter((id) => !taken.has(id));
    const now =
      others.length === 0 ? new Map<Uuid, Redemption>() : await readRedemptions(tx, others);
    const fulfilled = moved.map(({ next }) => next).filter(({ state }) => state === 'fulfilled');
    if (fulfilled.length > 0) await fulfil(tx, fulfilled);
    const ofCash = moved.map(({ next }) => next).filter(({ cashFen }) => cashFen > 0);
    if (ofCash.length > 0) await followCash(tx, ofCash);
    const shelves = new ShelfChanges();
    for (const { seen, next } of moved) {
      shelves.move(next, hasOf(seen), hasOf(next));
      now.set(next.id, next);
    }
    // Last: from here on whoever wants the same reward waits until this is committed.
    await writeShelves(tx, shelves);
    return moves.map(({ redemption: { id } }) => {
      const found = now.get(id);
      if (found === undefined) throw new Error(`redemption ${id} is not there`);
      return found;
    });
  });
}

const hasOf = ({ state, confirmedAt }: Redemption) => hasOfStock(state, confirmedAt !== null);

function movedBy({
  redemption,
  step,
  refusal = redemption.refusal ?? undefined,
  at,
}: Move): Redemption {
  const state = after(redemption.state, step);
  if (state === undefined) throw new Error(`${redemption.state} has no step ${step}`);
  const confirmedAt = confirms(step) ? at : redemption.confirmedAt;
  if (confirmedAt === undefined) throw new Error('what is confirmed says when');
  return { ...redemption, state, refusal: refusal ?? null, confirmedAt };
}
