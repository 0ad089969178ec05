import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { type Pool, type Transaction, withTransaction } from '../platform/database.ts';
import type { Redemption } from './redemption.ts';
import { after, hasOfStock, type Step } from './steps.ts';
import { lockShelves, writeShelves } from './stock-store.ts';
import { lockStates, readRedemptions, writeStates } from './store.ts';

/** A step that is to be taken from where a redemption was last seen. */
export interface Move {
  readonly redemption: Redemption;
  readonly step: Exclude<Step, 'cancel'>;
  /** Why, of `refuse` and `give_up`. */
  readonly refusal?: Refusal;
  /** When, by the programme's clock, of `confirm`. */
  readonly at?: Instant;
}

/** What is done in the transaction in which redemptions are fulfilled: something to show for each. */
export type Fulfil = (tx: Transaction, list: readonly Redemption[]) => Promise<void>;

/**
 * Takes steps, each if its redemption is still where it was seen, with what they do to the stock, in one transaction; answers
 * how each redemption is then, whoever moved it. A reservation that the stock or a limit does not allow is a refusal.
 */
export async function takeSteps(
  pool: Pool,
  moves: readonly Move[],
  fulfil: Fulfil,
): Promise<Redemption[]> {
  return await withTransaction(pool, async (tx) => {
    const seen = new Map(moves.map((move) => [move.redemption.id, move]));
    // No state is ever come back to: who is where it was seen is as it was seen.
    const states = await lockStates(tx, [...seen.keys()]);
    const isThere = ({ redemption: { id, state } }: Move): boolean => states.get(id) === state;
    const taken = [...seen.values()].filter(isThere);
    const shelves = await lockShelves(
      tx,
      taken.filter(touchesStock).map(({ redemption }) => redemption),
    );
    const moved = taken.map((move) => {
      const { redemption } = move;
      if (move.step !== 'reserve') {
        const next = movedBy(move);
        shelves.move(redemption, hasOf(redemption), hasOf(next));
        return next;
      }
      const refusal = shelves.reserve(redemption);
      return movedBy(refusal === null ? move : { redemption, step: 'refuse', refusal });
    });
    await writeShelves(tx, shelves);
    await writeStates(tx, moved);
    const fulfilled = moved.filter(({ state }) => state === 'fulfilled');
    if (fulfilled.length > 0) await fulfil(tx, fulfilled);
    const others = [...seen.values()].filter((move) => !isThere(move));
    const now =
      others.length === 0
        ? new Map<Uuid, Redemption>()
        : await readRedemptions(
            tx,
            others.map(({ redemption }) => redemption.id),
          );
    for (const each of moved) now.set(each.id, each);
    return moves.map(({ redemption: { id } }) => {
      const found = now.get(id);
      if (found === undefined) throw new Error(`redemption ${id} is not there`);
      return found;
    });
  });
}

const hasOf = ({ state, confirmedAt }: Redemption) => hasOfStock(state, confirmedAt !== null);

function touchesStock(move: Move): boolean {
  return move.step === 'reserve' || hasOf(move.redemption) !== hasOf(movedBy(move));
}

function movedBy({
  redemption,
  step,
  refusal = redemption.refusal ?? undefined,
  at,
}: Move): Redemption {
  const state = after(redemption.state, step);
  if (state === undefined) throw new Error(`${redemption.state} has no step ${step}`);
  const confirmedAt = step === 'confirm' ? at : redemption.confirmedAt;
  if (confirmedAt === undefined) throw new Error('what is confirmed says when');
  return { ...redemption, state, refusal: refusal ?? null, confirmedAt };
}
