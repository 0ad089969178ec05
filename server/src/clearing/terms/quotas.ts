import { firstDayAfter, localDate, startOf, startOfDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import { makeBudget, setBudgetTotal, takenOf } from '../../ledger/budget.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Quota } from './derive-prices.ts';
import { inForceAt, pointTermsOf, type TermsVersion } from './terms.ts';

/** The month that is running, and those after it for which budgets stand ready. */
const MONTHS_AHEAD = 2;
/** U+001F, which no name that comes by the API has: nobody takes the name of a budget of this kind before it is made. */
const OWN_BUDGET = '\u001f';
/** Budgets of months that are further back than this count for nothing any more. */
const PAST_MS = 100 * 24 * 60 * 60_000;

interface Month {
  readonly from: Instant;
  readonly until: Instant;
}

/** The month of an instant by a time zone, and those after it. */
export function monthsFrom(now: Instant, timeZone: string): Month[] {
  const today = localDate(now, timeZone);
  const starts = [startOf('month', now, timeZone)];
  for (let after = 0; after <= MONTHS_AHEAD; after += 1)
    starts.push(startOfDate(firstDayAfter('month', today, after), timeZone));
  return starts.slice(1).map((until, place) => ({ from: starts[place] as Instant, until }));
}

/**
 * The most points a merchant takes in a month, by what is in force now or when the month begins; where that has no limit, by the first
 * version of the month that has one. Null: the month has none.
 */
export function mostIn(
  versions: readonly TermsVersion[],
  pointType: string,
  { from, until }: Month,
  now: Instant,
): number | null {
  const start = Math.max(from, now);
  const begun = inForceAt(versions, start);
  const later = versions
    .filter((each) => each.from > start && each.from < until)
    .sort((a, b) => a.from - b.from || a.number - b.number);
  for (const each of begun === undefined ? later : [begun, ...later]) {
    const most = pointTermsOf(each.body, pointType)?.acceptedPointsMax;
    if (most !== undefined) return most;
  }
  return null;
}

interface QuotaRow extends Quota {
  readonly merchant: Uuid;
  readonly pointType: number;
  readonly most: number;
}

async function readQuotas(
  sql: Sql,
  programme: number,
  merchants: readonly Uuid[],
  after: Instant,
): Promise<QuotaRow[]> {
  const { rows } = await sql.query<QuotaRow>(
    `select merchant, point_type as "pointType", from_ms as "from", budget, most from acceptance_quota
      where programme = $1 and merchant = any ($2) and from_ms > $3 order by merchant, point_type, from_ms`,
    [programme, merchants, after],
  );
  return rows;
}

export type Quotas = ReadonlyMap<Uuid, ReadonlyMap<number, readonly Quota[]>>;

/** Whose quotas are kept, and by what. */
export interface QuotaScope {
  readonly programme: number;
  readonly timeZone: string;
  /** Of merchants with terms of their own, the versions that are not withdrawn. */
  readonly terms: ReadonlyMap<Uuid, readonly TermsVersion[]>;
  /** Numbers of point types by their codes. */
  readonly pointTypes: ReadonlyMap<string, number>;
}

type WantedQuota = Omit<QuotaRow, 'budget'> & { readonly code: string };

/** What has to stand at `now`, of this month and those ahead. */
function wantedQuotas(
  { timeZone, terms, pointTypes }: QuotaScope,
  now: Instant,
): readonly WantedQuota[] {
  const months = monthsFrom(now, timeZone);
  return [...terms].flatMap(([merchant, versions]) =>
    [...pointTypes].flatMap(([code, pointType]) =>
      months.flatMap((month) => {
        const most = mostIn(versions, code, month, now);
        return most === null ? [] : [{ merchant, pointType, code, from: month.from, most }];
      }),
    ),
  );
}

const placeOf = ({ merchant, pointType, from }: Omit<QuotaRow, 'budget' | 'most'>): string =>
  `${merchant}/${pointType}/${from}`;

/** The merchants of which a quota is missing, or is not what their terms say by now. */
export async function merchantsWanting(sql: Sql, scope: QuotaScope, now: Instant): Promise<Uuid[]> {
  const wanted = wantedQuotas(scope, now);
  if (wanted.length === 0) return [];
  const known = await readQuotas(sql, scope.programme, [...scope.terms.keys()], now - PAST_MS);
  const most = new Map(known.map((row) => [placeOf(row), row.most]));
  const wanting = wanted.filter((each) => most.get(placeOf(each)) !== each.most);
  return [...new Set(wanting.map(({ merchant }) => merchant))];
}

/**
 * Makes the budgets that quotas of this month and the next two need, sets what terms changed, and answers all that count, by merchant
 * and point type. A limit that is lower than what was taken already stands at that: nothing more is taken.
 */
export async function keepQuotas(
  tx: Transaction,
  scope: QuotaScope,
  now: Instant,
): Promise<Quotas> {
  const merchants = [...scope.terms.keys()];
  const known = await readQuotas(tx, scope.programme, merchants, now - PAST_MS);
  const stand = new Map(known.map((row) => [placeOf(row), row]));
  const made: QuotaRow[] = [];
  for (const wanted of wantedQuotas(scope, now)) {
    const found = stand.get(placeOf(wanted));
    if (found === undefined) made.push(await makeQuota(tx, scope, wanted, now));
    else if (found.most !== wanted.most) await changeQuota(tx, found, wanted.most);
  }
  const quotas = new Map<Uuid, Map<number, Quota[]>>();
  for (const { merchant, pointType, from, budget } of [...known, ...made]) {
    const own = quotas.get(merchant) ?? new Map<number, Quota[]>();
    quotas.set(merchant, own.set(pointType, [...(own.get(pointType) ?? []), { from, budget }]));
  }
  return quotas;
}

async function makeQuota(
  tx: Transaction,
  { programme, timeZone }: QuotaScope,
  { merchant, pointType, code, from, most }: WantedQuota,
  now: Instant,
): Promise<QuotaRow> {
  const id = newId(now);
  const name = `${OWN_BUDGET}${merchant} ${code} ${localDate(from, timeZone)}`;
  const kept = { id, programme, pointType: takenOf(pointType), name };
  const budget = { ...kept, merchant: null, createdAt: now };
  if (!(await makeBudget(tx, budget, most))) throw new Error(`there is a budget ${name} already`);
  await tx.query(
    `insert into acceptance_quota (programme, merchant, point_type, from_ms, budget, most) values ($1, $2, $3, $4, $5, $6)`,
    [programme, merchant, pointType, from, id, most],
  );
  return { merchant, pointType, from, budget: id, most };
}

async function changeQuota(
  tx: Transaction,
  { merchant, pointType, from, budget }: QuotaRow,
  most: number,
): Promise<void> {
  const spent = await setBudgetTotal(tx, budget, most);
  if (spent > most) await setBudgetTotal(tx, budget, spent);
  await tx.query(
    'update acceptance_quota set most = $4 where merchant = $1 and point_type = $2 and from_ms = $3',
    [merchant, pointType, from, most],
  );
}
