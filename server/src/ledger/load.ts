import type { Pool } from 'pg';
import type { Uuid } from '../kernel/id.ts';
import { int4s, texts, uuids } from '../platform/columns.ts';
import { accountKey, Book, type Debt, type Hold, type Lot } from './book.ts';
import { type BudgetLimit, type Command, type CounterLimit, subjectOf } from './command.ts';
import { counterKey } from './limits.ts';
import {
  type RecordedTransaction,
  readTransaction,
  TRANSACTION_JSON,
  type TransactionJson,
} from './record.ts';

const ALL_LOTS = 2_147_483_647;

const LOT_JSON = `json_build_array(l.id, l.seq, l.issuer, l.available_at_ms, l.expires_at_ms, l.issued, l.amount,
  l.remaining, l.held, l.expired, l.expired_recovered, l.returned, l.pending, l.member, l.point_type)`;

/**
 * What a batch needs from the database, in one statement and so in one snapshot. Lateral joins walk an
 * index per wanted row; `offset 0` keeps the planner from turning one into a scan of the shard, and so
 * does writing `any (…)` as a join: planned on an empty table, it became a scan that compared every
 * transaction of the shard with every key.
 */
export const LOAD = `
  select
    (select json_agg(${TRANSACTION_JSON}) from unnest($2::text[]) as w (key)
      cross join lateral (select * from ledger.transaction t where t.shard = $1 and t.key = w.key offset 0) t) as replays,
    (select json_agg(json_build_array(a.member, a.point_type, a.programme, a.free, a.held, a.debt, a.earned,
        a.redeemed, a.expired, a.last_effective_at_ms,
        case when a.debt = 0 then null else (
          select json_agg(json_build_array(d.seq, d.lot, d.amount, d.remaining) order by d.seq) from ledger.debt d
          where d.shard = $1 and d.member = a.member and d.point_type = a.point_type and d.remaining > 0) end))
      from unnest($3::uuid[], $4::int[]) as w (member, point_type)
      cross join lateral (select * from ledger.member_account a
        where a.shard = $1 and a.member = w.member and a.point_type = w.point_type offset 0) a) as accounts,
    (select json_agg(l.j) from unnest($3::uuid[], $4::int[], $5::int[]) as w (member, point_type, lots)
      cross join lateral (select ${LOT_JSON} as j
        from ledger.lot l where l.shard = $1 and l.member = w.member and l.point_type = w.point_type and l.open
        order by l.expires_at_ms, l.seq limit w.lots) l where w.lots > 0) as front,
    (select json_agg(json_build_array(c.member, c.name, c.value)) from unnest($6::uuid[], $7::text[]) as n (member, name)
      cross join lateral (select * from ledger.counter c
        where c.shard = $1 and c.member = n.member and c.name = n.name offset 0) c) as counters,
    (select json_agg(json_build_array(a.budget, a.granted, a.spent)) from unnest($8::uuid[]) as w (budget)
      cross join lateral (select * from ledger.allotment a
        where a.budget = w.budget and a.shard = $1 offset 0) a) as allotments,
    (select json_agg(json_build_array(w.programme, c.at)) from unnest($9::int[]) as w (programme)
      cross join lateral (select t.effective_at_ms as at from ledger.transaction t
        where t.shard = $1 and t.programme = w.programme and t.kind = 15
        order by t.effective_at_ms desc limit 1) c) as closed`;

/** What commands that act on earlier transactions need besides; most batches have none. */
export const LOAD_SUBJECTS = `
  with subject as (
    select t.* from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t where t.shard = $1 and t.id = w.id offset 0) t
  ), pinned as (
    select h.* from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.hold h where h.shard = $1 and h.id = w.id offset 0) h
  ), named as (
    select e.lot from subject s cross join lateral (select e.lot from ledger.entry e
      where e.shard = $1 and e.seq >= s.entry_first and e.seq < s.entry_first + s.entries offset 0) e
    union
    select unnest(h.lots) from pinned h
    union
    select unnest($3::uuid[])
  )
  select
    (select json_agg(l.j) from named n
      cross join lateral (select ${LOT_JSON} as j from ledger.lot l where l.shard = $1 and l.id = n.lot offset 0) l) as named,
    (select json_agg(json_build_array(h.id, h.programme, h.point_type, h.member, h.merchant, h.expires_at_ms, h.lots,
        h.points, h.remaining)) from pinned h) as holds,
    (select json_agg(${TRANSACTION_JSON}) from subject t) as subjects,
    (select json_agg(json_build_array(t.subject, t.points)) from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t
        where t.shard = $1 and t.subject = w.id and t.kind in (9, 13) and t.refusal is null offset 0) t) as refunds`;

/** The terms of lots, which only a conversion needs. */
const LOAD_TERMS = `
  select json_agg(json_build_array(l.id, l.issuer, l.funders, l.funder_shares, l.rule_version, encode(l.evidence, 'hex'),
      l.unit_cost, l.available_at_ms, l.expires_at_ms)) as terms
    from unnest($2::uuid[]) as w (id)
    cross join lateral (select * from ledger.lot l where l.shard = $1 and l.id = w.id offset 0) l`;

type TermsJson = [
  id: Uuid,
  issuer: Uuid,
  funders: Uuid[] | null,
  shares: number[] | null,
  ruleVersion: Uuid | null,
  evidence: string | null,
  unitCost: number | null,
  availableAt: number,
  expiresAt: number | null,
];
type LotJson = [
  Uuid,
  number,
  Uuid,
  number,
  number | null,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  boolean,
  Uuid,
  number,
];
interface Loaded {
  replays: TransactionJson[] | null;
  accounts:
    | [
        Uuid,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        [number, Uuid, number, number][] | null,
      ][]
    | null;
  front: LotJson[] | null;
  counters: [Uuid, string, number][] | null;
  allotments: [budget: Uuid, granted: number, spent: number][] | null;
  closed: [programme: number, at: number][] | null;
}
interface LoadedSubjects {
  named: LotJson[] | null;
  holds: [Uuid, number, number, Uuid, Uuid | null, number, Uuid[], number[], number][] | null;
  subjects: TransactionJson[] | null;
  refunds: [Uuid, number][] | null;
}

/**
 * How many lots of its account, in spending order, a command is decided on in the first, second and
 * third round. Most burns are settled by the first few lots, most returns by the one they name.
 */
function lotsFor(command: Command, round: number): number {
  switch (command.kind) {
    case 'burn':
    case 'hold':
    case 'convert':
      return [32, 512, ALL_LOTS][round] ?? ALL_LOTS;
    case 'transfer_out':
      return command.points === undefined ? ALL_LOTS : ([32, 512][round] ?? ALL_LOTS);
    case 'adjust':
      return command.points > 0 ? 0 : ALL_LOTS;
    case 'expire':
      return round === 0 ? 512 : ALL_LOTS;
    case 'mature':
      return ALL_LOTS;
    case 'return':
    case 'claw_back':
      return round === 0 ? 0 : ALL_LOTS;
    default:
      return 0;
  }
}

/** What is left of budgets, at home and in all shards. */
export type Survey = ReadonlyMap<Uuid, number>;

/** Counts together what is left of the budgets that commands name, whoever it was lent to. */
export async function survey(pool: Pool, commands: readonly Command[]): Promise<Survey> {
  const { rows } = await pool.query<{ budget: Uuid; left: number }>({
    name: 'ledger-survey',
    text: `select b.id as budget, b.total - (select sum(a.spent) from ledger.allotment a where a.budget = b.id)::int8 as left
      from unnest($1::uuid[]) as w (id)
      cross join lateral (select * from ledger.budget b where b.id = w.id offset 0) b`,
    values: [uuids([...wantedBy(commands, 0).budgets])],
  });
  return new Map(rows.map((row) => [row.budget, row.left]));
}

/** What a command is counted on. */
function limitsOf(command: Command): readonly (Pick<CounterLimit, 'counter'> | BudgetLimit)[] {
  if (command.kind === 'issue' || command.kind === 'transfer_out') return command.limits ?? [];
  return command.kind === 'transfer_return'
    ? (command.counters ?? []).map((counter) => ({ counter }))
    : [];
}

/** What a batch needs: accounts with how many of their lots, earlier transactions, limits. */
interface Wanted {
  readonly accounts: readonly {
    readonly member: Uuid;
    readonly pointType: number;
    readonly lots: number;
  }[];
  readonly subjects: ReadonlySet<Uuid>;
  /** Lots that are named. */
  readonly arrived: ReadonlySet<Uuid>;
  readonly counters: readonly { readonly member: Uuid; readonly name: string }[];
  readonly budgets: ReadonlySet<Uuid>;
}

export function wantedBy(commands: readonly Command[], round: number): Wanted {
  const accounts = new Map<string, { member: Uuid; pointType: number; lots: number }>();
  const subjects = new Set<Uuid>();
  const arrived = new Set<Uuid>();
  const counters: { member: Uuid; name: string }[] = [];
  const budgets = new Set<Uuid>();
  const want = (member: Uuid, pointType: number, lots: number): void => {
    const key = accountKey(member, pointType);
    const account = accounts.get(key);
    if (account === undefined) accounts.set(key, { member, pointType, lots });
    else account.lots = Math.max(account.lots, lots);
  };
  for (const command of commands) {
    const { member, pointType } = command;
    want(member, pointType, lotsFor(command, round));
    if (command.kind === 'convert') want(member, command.to, 0);
    if (command.kind === 'claw_back') for (const lot of command.arrived) arrived.add(lot);
    const subject = subjectOf(command);
    if (subject !== null) subjects.add(subject);
    for (const limit of limitsOf(command)) {
      if ('budget' in limit) budgets.add(limit.budget);
      else counters.push({ member, name: limit.counter });
    }
  }
  return { accounts: [...accounts.values()], subjects, arrived, counters, budgets };
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
): Promise<{ book: Book; replays: Map<string, RecordedTransaction> }> {
  const { accounts: rows, subjects, arrived, counters, budgets } = wantedBy(commands, round);
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
    ],
  });
  const loaded = result.rows[0];
  if (loaded === undefined) throw new Error('the load statement answers one row');
  const book = bookOf(loaded, nextSeq, rows, surveyed);
  if (subjects.size > 0) {
    const acted = await pool.query<LoadedSubjects>({
      name: 'ledger-load-subjects',
      text: LOAD_SUBJECTS,
      values: [shard, uuids([...subjects]), uuids([...arrived])],
    });
    addSubjects(book, acted.rows[0] as LoadedSubjects);
  }
  if (commands.some((command) => command.kind === 'convert')) await addTerms(pool, shard, book);
  const replays = new Map<string, RecordedTransaction>();
  for (const json of loaded.replays ?? []) {
    const recorded = readTransaction(json);
    replays.set(recorded.transaction.key, recorded);
  }
  return { book, replays };
}

function bookOf(
  loaded: Loaded,
  nextSeq: number,
  rows: readonly { member: Uuid; pointType: number; lots: number }[],
  surveyed: Survey,
): Book {
  const book = new Book(nextSeq);
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
      debts: (debts ?? []).map(
        ([seq, lot, amount, remaining]): Debt => ({ seq, lot, amount, remaining }),
      ),
    });
  }
  for (const json of loaded.front ?? []) {
    const lot = readLot(json);
    book.lots.set(lot.id, lot);
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
  for (const [budget, granted, spent] of loaded.allotments ?? []) {
    const left = surveyed.get(budget);
    const own = granted - spent;
    book.allotments.set(budget, {
      budget,
      spent,
      left: Math.max(own, left ?? 0),
      surveyed: left !== undefined,
    });
  }
  return book;
}

async function addTerms(pool: Pool, shard: number, book: Book): Promise<void> {
  const { rows } = await pool.query<{ terms: TermsJson[] | null }>({
    name: 'ledger-load-terms',
    text: LOAD_TERMS,
    values: [shard, uuids([...book.lots.keys()])],
  });
  for (const json of rows[0]?.terms ?? []) {
    const [id, issuer, funders, shares, ruleVersion, evidence, unitCost, availableAt, expiresAt] =
      json;
    const paying = funders?.map((merchant, place) => ({ merchant, share: shares?.[place] ?? 0 }));
    book.terms.set(id, {
      issuer,
      funders: paying ?? null,
      ruleVersion,
      evidence,
      unitCost,
      availableAt,
      expiresAt,
    });
  }
}

function addSubjects(book: Book, loaded: LoadedSubjects): void {
  for (const json of loaded.named ?? []) {
    book.owners.set(json[0], accountKey(json[13], json[14]));
    if (!book.lots.has(json[0])) book.lots.set(json[0], readLot(json));
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
]: LotJson): Lot {
  return {
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
  };
}
