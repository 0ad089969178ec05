import type { Uuid } from '../../kernel/id.ts';
import type { Leftovers } from '../../kernel/leftovers.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Command } from '../../ledger/command.ts';
import { readTransactions } from '../../ledger/read.ts';
import { type Transaction, withTransaction } from '../../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../../platform/unsettled.ts';
import type { Redemption } from '../redemption.ts';
import { ShelfChanges } from '../stock/shelves.ts';
import { writeShelves } from '../stock/stock-store.ts';
import { lockRedemptions, readRedemptions } from '../store.ts';
import { afterRefusals, commandsOf } from './back.ts';
import type { Back, Case } from './case.ts';
import { addReturned, lockCases, readCases, writeCases } from './case-store.ts';
import type { AfterSalesDeps } from './deps.ts';
import { readUnits } from './read-units.ts';
import { BY_THE_CLOCK, takeCaseSteps } from './take-step.ts';
import { shareOfAll } from './units.ts';

/** Brings the points of cases that are settling home. */
export interface Settling {
  /**
   * Every command has a key and an id that were written down with the case, so whoever begins again, after a crash
   * anywhere or beside another process, sends the same ones. Answers each as far as it came.
   */
  settle(ids: readonly Uuid[]): Promise<Map<Uuid, Case>>;
  readonly leftovers: Leftovers<Waiting>;
}

/** One that is refused is tried again at once only where what was left is known by it. */
const ROUNDS_MAX = 3;

export function createSettling(deps: AfterSalesDeps): Settling {
  const { pool, ledger } = deps;

  /** What became of commands in order; null: applied. Those of which the ledger compares no texts any more are looked up. */
  async function send(commands: readonly Command[]): Promise<(Refusal | null)[]> {
    const answers = await ledger.submitAll(commands);
    const unknown = commands.filter((_, place) => {
      const answer = answers[place];
      return answer?.status === 'refused' && answer.transaction === null;
    });
    const ids = unknown.flatMap(({ id }) => id ?? []);
    const found = ids.length === 0 ? new Map() : await readTransactions(pool, ids);
    return answers.map((answer, place) => {
      if (answer.status === 'applied') return null;
      const { transaction } = found.get(commands[place]?.id as Uuid) ?? {};
      return transaction === undefined ? answer.refusal : (transaction.refusal as Refusal | null);
    });
  }

  /** Whether the ledger would take what it refused before: not every minute leaves a refusal behind. */
  async function isOpen(commands: readonly Command[], back: Back): Promise<boolean> {
    const attempts = [...back.refunds, ...back.compensation].map(({ attempt }) => attempt);
    const again = commands.filter((_, place) => attempts[place] !== 0);
    if (again.length === 0) return true;
    const likely = await ledger.preview(again);
    return likely.every((each) => each.status === 'applied' || each.replayed);
  }

  async function settleOne(seen: Case, redemption: Redemption): Promise<Case> {
    let each = seen;
    for (let round = 0; each.state === 'settling' && round < ROUNDS_MAX; round += 1) {
      const { back } = each;
      if (back === null) throw new Error('what is settling says what goes back');
      const commands = commandsOf(each, redemption, back);
      if (!(await isOpen(commands, back))) return each;
      const whys = await send(commands);
      each = whys.every((why) => why === null)
        ? await withTransaction(pool, (tx) => endCase(tx, deps, seen))
        : await tryOtherwise(each, back, whys);
    }
    return each;
  }

  /** Notes what is to be sent instead, unless somebody else has. */
  function tryOtherwise(seen: Case, back: Back, whys: readonly (Refusal | null)[]): Promise<Case> {
    return withTransaction(pool, async (tx) => {
      const now = (await lockCases(tx, [seen.id])).get(seen.id) as Case;
      const isSame = JSON.stringify(idsOf(now)) === JSON.stringify(idsOf(seen));
      if (now.state !== 'settling' || !isSame) return now;
      const next = { ...now, back: afterRefusals(back, whys, () => ledger.newId(now.member)) };
      await writeCases(tx, [next]);
      return next;
    });
  }

  async function settle(ids: readonly Uuid[]): Promise<Map<Uuid, Case>> {
    const cases = await readCases(pool, ids);
    const list = [...cases.values()];
    const redemptions = await readRedemptions(
      pool,
      list.map(({ redemption }) => redemption),
    );
    for (const each of list) {
      const redemption = redemptions.get(each.redemption);
      if (redemption === undefined) throw new Error('a case is about a redemption');
      cases.set(each.id, await settleOne(each, redemption));
    }
    return cases;
  }

  return {
    settle,
    leftovers: unsettledOf(pool, UNSETTLED.afterSales, async (ids) => {
      const ended = await settle(ids);
      return [...ended.values()].filter(({ state }) => state !== 'settling').length;
    }),
  };
}

/** The points are home: the units count no more, and are in stock again where they can be. */
export async function endCase(
  tx: Transaction,
  deps: AfterSalesDeps,
  { id, redemption: whose }: Case,
): Promise<Case> {
  const redemption = (await lockRedemptions(tx, [whose])).get(whose);
  const now = (await lockCases(tx, [id])).get(id);
  if (redemption === undefined || now === undefined) throw new Error('a case stays');
  if (now.state !== 'settling') return now;
  const pieces = (await readUnits(tx, redemption)).length;
  const ofAll = (all: number): number => shareOfAll(all, pieces, now.places);
  const quantity = ofAll(redemption.quantity);
  await addReturned(tx, whose, quantity);
  const move = { of: now, redemption, step: 'end' as const, said: BY_THE_CLOCK };
  const [ended] = await takeCaseSteps(tx, deps, [move]);
  await markSettled(tx, [id]);
  const shelves = new ShelfChanges();
  const counts = redemption.counts.map((count) => ({ ...count, units: ofAll(count.units) }));
  shelves.takeBack({ reward: redemption.reward, quantity, counts }, now.onShelf === true);
  // Last: from here on whoever wants the same reward waits until this is committed.
  await writeShelves(tx, shelves);
  return ended as Case;
}

const idsOf = ({ back }: Case): Uuid[] =>
  back === null ? [] : [...back.refunds, ...back.compensation].map((each) => each.transaction);
