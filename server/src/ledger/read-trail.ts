import type { Instant } from '../kernel/clock.ts';
import { shardOf, type Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Kind, SourceKind } from './command.ts';
import { MERCHANT_OF } from './read.ts';
import { LOT_COLUMNS, type LotShown } from './read-account.ts';
import { entryKindName, kindName, roleName, sourceKindName } from './record.ts';
import type { EntryKind, Role } from './transaction.ts';

/** One entry that touched a lot, in the order of the chain. */
export interface TrailStep {
  readonly seq: number;
  readonly entry: EntryKind;
  readonly points: number;
  readonly transaction: Uuid;
  readonly kind: Kind;
  readonly at: Instant;
  readonly recordedAt: Instant;
  /** The merchant the transaction happened at. */
  readonly merchant: Uuid | null;
  readonly source: { readonly kind: SourceKind; readonly id: Uuid } | null;
  /** What the lot held after it. */
  readonly remaining: number;
  /** The hold of a pin, the lot a repaid debt was about. */
  readonly ref: Uuid | null;
  /** The new expiry an extend gave. */
  readonly expiresAt: Instant | null;
}

/** Points of a lot by what became of them; the parts and `remaining` add up to `issued`. */
export interface TrailSummary {
  readonly issued: number;
  readonly remaining: number;
  readonly repaidDebts: number;
  /** Net of refunds, by merchant. */
  readonly redeemed: readonly { readonly merchant: Uuid; readonly points: number }[];
  /** Net of what a return recovered of it. */
  readonly expired: number;
  readonly returned: number;
  readonly adjusted: number;
  /** Net of what came back. */
  readonly transferred: number;
  readonly converted: number;
}

// The sign an entry has for what its lot holds; kinds that are not listed leave it as it is.
const SIGN = `case e.kind when 1 then 1 when 2 then -1 when 5 then -1 when 6 then -1 when 8 then -1 when 12 then 1 else 0 end`;

interface Row {
  seq: number;
  entry: number;
  points: number;
  transaction: Uuid;
  kind: number;
  at: Instant;
  recordedAt: Instant;
  merchant: Uuid | null;
  sourceKind: number | null;
  source: Uuid | null;
  remaining: number;
  ref: Uuid | null;
  expiresAt: Instant | null;
}

export async function findLot(sql: Sql, id: Uuid): Promise<LotShown | undefined> {
  const { rows } = await sql.query<LotShown>({
    name: 'ledger-lot',
    text: `select ${LOT_COLUMNS} from ledger.lot l where l.shard = $1 and l.id = $2`,
    values: [shardOf(id), id],
  });
  return rows[0];
}

/** Everything that happened to a lot, from its making on, at most `limit` steps after entry `after`. */
export async function readTrail(
  sql: Sql,
  lot: Uuid,
  after: number,
  limit: number,
): Promise<TrailStep[]> {
  const { rows } = await sql.query<Row>({
    name: 'ledger-trail',
    text: `select e.seq, e.kind as entry, e.points, e.transaction, t.kind, t.effective_at_ms as at,
        b.recorded_at_ms as "recordedAt", ${MERCHANT_OF} as merchant, t.source_kind as "sourceKind", t.source,
        e.remaining, e.ref, e.expires_at_ms as "expiresAt"
      from (
        select e.*, (sum(e.points * ${SIGN}) over (order by e.seq))::int8 as remaining
        from ledger.entry e where e.shard = $1 and e.lot = $2
      ) e
      join ledger.transaction t on t.shard = $1 and t.id = e.transaction
      join ledger.block b on b.shard = $1 and b.number = t.block
      where e.seq > $3 order by e.seq limit $4`,
    values: [shardOf(lot), lot, after, limit],
  });
  return rows.map(({ entry, kind, sourceKind, source, ...row }) => ({
    ...row,
    entry: entryKindName(entry),
    kind: kindName(kind),
    source:
      sourceKind === null || source === null
        ? null
        : { kind: sourceKindName(sourceKind), id: source },
  }));
}

/** Where the points of a lot are now. */
export async function summariseLot(sql: Sql, lot: LotShown): Promise<TrailSummary> {
  const { rows } = await sql.query<{
    kind: number;
    from: number;
    to: number;
    fromOwner: Uuid | null;
    toOwner: Uuid | null;
    points: number;
  }>({
    name: 'ledger-trail-sums',
    text: `select e.kind, e.from_role as "from", e.to_role as "to", e.from_owner as "fromOwner", e.to_owner as "toOwner",
        sum(e.points)::int8 as points
      from ledger.entry e where e.shard = $1 and e.lot = $2 and e.points > 0 group by 1, 2, 3, 4, 5`,
    values: [shardOf(lot.id), lot.id],
  });
  const redeemed = new Map<Uuid, number>();
  const sums = {
    repaidDebts: 0,
    expired: 0,
    returned: 0,
    adjusted: 0,
    transferred: 0,
    converted: 0,
  };
  const count = (role: Role, owner: Uuid | null, points: number): void => {
    if (role === 'acquirer' && owner !== null)
      redeemed.set(owner, (redeemed.get(owner) ?? 0) + points);
    if (role === 'breakage') sums.expired += points;
    if (role === 'issuer') sums.returned += points;
    if (role === 'adjustment') sums.adjusted += points;
    if (role === 'in_transit') sums.transferred += points;
    if (role === 'conversion') sums.converted += points;
  };
  for (const row of rows) {
    const kind = entryKindName(row.kind);
    // What made the lot is its beginning, and a debt about it never was in it.
    if (kind === 'issue' || kind === 'owe') continue;
    if (kind === 'repay') sums.repaidDebts += row.points;
    count(roleName(row.to), row.toOwner, row.points);
    // A debt is repaid while a lot is made, or out of a refund: only the refund was somewhere before.
    if (kind !== 'repay' || roleName(row.from) === 'acquirer')
      count(roleName(row.from), row.fromOwner, -row.points);
  }
  return {
    issued: lot.issued,
    remaining: lot.remaining,
    redeemed: [...redeemed]
      .filter(([, points]) => points !== 0)
      .map(([merchant, points]) => ({ merchant, points })),
    ...sums,
  };
}
