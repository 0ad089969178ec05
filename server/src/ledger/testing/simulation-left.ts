import type { Uuid } from '../../kernel/id.ts';
import type { Command } from '../command.ts';
import type { RecordedTransaction } from '../record.ts';

/**
 * What the model has left of each budget. A batch is decided on what was left when it was read: what returns
 * gave back between that and its block, it may have refused or trimmed for want of. That is never more than
 * came back since its shard's last block, and never the other way: what was given had to be there.
 */
export class LeftOfBudgets {
  readonly left: Map<Uuid, number>;
  /** What came back, in the order in which it did. */
  readonly #returned: { readonly budget: Uuid; readonly points: number }[] = [];
  /** By shard: its last block, and how much had come back before and after it. */
  readonly #blocks = new Map<number, { number: number; before: number; after: number }>();
  #unseen = new Map<Uuid, number>();

  constructor(left: Iterable<readonly [Uuid, number]>) {
    this.left = new Map(left);
  }

  /** What the last command that was executed knew to be left. */
  known(budget: Uuid): number {
    return (this.left.get(budget) ?? Infinity) - (this.#unseen.get(budget) ?? 0);
  }

  /** Executes a recorded command on the model, which is shown no more than the ledger saw. */
  execute<T>({ transaction, receipt }: RecordedTransaction, command: Command, model: () => T): T {
    const { shard, block } = receipt;
    const last = this.#blocks.get(shard) ?? { number: 0, before: 0, after: 0 };
    const before = last.number === block ? last.before : last.after;
    const budgets = budgetsOf(command);
    const told = toldLeft(command, transaction);
    this.#unseen = new Map(budgets.map((each) => [each, this.#unseenOf(each, told, before)]));
    const shown = new Map(budgets.map((each) => [each, this.known(each)]));
    for (const [budget, points] of shown) if (this.left.has(budget)) this.left.set(budget, points);
    const answer = model();
    for (const [budget, points] of shown) {
      const after = this.left.get(budget);
      if (after === undefined) continue;
      if (after > points) this.#returned.push({ budget, points: after - points });
      this.left.set(budget, after + (this.#unseen.get(budget) ?? 0));
    }
    this.#blocks.set(shard, { number: block, before, after: this.#returned.length });
    return answer;
  }

  #unseenOf(budget: Uuid, told: number, before: number): number {
    const more = (this.left.get(budget) ?? 0) - told;
    let since = 0;
    for (let place = this.#returned.length - 1; place >= before; place -= 1)
      if (this.#returned[place]?.budget === budget) since += this.#returned[place]?.points ?? 0;
    return more > 0 && more <= since ? more : 0;
  }
}

/** What an issue's answer says was left, if it says so. */
function toldLeft(
  command: Command,
  { refusal, points }: RecordedTransaction['transaction'],
): number {
  if (command.kind !== 'issue') return Number.POSITIVE_INFINITY;
  if (refusal === null && points < command.points) return points;
  const isExhausted = refusal?.code === 'budget_exhausted';
  return isExhausted ? Number(refusal?.facts?.left) : Number.POSITIVE_INFINITY;
}

/** At most one of an issue. */
function budgetsOf(command: Command): Uuid[] {
  const isCounted =
    command.kind === 'issue' || command.kind === 'return' || command.kind === 'claw_back';
  const limits = isCounted ? (command.limits ?? []) : [];
  return limits.flatMap((each) => ('budget' in each ? [each.budget] : []));
}
