import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { compareRows } from './compare-rows.ts';
import type { Seen } from './finding.ts';
import { memberOf, type Shadow } from './shadow.ts';
import { type Replayed, readActiveAfter, sumCounterAccounts } from './store.ts';

export interface Compared {
  /** The last block that was replayed. */
  readonly block: number;
  /** Whether it is the newest: then no row has moved on since. */
  readonly isNewest: boolean;
  readonly findings: Seen[];
}

/** Compares what a replay knows with the state's rows; answers how many were looked at. */
export async function compareReplayed(
  sql: Sql,
  shard: number,
  state: Shadow,
  { block, isNewest, findings }: Compared,
): Promise<number> {
  const report = reportTo(findings, shard, block);
  if (!isNewest) await forgetActive(sql, shard, state, block);
  const owners = Array.from(state.counterAccounts.keys(), (key) => key.split('/')[1] as Uuid);
  return compareRows(
    sql,
    shard,
    state,
    {
      lots: [...state.lots.keys()],
      holds: [...state.holds.keys()],
      members: [...new Set(Array.from(state.accounts.keys(), memberOf))],
      counters: Array.from(state.counters.keys(), (key) => ({
        member: memberOf(key),
        name: key.slice(37),
      })),
      claims: [...state.claims.keys()],
      owners: isNewest ? [...new Set(owners)] : [],
      budgets: isNewest ? [...state.budgets.keys()] : [],
    },
    report,
  );
}

/** Adds up all accounts of a shard: members as replayed, the others as their rows say. Only where the replay has reached the head. */
export async function compareSums(
  sql: Sql,
  shard: number,
  memberTotals: Replayed['memberTotals'],
  { block, findings }: Compared,
): Promise<number> {
  const report = reportTo(findings, shard, block);
  const sums = await sumCounterAccounts(sql, shard);
  for (const pointType of new Set([...sums.keys(), ...Object.keys(memberTotals)])) {
    const sum = (sums.get(pointType) ?? 0n) + BigInt(memberTotals[pointType] ?? 0);
    if (sum !== 0n)
      report(`point type ${pointType}`, `all accounts of the shard add up to ${sum}, not to 0`);
  }
  return sums.size;
}

function reportTo(findings: Seen[], shard: number, block: number) {
  return (about: string, message: string): void => {
    findings.push({ shard, block, invariant: 'state', about, message });
  };
}

/**
 * Later blocks have moved on the rows of some members: those are compared with the page that replays these
 * blocks. What is kept of the replay was taken before.
 */
async function forgetActive(sql: Sql, shard: number, state: Shadow, block: number): Promise<void> {
  const { lots, holds, accounts, counters, debts } = state;
  const members = new Set(Array.from(accounts.keys(), memberOf));
  for (const { member } of [...lots.values(), ...holds.values(), ...debts.values()])
    members.add(member);
  const active = await readActiveAfter(sql, shard, [...members], block);
  for (const [lot, { member }] of debts) if (active.has(member)) debts.delete(lot);
  for (const [id, { member }] of lots) if (active.has(member)) lots.delete(id);
  for (const [id, { member }] of holds) if (active.has(member)) holds.delete(id);
  for (const key of accounts.keys()) if (active.has(memberOf(key))) accounts.delete(key);
  for (const key of counters.keys()) if (active.has(memberOf(key))) counters.delete(key);
}
