import type { Pool } from 'pg';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int2s, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import { accountKey, Book, type Debt, type Hold, type Lot } from './book.ts';
import type { Command } from './command.ts';
import { counterKey } from './limits.ts';
import {
  type AllotmentJson,
  LOAD,
  LOAD_SUBJECTS,
  LOAD_TERMS,
  type Loaded,
  type LoadedSubjects,
  type LotJson,
  type PriceJson,
  type TermsJson,
} from './load-statements.ts';
import { priceMarked } from './prices.ts';
import { type RecordedTransaction, readTransaction, roleName } from './record.ts';
import { type Wanted, wantedBy } from './wanted.ts';

/** What is left of budgets, at home and in all shards. */
export type Survey = ReadonlyMap<Uuid, number>;

/** Counts together what is left of these budgets, whoever it was lent to. */
export async function survey(pool: Pool, budgets: readonly Uuid[]): Promise<Survey> {
  const { rows } = await pool.query<{ budget: Uuid; left: number }>({
    name: 'ledger-survey',
    text: `select b.id as budget, b.total - (select sum(a.spent) from ledger.allotment a where a.budget = b.id)::int8 as left
      from unnest($1::uuid[]) as w (id)
      cross join lateral (select * from ledger.budget b where b.id = w.id offset 0) b`,
    values: [uuids(budgets)],
  });
  return new Map(rows.map((row) => [row.budget, row.left]));
}

/**
 * The working set of a batch, and the answers that its keys already have. The two statements need no
 * common snapshot: whatever another process appends between them moves the head, and then nothing
 * decided here is written.
 */
export async function load(
  pool: Pool,
  shard: number,
  commands: readonly Command[],
  round: number,
  nextSeq: number,
  surveyed: Survey,
  since: Instant,
): Promise<{ book: Book; replays: Map<string, RecordedTransaction> }> {
  const {
    accounts: rows,
    subjects,
    arrived,
    counters,
    budgets,
    sliding,
    counted,
    prices,
  } = wantedBy(commands, round);
  const result = await pool.query<Loaded>({
    name: 'ledger-load',
    text: LOAD,
    values: [
      shard,
      texts(commands, (command) => command.key),
      uuids(rows, (row) => row.member),
      int4s(rows, (row) => row.pointType),
      int4s(rows, (row) => row.lots),
      uuids(counters, (counter) => counter.member),
      texts(counters, (counter) => counter.name),
      uuids([...budgets]),
      int4s([...new Set(commands.map((command) => command.programme))]),
      uuids(sliding, (each) => each.member),
      int4s(sliding, (each) => each.pointType),
      int2s(sliding, (each) => each.months),
      int8s(sliding, (each) => each.until),
      uuids(counted, (each) => each.member),
      int4s(counted, (each) => each.pointType),
      int4s(prices, (each) => each.programme),
      int4s(prices, (each) => each.pointType),
      uuids(prices, (each) => each.merchant),
      since,
    ],
  });
  const loaded = result.rows[0];
  if (loaded === undefined) throw new Error('the load statement answers one row');
  const book = bookOf(loaded, nextSeq, rows, surveyed);
  addSliding(book, loaded, sliding);
  if (subjects.size > 0) {
    const acted = await pool.query<LoadedSubjects>({
      name: 'ledger-load-subjects',
      text: LOAD_SUBJECTS,
      values: [shard, uuids([...subjects]), uuids([...arrived]), since],
    });
    addSubjects(book, acted.rows[0] as LoadedSubjects, surveyed);
  }
  if (commands.some((command) => command.kind === 'convert')) await addTerms(pool, shard, book);
  const replays = new Map<string, RecordedTransaction>();
  for (const json of loaded.replays ?? []) {
    const recorded = readTransaction(json);
    replays.set(recorded.transaction.key, recorded);
  }
  return { book, replays };
}

function bookOf(loaded: Loaded, nextSeq: number, rows: Wanted['accounts'], surveyed: Survey): Book {
  const book = new Book(nextSeq);
  book.priceVersion = loaded.priceVersion;
  addPrices(book, loaded.prices);
  for (const [
    member,
    pointType,
    programme,
    free,
    held,
    debt,
    earned,
    redeemed,
    expired,
    lastEffectiveAt,
    debts,
  ] of loaded.accounts ?? []) {
    book.accounts.set(accountKey(member, pointType), {
      member,
      pointType,
      programme,
      free,
      held,
      debt,
      earned,
      redeemed,
      expired,
      lastEffectiveAt,
      lots: [],
      frontier: null,
      debts: (debts ?? []).map(([seq, lot, amount, remaining, role, owner, marks]): Debt => {
        const to = { role: roleName(role), owner };
        book.about.set(lot, { to, price: priceMarked(marks ?? []) });
        return { seq, lot, amount, remaining };
      }),
      sliding: new Set(),
      slidingUntil: new Map(),
      openSliding: null,
    });
  }
  for (const json of loaded.front ?? []) {
    const lot = addLot(book, json);
    book.accounts.get(accountKey(json[13], json[14]))?.lots.push(lot);
  }
  for (const row of rows) {
    const account = book.accounts.get(accountKey(row.member, row.pointType));
    if (account === undefined) continue;
    const last = account.lots.at(-1);
    // Nothing was asked for: everything may lie beyond, so the frontier stands before the first lot.
    if (row.lots === 0) account.frontier = { expiresAt: Number.NEGATIVE_INFINITY, seq: 0 };
    else if (account.lots.length >= row.lots && last !== undefined)
      account.frontier = { expiresAt: last.expiresAt, seq: last.seq };
  }
  for (const [member, name, value] of loaded.counters ?? [])
    book.counters.set(counterKey(member, name), value);
  for (const [programme, at] of loaded.closed ?? []) book.closedUntil.set(programme, at);
  addAllotments(book, loaded.allotments, surveyed);
  return book;
}

/** Each list comes as a whole: of a merchant that the batch named already it is there. */
function addPrices(book: Book, rows: readonly PriceJson[] | null): void {
  if (rows === null) return;
  const isThere = rows.map((row) => book.prices.has(row[2], row[1]));
  for (const [place, row] of rows.entries()) {
    if (isThere[place] === true) continue;
    const [_programme, pointType, merchant, from, issuePrice, reimbursement, fee, ...rest] = row;
    const [issuing, accepting, funding, quota] = rest;
    const worth = { pointType, from, issuePrice, reimbursement, fee };
    book.prices.add(merchant, { ...worth, issuing, accepting, funding, quota });
  }
}

function addAllotments(book: Book, rows: readonly AllotmentJson[] | null, surveyed: Survey): void {
  for (const [budget, granted, spent] of rows ?? []) {
    if (book.allotments.has(budget)) continue;
    const left = surveyed.get(budget);
    const own = granted - spent;
    book.allotments.set(budget, {
      budget,
      spent,
      spentMost: spent,
      left: Math.max(own, left ?? 0),
      surveyed: left !== undefined,
    });
  }
}

/** A lot of the book, once, and of those of its account that slide. */
function addLot(book: Book, json: LotJson): Lot {
  const known = book.lots.get(json[0]);
  if (known !== undefined) return known;
  const lot = readLot(json);
  book.lots.set(lot.id, lot);
  if (lot.slideMonths !== null) book.accounts.get(accountKey(json[13], json[14]))?.sliding.add(lot);
  return lot;
}

function addSliding(book: Book, loaded: Loaded, sought: Wanted['sliding']): void {
  for (const json of loaded.sliding ?? []) addLot(book, json);
  for (const { member, pointType, months, until } of sought)
    book.accounts.get(accountKey(member, pointType))?.slidingUntil.set(months, until);
  for (const [member, pointType, open] of loaded.counted ?? []) {
    const account = book.accounts.get(accountKey(member, pointType));
    if (account !== undefined) account.openSliding = open;
  }
}

async function addTerms(pool: Pool, shard: number, book: Book): Promise<void> {
  const { rows } = await pool.query<{ terms: TermsJson[] | null }>({
    name: 'ledger-load-terms',
    text: LOAD_TERMS,
    values: [shard, uuids([...book.lots.keys()])],
  });
  for (const json of rows[0]?.terms ?? []) {
    const [id, issuer, funders, shares, ruleVersion, evidence, unitCost, ...times] = json;
    const [availableAt, expiresAt, slideMonths, root] = times;
    book.terms.set(id, {
      issuer,
      funders: payingOf(funders, shares),
      ruleVersion,
      evidence,
      unitCost,
      availableAt,
      expiresAt,
      ...(slideMonths === null ? {} : { slideMonths }),
      ...(root === null ? {} : { root }),
    });
  }
}

function payingOf(funders: readonly Uuid[] | null, shares: readonly number[] | null) {
  if (funders === null) return null;
  return funders.map((merchant, place) => ({ merchant, share: shares?.[place] ?? 0 }));
}

function addSubjects(book: Book, loaded: LoadedSubjects, surveyed: Survey): void {
  addPrices(book, loaded.prices);
  addAllotments(book, loaded.allotments, surveyed);
  for (const [id, marks] of loaded.marked ?? []) book.marked.set(id, marks);
  for (const json of loaded.named ?? []) {
    book.owners.set(json[0], accountKey(json[13], json[14]));
    addLot(book, json);
  }
  for (const [
    id,
    programme,
    pointType,
    member,
    merchant,
    expiresAt,
    lots,
    points,
    remaining,
  ] of loaded.holds ?? []) {
    const takes: Hold['takes'] = lots.map((lot, index) => ({ lot, points: points[index] ?? 0 }));
    book.holds.set(id, { id, programme, pointType, member, merchant, expiresAt, takes, remaining });
  }
  for (const json of loaded.subjects ?? []) {
    const { transaction } = readTransaction(json);
    book.transactions.set(transaction.id, transaction);
  }
  for (const [burn, points] of loaded.refunds ?? [])
    book.refunded.set(burn, (book.refunded.get(burn) ?? 0) + points);
}

function readLot([
  id,
  seq,
  issuer,
  availableAt,
  expiresAt,
  issued,
  amount,
  remaining,
  held,
  expired,
  expiredRecovered,
  returned,
  pending,
  _member,
  _pointType,
  slideMonths,
  unitCost,
  paying,
]: LotJson): Lot {
  return {
    id,
    seq,
    issuer,
    availableAt,
    expiresAt,
    slideMonths,
    unitCost,
    funders: paying === null ? null : payingOf(paying[0], paying[1]),
    root: paying?.[2] ?? null,
    issued,
    amount,
    remaining,
    held,
    expired,
    expiredRecovered,
    returned,
    pending,
  };
}
