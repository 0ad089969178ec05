import type { Clock } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import type { Programme } from '../../programs/programme.ts';
import type { ProgrammeRegistry } from '../../programs/registry.ts';
import type { BookPeriod } from '../books/book-period.ts';
import { listBookPeriods } from '../books/store.ts';
import type { Names } from '../periods/figures-csv.ts';
import type { Period } from '../periods/period.ts';
import { listPeriods } from '../periods/read.ts';
import { compareBooks, compareBooksWhole } from './compare-books.ts';
import { compareOutstanding } from './compare-live.ts';
import { atOneMoment, comparePeriod, comparePeriodWhole } from './compare-period.ts';
import { type Compared, compare } from './finding.ts';
import {
  countClosed,
  lockReconciliation,
  noteWholeCheck,
  type Reconciliation,
  readMoney,
  readOpenFindings,
  readReconciliation,
  readWholeChecks,
  writeFindings,
  writeReconciliation,
} from './store.ts';

export interface ReconcileDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmes: ProgrammeRegistry;
  readonly names: Names;
  readonly shards: number;
}

const DAY_MS = 24 * 3600_000;
const PAGE = 200;
/** More open findings than anybody reads. */
export const FINDINGS_MAX = 500;

/**
 * Compares ledger, clearing and books of a programme: what is outstanding now, what is written of every closed period, and, from the
 * ledger up, every period that was not yet worked out again, had something wrong, or waited longest. Writes down what was found, unless it is a rehearsal.
 */
export async function reconcileProgramme(
  { pool, clock, names, shards }: ReconcileDeps,
  programme: Programme,
  { keeps = true }: { readonly keeps?: boolean } = {},
): Promise<Reconciliation> {
  const { compared, outstanding } = await atOneMoment(pool, (tx) =>
    compareOutstanding(tx, programme, shards),
  );
  const periods = await allOf((after) => listPeriods(pool, programme.id, after, PAGE));
  const closed = periods.filter(({ state }) => state === 'closed');
  const books = new Map<Uuid, BookPeriod>();
  for (const each of await allOf((after) => listBookPeriods(pool, programme.id, after, PAGE)))
    books.set(each.clearingPeriod, each);
  const money = await readMoney(pool, programme.id);
  const all: Compared[] = [...compared, compareMoney(money)];
  for (const period of closed) {
    all.push(...(await comparePeriod(pool, period, names)));
    const booked = books.get(period.id);
    if (booked !== undefined) all.push(...(await compareBooks(pool, booked, programme)));
  }
  const whole = await dueWhole(pool, programme.id, closed);
  for (const period of whole) {
    all.push(...(await comparePeriodWhole(pool, period, names)));
    const booked = books.get(period.id);
    if (booked !== undefined)
      all.push(...(await atOneMoment(pool, (tx) => compareBooksWhole(tx, booked, programme))));
  }
  const made = {
    programme: programme.id,
    at: clock.now(),
    checks: all.reduce((sum, { checks }) => sum + checks, 0),
    differences: all.reduce((sum, { differences }) => sum + differences.length, 0),
    figures: { outstanding, money },
  };
  if (!keeps) return made;
  await withTransaction(pool, async (tx) => {
    await lockReconciliation(tx, programme.id);
    for (const each of all) await writeFindings(tx, programme.id, each, made.at);
    // Without its books a period is not through.
    for (const { id } of whole) if (books.has(id)) await noteWholeCheck(tx, id, made.at);
    await writeReconciliation(tx, made);
  });
  return made;
}

/** Whatever was accrued is paid or carried: no part of a fen is lost over all periods together. */
function compareMoney({
  owedMicroFen,
  clearedMicroFen,
  carriedMicroFen,
}: Reconciliation['figures']['money']): Compared {
  const found = String(BigInt(clearedMicroFen) + BigInt(carriedMicroFen));
  return compare('carried', '', [{ about: 'owed', expected: owedMicroFen, found }]);
}

async function dueWhole(
  pool: Pool,
  programme: number,
  closed: readonly Period[],
): Promise<Period[]> {
  const checks = await readWholeChecks(pool, programme);
  const findings = await readOpenFindings(pool, programme, FINDINGS_MAX);
  const oldest = checks
    .filter(({ at }) => at !== null)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))[0]?.period;
  const due = new Set(checks.filter(({ at }) => at === null).map(({ period }) => period));
  if (oldest !== undefined) due.add(oldest);
  // What was found wrong is looked at until it is right. Whose books it is, the name of a finding does not say: then all are.
  const isWrong = findings.length > 0;
  return closed.filter(({ id }) => isWrong || due.has(id));
}

/** Everything of a list by number. */
async function allOf<T extends { readonly number: number }>(
  read: (after: number) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (;;) {
    const page = await read(found.at(-1)?.number ?? 0);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

/** Reconciles every cleared programme once a day, and after each period that was closed; answers how many. */
export async function reconcileDue(deps: ReconcileDeps): Promise<number> {
  const { pool, clock, programmes } = deps;
  return eachAlone(
    programmes.all(),
    async (programme) => {
      const { closedPeriods, closedBooks } = await countClosed(pool, programme.id);
      if (closedPeriods === 0) return 0;
      const last = await readReconciliation(pool, programme.id);
      const isNews =
        last?.figures.money.closedPeriods !== closedPeriods ||
        last.figures.money.closedBooks !== closedBooks;
      if (!isNews && clock.now() - last.at < DAY_MS) return 0;
      await reconcileProgramme(deps, programme);
      return 1;
    },
    'not every programme could be reconciled',
  );
}
