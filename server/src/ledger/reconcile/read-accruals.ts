import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { KINDS } from '../command.ts';
import { ENTRY_KINDS, PLATFORM, ROLES } from '../transaction.ts';
import { type Accruals, priceOf } from '../verify/accruals.ts';
import { ENTRY, isNil, LEAF, LeafView, readUuid } from '../verify/leaf.ts';
import { bytesOf } from './shadow-replay.ts';

/** What of earlier blocks the accruals of some leaves turn on. */
interface Needed {
  /** Lots of which points were used, came back, or settle a debt. */
  readonly lots: Set<Uuid>;
  /** What debts that are settled are about. */
  readonly debts: Set<Uuid>;
  /** What is refunded. */
  readonly burns: Set<Uuid>;
}

/**
 * Begins accruals with what these leaves need to know of the blocks up to `block`: what lots cost and who pays for them, what
 * debts are about, what burns took and how much of it came back. All of it is in the chain, and is read where the ledger keeps
 * it; whether that is what the chain says, verify finds out.
 */
export async function restoreAccruals(
  sql: Sql,
  shard: number,
  accruals: Accruals,
  leaves: readonly Buffer[],
  block: number,
): Promise<void> {
  const { lots, debts, burns } = neededBy(leaves);
  if (lots.size === 0) return;
  const worths = await readWorths(sql, shard, [...lots]);
  for (const { id, issuer, unitCost, funders, shares } of worths) {
    const payers = funders?.map((merchant, place) => ({
      merchant,
      share: BigInt(shares?.[place] ?? 0),
    })) ?? [{ merchant: issuer, share: 1n }];
    const worth = { unitCost: BigInt(unitCost), payers, isFunded: funders !== null };
    accruals.restoreLot(bytesOf(id), worth);
  }
  // What came of a lot was made after it.
  for (const { id, origin, by } of worths)
    if (origin !== null)
      accruals.restoreOrigin(bytesOf(id), bytesOf(origin), by === KINDS.transfer_in);
  if (debts.size > 0) {
    for (const { programme, pointType, from } of await readCleared(sql))
      accruals.clear(programme, pointType, from);
    for (const { debt, taker, role, marks } of await readDebts(sql, shard, [...debts], block)) {
      const price = role === ROLES.acquirer ? priceOf(marks ?? []) : null;
      if (price !== undefined) accruals.restoreDebt(bytesOf(debt), { taker, price });
    }
  }
  if (burns.size > 0)
    for (const { burn, lot, marks, back } of await readUses(sql, shard, [...burns], block)) {
      const price = priceOf(marks);
      if (price !== undefined) accruals.restoreUse(bytesOf(burn), bytesOf(lot), price, back);
    }
}

function neededBy(leaves: readonly Buffer[]): Needed {
  const needed: Needed = { lots: new Set(), debts: new Set(), burns: new Set() };
  const view = new LeafView();
  for (const bytes of leaves) {
    const leaf = view.read(bytes);
    if (leaf.isRefused) continue;
    if (leaf.kind === 'refund') needed.burns.add(readUuid(bytes, LEAF.subject));
    for (let index = 0; index < leaf.entryCount; index += 1) {
      const { kind, at, toRole, fromRole } = leaf.entryAt(index);
      const isSettling = (kind === 'repay' || kind === 'recover') && !isNil(bytes, at + ENTRY.ref);
      if (isSettling) needed.debts.add(readUuid(bytes, at + ENTRY.ref));
      if (isSettling || toRole === 'acquirer' || fromRole === 'acquirer')
        needed.lots.add(readUuid(bytes, at + ENTRY.lot));
    }
  }
  return needed;
}

interface WorthRow {
  readonly id: Uuid;
  readonly issuer: Uuid;
  readonly unitCost: number;
  readonly funders: readonly Uuid[] | null;
  readonly shares: readonly number[] | null;
  readonly origin: Uuid | null;
  /** The kind of transaction that made it of its origin. */
  readonly by: number | null;
}

/** Those of the lots that cost something, oldest first, and of funded ones those they came from. */
async function readWorths(sql: Sql, shard: number, lots: readonly Uuid[]): Promise<WorthRow[]> {
  const { rows } = await sql.query<WorthRow>(
    `with recursive worth as (
        select l.*, o.ref as origin, o.kind as by from unnest($2::uuid[]) as n (id)
          cross join lateral (${LOT_THAT_COSTS} and l.id = n.id offset 0) l left join lateral (${ORIGIN}) o on true
        union
        select l.*, o.ref, o.kind from worth w
          cross join lateral (${LOT_THAT_COSTS} and l.id = w.origin offset 0) l left join lateral (${ORIGIN}) o on true
      )
      select id, issuer, unit_cost as "unitCost", funders, funder_shares as shares, origin, by from worth order by seq`,
    [shard, lots],
  );
  return rows;
}

const LOT_THAT_COSTS = `select l.id, l.seq, l.issuer, l.unit_cost, l.funders, l.funder_shares from ledger.lot l
  where l.shard = $1 and l.unit_cost is not null`;

/** Where a funded lot came from. */
const ORIGIN = `select e.ref, t.kind from ledger.entry e join ledger.transaction t on t.shard = e.shard and t.id = e.transaction
  where e.shard = $1 and e.seq = l.seq and l.funders is not null and e.ref is not null
    and t.kind in (${KINDS.transfer_in}, ${KINDS.convert})`;

interface ClearedRow {
  readonly programme: number;
  readonly pointType: number;
  readonly from: Instant;
}

/** Since when points are cleared. */
async function readCleared(sql: Sql): Promise<ClearedRow[]> {
  const { rows } = await sql.query<ClearedRow>(
    `select programme, point_type as "pointType", min(from_ms) as from from ledger.price where merchant = $1 group by 1, 2`,
    [PLATFORM],
  );
  return rows;
}

interface DebtRow {
  readonly debt: Uuid;
  readonly taker: Uuid;
  readonly role: number;
  readonly marks: readonly string[] | null;
}

async function readDebts(
  sql: Sql,
  shard: number,
  debts: readonly Uuid[],
  block: number,
): Promise<DebtRow[]> {
  const { rows } = await sql.query<DebtRow>(
    `select w.id as debt, e.to_owner as taker, e.to_role as role, t.marks from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.entry e where e.lot = w.id and e.shard = $1
        and e.kind in (${ENTRY_KINDS.owe}, ${ENTRY_KINDS.overdraw}) and e.to_role <> ${ROLES.in_transit} order by e.seq limit 1) e
      join ledger.transaction t on t.shard = $1 and t.id = e.transaction and t.block <= $3`,
    [shard, debts, block],
  );
  return rows;
}

interface UseRow {
  readonly burn: Uuid;
  readonly lot: Uuid;
  readonly marks: readonly string[];
  /** Points that earlier refunds gave back. */
  readonly back: number;
}

async function readUses(
  sql: Sql,
  shard: number,
  burns: readonly Uuid[],
  block: number,
): Promise<UseRow[]> {
  const { rows } = await sql.query<UseRow>(
    `select t.id as burn, e.lot, t.marks, coalesce(r.points, 0)::int8 as back from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t where t.shard = $1 and t.id = w.id and t.block <= $3
        and t.kind in (${KINDS.burn}, ${KINDS.capture}) and t.refusal is null and t.marks is not null offset 0) t
      join ledger.entry e on e.shard = $1 and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries
        and e.kind in (${ENTRY_KINDS.take}, ${ENTRY_KINDS.capture}) and e.to_role = ${ROLES.acquirer}
      left join lateral (select sum(b.points) as points from ledger.transaction r
        join ledger.entry b on b.shard = $1 and b.seq >= r.entry_first and b.seq < r.entry_first + r.entries
          and b.lot = e.lot and b.from_role = ${ROLES.acquirer} and b.kind in (${ENTRY_KINDS.restore}, ${ENTRY_KINDS.repay})
        where r.subject = t.id and r.shard = $1 and r.kind = ${KINDS.refund} and r.refusal is null and r.block <= $3) r on true`,
    [shard, burns, block],
  );
  return rows;
}
