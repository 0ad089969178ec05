import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** What all members of a programme together may be issued of a point type, under one name. */
export interface Budget {
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly name: string;
  /** The only merchant whose keys may spend it; null: the operator's. */
  readonly merchant: Uuid | null;
  readonly createdAt: Instant;
}

export interface BudgetState extends Budget {
  readonly total: number;
  /** Never more than `total`. What is left is the difference, whichever shard it was lent to. */
  readonly spent: number;
}

/**
 * The point type of budgets that hold money, in thousandths of a fen: no point type has this number, so that no
 * request can name one as a limit, and reads of budgets of points do not show them.
 */
export const MONEY = 0;
/** The same of budgets that limit how many points of a type a merchant takes, which issuing has nothing to do with. */
export const takenOf = (pointType: number): number => -pointType;
const OF_POINTS = 'b.point_type > 0';

/** Makes a budget, with an empty allotment in every shard; false when its name is taken in the programme. */
export async function makeBudget(tx: Transaction, budget: Budget, total: number): Promise<boolean> {
  const { id, programme, pointType, name, merchant, createdAt } = budget;
  const { rows } = await tx.query<{ made: boolean }>(
    'select ledger.make_budget($1, $2, $3, $4, $5, $6, $7) as made',
    [id, programme, pointType, name, merchant, total, createdAt],
  );
  return rows[0]?.made === true;
}

/**
 * Sets the total of a budget that exists; a lower one recalls what was lent beyond it. Answers the points
 * spent: when they are more than `total`, nothing was changed.
 */
export async function setBudgetTotal(tx: Transaction, id: Uuid, total: number): Promise<number> {
  const { rows } = await tx.query<{ spent: number }>(
    'select ledger.set_budget_total($1, $2) as spent',
    [id, total],
  );
  return rows[0]?.spent ?? 0;
}

const COLUMNS = `b.id, b.programme, b.point_type as "pointType", b.name, b.merchant, b.total,
  b.created_at_ms as "createdAt",
  (select sum(a.spent) from ledger.allotment a where a.budget = b.id)::int8 as spent`;

export async function findBudget(sql: Sql, id: Uuid): Promise<BudgetState | undefined> {
  const { rows } = await sql.query<BudgetState>(
    `select ${COLUMNS} from ledger.budget b where b.id = $1 and ${OF_POINTS}`,
    [id],
  );
  return rows[0];
}

export async function findBudgetByName(
  sql: Sql,
  programme: number,
  name: string,
): Promise<BudgetState | undefined> {
  const { rows } = await sql.query<BudgetState>(
    `select ${COLUMNS} from ledger.budget b where b.programme = $1 and b.name = $2 and ${OF_POINTS}`,
    [programme, name],
  );
  return rows[0];
}

/** Budgets by age, after the budget `after`; `merchant`: only those its keys may spend. */
export async function listBudgets(
  sql: Sql,
  filter: { readonly programme: number | null; readonly merchant: Uuid | null },
  after: Uuid | null,
  limit: number,
): Promise<BudgetState[]> {
  const { rows } = await sql.query<BudgetState>(
    `select ${COLUMNS} from ledger.budget b
      where ($1::int is null or b.programme = $1) and ($2::uuid is null or b.merchant = $2)
        and ${OF_POINTS} and ($3::uuid is null or b.id > $3) order by b.id limit $4`,
    [filter.programme, filter.merchant, after, limit],
  );
  return rows;
}
