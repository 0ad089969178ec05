import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi, inParallel } from './api.ts';
import { fillLedger } from './fill/fill.ts';
import type { WorkloadSpec } from './load/workload.ts';
import { withClient } from './naive/prepare.ts';
import { type LoadProcess, startLoadProcess } from './processes/load.ts';
import { type LedgerServer, type Part, startLedgerServer } from './processes/server.ts';

/** A server with something in it, a load generator, and a folder that goes away with them. */
export interface Stage {
  readonly ledger: LedgerServer;
  readonly load: LoadProcess;
  readonly folder: string;
  /** Empty when the ledger was filled: those stand in a file only. */
  readonly members: readonly string[];
  readonly merchants: readonly string[];
  /** What a run asks for, with keys and random numbers of its own. */
  workload(given: Pick<WorkloadSpec, 'kind'> & Partial<WorkloadSpec>): WorkloadSpec;
  /** Stopped with the stage, before what it was made from. */
  onClose(close: () => Promise<void>): void;
}

export interface StageOptions {
  /** Where the database lies; the system's folder for temporary files when absent. */
  readonly dir: string | undefined;
  readonly members: number;
  readonly merchants: number;
  /** So many entries, written past the API; absent: the starting points of each member, through it. */
  readonly entries?: number;
  /** What the server does without. */
  readonly without?: readonly Part[];
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What every member starts with: more than a run's burns take from one of them. */
export const STARTING_POINTS = 1_000_000;
const MEMBERS_PER_REQUEST = 1_000;
const COMMANDS_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 6;

const folders = new Set<string>();

/** Removes what interrupted benchmarks left in the file system. */
export function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Sets a stage, plays `play` on it, and clears it whatever happened. */
export async function withStage<T>(
  options: StageOptions,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(options.dir ?? tmpdir(), 'hongmi-bench-'));
  folders.add(folder);
  const closes: (() => Promise<void>)[] = [];
  try {
    const key = `hm_${randomBytes(32).toString('base64url')}`;
    const ledger = await startLedgerServer(join(folder, 'data'), key, options.without);
    closes.push(() => ledger.stop());
    const load = startLoadProcess();
    closes.push(() => load.stop());
    const merchants = await makeMerchants(ledger, options.merchants);
    const membersFile = join(folder, 'members.txt');
    const members = await makeAll(options, ledger, merchants, membersFile);
    let runs = 0;
    return await play({
      ledger,
      load,
      folder,
      members,
      merchants,
      workload(given) {
        runs += 1;
        const seed = options.seed * 1_000 + runs;
        return {
          members: 'uniform',
          merchants,
          membersFile,
          key,
          run: `run${runs}`,
          seed,
          ...given,
        };
      },
      onClose: (close) => void closes.push(close),
    });
  } finally {
    for (const close of closes.reverse())
      await close().catch((error: unknown) => options.say(String(error)));
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** Members with points, their ids in a file; answers those ids too unless they are many. */
async function makeAll(
  options: StageOptions,
  ledger: LedgerServer,
  merchants: readonly string[],
  membersFile: string,
): Promise<readonly string[]> {
  const { entries } = options;
  if (entries !== undefined) {
    const { databaseUrl } = ledger;
    const startingPoints = STARTING_POINTS;
    await fillLedger({ ...options, entries, databaseUrl, merchants, startingPoints, membersFile });
    return [];
  }
  const members = await makeMembers(ledger, options.members);
  await givePoints(ledger, members, merchants);
  writeFileSync(membersFile, members.join('\n'));
  return members;
}

async function makeMerchants(ledger: LedgerServer, count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return inParallel(REQUESTS_AT_ONCE, numbers, async (number) => {
    const body = {
      name: `Shop ${number}`,
      category: 'bench',
      earnRatio: { points: 1, perFen: 100 },
    };
    const made = await callApi<{ id: string }>(ledger, '/v1/merchants', body, `merchant-${number}`);
    return made.id;
  });
}

async function makeMembers(ledger: LedgerServer, count: number): Promise<string[]> {
  const groups = Array.from(
    { length: Math.ceil(count / MEMBERS_PER_REQUEST) },
    (_, group) => group,
  );
  const made = await inParallel(REQUESTS_AT_ONCE, groups, async (group) => {
    const size = Math.min(MEMBERS_PER_REQUEST, count - group * MEMBERS_PER_REQUEST);
    const body = { members: Array.from({ length: size }, () => ({})) };
    const answer = await callApi<{ results: { member: { id: string } }[] }>(
      ledger,
      '/v1/members/bulk',
      body,
      `members-${group}`,
    );
    return answer.results.map((each) => each.member.id);
  });
  return made.flat();
}

async function givePoints(
  ledger: LedgerServer,
  members: readonly string[],
  merchants: readonly string[],
): Promise<void> {
  const groups = Array.from(
    { length: Math.ceil(members.length / COMMANDS_PER_REQUEST) },
    (_, group) => group,
  );
  await inParallel(REQUESTS_AT_ONCE, groups, async (group) => {
    const some = members.slice(group * COMMANDS_PER_REQUEST, (group + 1) * COMMANDS_PER_REQUEST);
    const transactions = some.map((memberId, index) => ({
      kind: 'issue',
      memberId,
      merchantId: merchants[index % merchants.length],
      points: STARTING_POINTS,
    }));
    const answer = await callApi<{ results: { status: string }[] }>(
      ledger,
      '/v1/transactions/bulk',
      { transactions },
      `start-${group}`,
    );
    if (answer.results.some((each) => each.status !== 'applied'))
      throw new Error('the starting points were not applied');
  });
}

/** A place in the chains of all shards. */
interface Heads {
  readonly shards: readonly number[];
  readonly blocks: readonly number[];
}

export async function readHeads(ledger: LedgerServer): Promise<Heads> {
  const { rows } = await withClient(ledger.databaseUrl, (client) =>
    client.query<{ shard: number; block: number }>('select shard, block from ledger.head'),
  );
  return { shards: rows.map((row) => row.shard), blocks: rows.map((row) => row.block) };
}

/** What the ledger holds after `heads`: whatever was acknowledged since must be among these transactions. */
export async function countRecorded(
  ledger: LedgerServer,
  { shards, blocks }: Heads,
): Promise<{ transactions: number; blocks: number }> {
  const { rows } = await withClient(ledger.databaseUrl, (client) =>
    client.query<{ transactions: number; blocks: number }>(
      `with new_block as (
         select b.shard, b.transactions from unnest($1::int2[], $2::int8[]) as h (shard, block)
         join ledger.block b on b.shard = h.shard and b.number > h.block)
       select (select count(*) from new_block b cross join unnest(b.transactions) as w (id)
           cross join lateral (select from ledger.transaction t
             where t.id = w.id and t.shard = b.shard offset 0) t) as transactions,
         (select count(*) from new_block) as blocks`,
      [shards, blocks],
    ),
  );
  return rows[0] ?? { transactions: 0, blocks: 0 };
}

/** The orders there are, and the commands of the ledger that they are. */
export async function countOrders(
  ledger: LedgerServer,
): Promise<{ orders: number; earns: number }> {
  const { rows } = await withClient(ledger.databaseUrl, (client) =>
    client.query<{ orders: number; earns: number }>(
      `select count(*) as orders, count(*) filter (where points_earned > 0) + (select count(*) from order_award) as earns
       from orders`,
    ),
  );
  return rows[0] ?? { orders: 0, earns: 0 };
}

const TMPFS = 0x0102_1994;

/** True where files lie in memory, so that a durable commit costs nothing and figures say nothing. */
export function isInMemory(dir: string | undefined): boolean {
  return process.platform === 'linux' && statfsSync(dir ?? tmpdir()).type === TMPFS;
}
