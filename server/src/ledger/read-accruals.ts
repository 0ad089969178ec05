import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { SourceKind } from './command.ts';
import { sourceKindName } from './record.ts';

/** A range of a shard's entries, `until` not included. */
export interface AccrualRange {
  readonly shard: number;
  readonly from: number;
  readonly until: number;
}

/** Accruals of a programme that took effect in [`from`, `until`), and where they are. */
export interface AccrualSpan {
  readonly programme: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly ranges: readonly AccrualRange[];
}

export interface Accrual {
  readonly shard: number;
  readonly seq: number;
  readonly place: number;
  readonly kind: 'use' | 'reversal' | 'repayment';
  readonly effectiveAt: Instant;
  readonly pointType: number;
  readonly payer: Uuid;
  readonly taker: Uuid;
  readonly points: number;
  /** In micro-fen. */
  readonly owed: bigint;
  readonly due: bigint;
  readonly fee: bigint;
  readonly transaction: Uuid;
  readonly source: { readonly kind: SourceKind; readonly id: Uuid } | null;
  readonly lot: Uuid;
  readonly issuer: Uuid;
  /** In micro-fen. */
  readonly unitCost: number | null;
  readonly lotSource: { readonly kind: SourceKind; readonly id: Uuid } | null;
}

/**
 * Sums accruals by payer, taker and point type into the temporary table `sums`, which goes with the transaction. Made as a
 * table of a query, because that is planned with several workers, which an insert never is: 10 million rows of 500
 * merchants took 60 % longer as an insert.
 */
export async function sumAccruals(tx: Transaction, sums: string, span: AccrualSpan): Promise<void> {
  // A table of a query takes no parameters: nothing goes into it but integers.
  await tx.query(
    `create temp table ${sums} on commit drop as
      select payer, taker, point_type, sum(points)::int8 as points, sum(owed) as owed, sum(due) as due, sum(fee) as fee
      from ledger.accrual
      where programme = ${integer(span.programme)} and effective_at_ms >= ${integer(span.from)} and effective_at_ms < ${integer(span.until)}
        and ${within(span.ranges)}
      group by payer, taker, point_type`,
  );
}

/** The first accrual of a programme in each range that took effect at `from` or later: absent where there is none. */
export async function firstAccruals(
  tx: Transaction,
  { programme, from, ranges }: Omit<AccrualSpan, 'until'>,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await tx.query<{ shard: number; seq: number }>(
    `select shard, min(seq) as seq from ledger.accrual
      where programme = ${integer(programme)} and effective_at_ms >= ${integer(from)} and ${within(ranges)}
      group by shard`,
  );
  return new Map(rows.map(({ shard, seq }) => [shard, seq]));
}

/** One pass over the table or one union of index ranges, whichever is less: a join with the ranges would be neither. */
function within(ranges: readonly AccrualRange[]): string {
  const each = ranges.map(
    ({ shard, from, until }) =>
      `shard = ${integer(shard)} and seq >= ${integer(from)} and seq < ${integer(until)}`,
  );
  return each.length === 0 ? 'false' : `(${each.join(' or ')})`;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an integer`);
  return String(value);
}

/** Which pairs are asked for: those of a payer, of a taker, or of both; of all when neither is named. */
export interface PairAsked {
  readonly payer?: Uuid | undefined;
  readonly taker?: Uuid | undefined;
}

const KINDS = [undefined, 'use', 'reversal', 'repayment'] as const;

type Row = Omit<Accrual, 'kind' | 'owed' | 'due' | 'fee' | 'source' | 'lotSource'> & {
  readonly kind: number;
  readonly owed: string;
  readonly due: string;
  readonly fee: string;
  readonly sourceKind: number | null;
  readonly source: Uuid | null;
  readonly lotSourceKind: number | null;
  readonly lotSource: Uuid | null;
};

/**
 * Accruals of a merchant, as payer or taker (null: of all), in the order of the ledger, at most `limit` after `after`. It reads
 * on in each shard until it has them: there is no index by merchant, which every redemption would have to pay for.
 */
export async function readAccruals(
  sql: Sql,
  span: AccrualSpan,
  merchant: Uuid | null,
  after: Pick<Accrual, 'shard' | 'seq' | 'place'> | null,
  limit: number,
  { payer, taker }: PairAsked = {},
): Promise<Accrual[]> {
  const found: Accrual[] = [];
  const ranges = [...span.ranges].sort((a, b) => a.shard - b.shard);
  for (const { shard, from, until } of ranges) {
    if (found.length >= limit) break;
    if (after !== null && shard < after.shard) continue;
    const isBegun = after !== null && shard === after.shard;
    const [seq, place] = isBegun ? [after.seq, after.place] : [from, -1];
    const { rows } = await sql.query<Row>({
      name: 'ledger-accruals',
      text: `select a.shard, a.seq, a.place, a.kind, a.effective_at_ms as "effectiveAt", a.point_type as "pointType", a.payer, a.taker,
          a.points, a.owed::text, a.due::text, a.fee::text, e.transaction, t.source_kind as "sourceKind", t.source,
          e.lot, l.issuer, l.unit_cost as "unitCost", g.source_kind as "lotSourceKind", g.source as "lotSource"
        from (
          select * from ledger.accrual a
          where a.shard = $1 and a.seq < $2 and (a.seq, a.place) > ($3, $4) and a.programme = $5
            and a.effective_at_ms >= $6 and a.effective_at_ms < $7 and ($8::uuid is null or a.payer = $8 or a.taker = $8)
            and ($9::uuid is null or a.payer = $9) and ($10::uuid is null or a.taker = $10)
          order by a.seq, a.place limit $11) a
        join ledger.entry e on e.shard = a.shard and e.seq = a.seq
        join ledger.transaction t on t.id = e.transaction and t.shard = a.shard
        left join ledger.lot l on l.id = e.lot and l.shard = a.shard
        left join ledger.transaction g on g.id = l.transaction and g.shard = a.shard
        order by a.seq, a.place`,
      values: [
        ...[shard, until, seq, place, span.programme, span.from, span.until, merchant],
        ...[payer ?? null, taker ?? null],
        limit - found.length,
      ],
    });
    found.push(...rows.map(toAccrual));
  }
  return found;
}

function toAccrual({ kind, owed, due, fee, ...row }: Row): Accrual {
  const { sourceKind, source, lotSourceKind, lotSource, ...rest } = row;
  const name = KINDS[kind];
  if (name === undefined) throw new Error(`there is no accrual of kind ${kind}`);
  return {
    ...rest,
    kind: name,
    owed: BigInt(owed),
    due: BigInt(due),
    fee: BigInt(fee),
    source: sourceOf(sourceKind, source),
    lotSource: sourceOf(lotSourceKind, lotSource),
  };
}

const sourceOf = (kind: number | null, id: Uuid | null): Accrual['source'] =>
  kind === null || id === null ? null : { kind: sourceKindName(kind), id };

/** Since when a programme is cleared: the first of its standard prices, for any of its point types; null: it is not. */
export async function clearedSince(sql: Sql, programme: number): Promise<Instant | null> {
  const { rows } = await sql.query<{ from: Instant | null }>(
    `select min(from_ms) as "from" from ledger.price
      where programme = $1 and merchant = '00000000-0000-0000-0000-000000000000'`,
    [programme],
  );
  return rows[0]?.from ?? null;
}
