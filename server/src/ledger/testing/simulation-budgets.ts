import type { Uuid } from '../../kernel/id.ts';
import type { Allotment } from '../book.ts';
import type { Survey } from '../load.ts';

/** What one shard was lent of a budget, and has spent of it. */
interface Loan {
  granted: number;
  spent: number;
}

interface Budget {
  readonly total: number;
  lent: number;
  readonly loans: readonly Loan[];
}

/** The tables of migrations/0006_wide_limits.sql in memory, with what `ledger.append`, `lend` and `recall` do to them. */
export class SimulatedBudgets {
  readonly #budgets = new Map<Uuid, Budget>();
  readonly #shards: number;

  constructor(shards: number) {
    this.#shards = shards;
  }

  make(id: Uuid, total: number): void {
    const loans = Array.from({ length: this.#shards }, () => ({ granted: 0, spent: 0 }));
    this.#budgets.set(id, { total, lent: 0, loans });
  }

  /** By budget: its total, and what was spent of it in all shards. */
  *all(): Generator<{ id: Uuid; total: number; spent: number }> {
    for (const [id, { total, loans }] of this.#budgets) yield { id, total, spent: spentOf(loans) };
  }

  survey(ids: Iterable<Uuid>): Survey {
    const left = new Map<Uuid, number>();
    for (const id of ids) {
      const budget = this.#budgets.get(id);
      if (budget !== undefined) left.set(id, budget.total - spentOf(budget.loans));
    }
    return left;
  }

  /** What load.ts makes of a shard's row. */
  allotment(id: Uuid, shard: number, surveyed: Survey): Allotment | undefined {
    const loan = this.#budgets.get(id)?.loans[shard];
    if (loan === undefined) return undefined;
    const left = surveyed.get(id);
    return {
      budget: id,
      spent: loan.spent,
      spentMost: loan.spent,
      left: Math.max(loan.granted - loan.spent, left ?? 0),
      surveyed: left !== undefined,
    };
  }

  /** Spends what a block spent, lending where the shard's loan does not do. False, and nothing done: not enough is left. */
  spend(shard: number, allotments: ReadonlySet<Allotment>): boolean {
    for (const { budget, spentMost } of allotments) {
      const { total, loans } = this.#budget(budget);
      const elsewhere = spentOf(loans) - (loans[shard] as Loan).spent;
      if (elsewhere + spentMost > total) return false;
    }
    for (const { budget: id, spent, spentMost } of allotments) {
      const budget = this.#budget(id);
      const own = budget.loans[shard] as Loan;
      if (spentMost > own.granted) lend(budget, own, spentMost - own.granted);
      own.spent = spent;
      check(budget);
    }
    return true;
  }

  #budget(id: Uuid): Budget {
    const budget = this.#budgets.get(id);
    if (budget === undefined) throw new Error(`budget ${id} is not there`);
    return budget;
  }
}

function spentOf(loans: readonly Loan[]): number {
  return loans.reduce((sum, loan) => sum + loan.spent, 0);
}

/** At least what is missing; more, a share of what is left, while there is plenty at home. */
function lend(budget: Budget, own: Loan, missing: number): void {
  const home = budget.total - budget.lent;
  const share = Math.floor(home / (4 * budget.loans.length));
  const loan = Math.min(home, Math.max(missing, share));
  let recalled = 0;
  const others = budget.loans.filter((each) => each !== own);
  for (const other of others.sort((a, b) => b.granted - b.spent - (a.granted - a.spent))) {
    const points = Math.min(other.granted - other.spent, Math.max(0, missing - loan - recalled));
    other.granted -= points;
    recalled += points;
  }
  budget.lent += loan;
  own.granted += loan + recalled;
}

/** The constraints of the tables. */
function check({ total, lent, loans }: Budget): void {
  const granted = loans.reduce((sum, loan) => sum + loan.granted, 0);
  const isSound = loans.every(({ granted, spent }) => 0 <= spent && spent <= granted);
  if (!isSound || granted !== lent || lent > total)
    throw new Error(`a budget broke: ${JSON.stringify({ total, lent, loans })}`);
}
