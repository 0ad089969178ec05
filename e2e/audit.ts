import { findBreaches } from '@hongmi/server/ledger/testing/invariants';
import { verifyDataDir } from '@hongmi/server/main/verify';
import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import { Pool } from 'pg';
import { expect } from 'vitest';
import type { Bank, Slip } from './bank.ts';
import type { Answered, Caller, Lot, Recorded } from './caller.ts';

/** What a transaction does to its member's balance (free and held, less debt), by its kind and points. */
function effectOf(kind: string, points: number): number {
  if (kind === 'issue' || kind === 'refund' || kind === 'adjust') return points;
  return kind === 'burn' || kind === 'capture' || kind === 'return' ? -points : 0;
}

/**
 * Holds the clients' slips against the server's books: every acknowledged request is recorded exactly
 * once, as it was acknowledged; nothing is recorded that nobody asked for; balances are what the
 * recorded transactions add up to.
 */
export async function reconcile(caller: Caller, bank: Bank): Promise<void> {
  const byMember = new Map<string, Slip[]>(bank.members.map((member) => [member, []]));
  for (const slip of bank.slips) byMember.get(slip.member)?.push(slip);
  for (const [member, slips] of byMember) {
    const recorded = await readAll(caller, `/members/${member}/transactions`);
    const byId = new Map(recorded.map((each) => [each.id, each]));
    expect(byId.size).toBe(recorded.length);
    const applied = slips.filter((slip) => statusOf(slip) === 201);
    for (const slip of applied) {
      const { transaction, receipt } = (slip.answers[0] as Answered).body;
      const found = byId.get(transaction.id);
      expect(
        found,
        `${slip.key} was acknowledged as ${transaction.id} and is not there`,
      ).toBeDefined();
      expect({ ...found }).toMatchObject({ ...transaction, receipt });
      byId.delete(transaction.id);
    }
    // What is left was refused, and every refusal was told to someone.
    const refused = slips
      .filter((slip) => statusOf(slip) === 422)
      .map((slip) => slip.answers[0]?.body.code);
    const left = [...byId.values()];
    expect(left.map((each) => each.status).filter((status) => status !== 'refused')).toEqual([]);
    expect(left.map((each) => each.problem).sort()).toEqual(refused.sort());

    let balance = 0;
    for (const each of recorded.reverse()) {
      if (each.status === 'applied') balance += effectOf(each.kind, each.points);
      expect(each.balanceAfter, `${each.id} ${each.kind}`).toBe(balance);
    }
    const [shown] = (await caller.until('GET', `/members/${member}/balance`)).body.balances;
    const lots = await readAll(caller, `/members/${member}/lots`);
    const remaining = lots.reduce((total, lot) => total + lot.remaining, 0);
    const held = lots.reduce((total, lot) => total + lot.held, 0);
    const debt = remaining - balance;
    const available = Math.max(0, remaining - held - debt);
    expect(shown).toMatchObject({ available, pending: 0, held, debt });
  }
}

/** Every request sent once more gets the answer it got first, told as a repetition. */
export async function repeatAll(
  bank: Bank,
  send: (slip: Slip) => Promise<Answered>,
): Promise<void> {
  const queue = [...bank.slips];
  const client = async (): Promise<void> => {
    for (let slip = queue.pop(); slip !== undefined; slip = queue.pop()) {
      const again = await send(slip);
      expect(again.text, slip.key).toBe(slip.answers[0]?.text);
      expect([again.status, again.replayed], slip.key).toEqual([statusOf(slip), true]);
    }
  };
  await Promise.all(Array.from({ length: 16 }, client));
}

/** The chain verifies, and the tables keep the ledger's invariants. */
export async function auditDatabase(dataDir: string, databaseUrl?: string): Promise<number> {
  const verified = await verifyDataDir({ dataDir, databaseUrl });
  expect(verified.findings).toEqual([]);
  expect(verified.ok).toBe(true);
  const url = databaseUrl ?? (await findRunning(dataDir));
  if (url === undefined) throw new Error('the database does not run');
  const pool = new Pool({ connectionString: url, max: 2 });
  try {
    expect(await findBreaches(pool)).toEqual([]);
  } finally {
    await pool.end();
  }
  return verified.transactions;
}

export function statusOf(slip: Slip): number {
  return (slip.answers[0] as Answered).status;
}

async function readAll(caller: Caller, path: string): Promise<(Recorded & Lot)[]> {
  const items: (Recorded & Lot)[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Answered = await caller.until(
      'GET',
      `${path}?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    expect(page.status, page.text).toBe(200);
    items.push(...page.body.items);
    cursor = page.body.nextCursor;
  }
  return items;
}
