import { randomUUID } from 'node:crypto';
import type { Clock, Instant } from '@hongmi/server/kernel/clock';
import { newId, shardOfMember, type Uuid } from '@hongmi/server/kernel/id';
import type { Command } from '@hongmi/server/ledger/command';
import { createEngine } from '@hongmi/server/ledger/engine';
import { postgresStorage } from '@hongmi/server/ledger/storage';
import type { Pool, Sql } from '@hongmi/server/platform/database';
import { seededRandom, uniformPick } from '../load/random.ts';
import { rememberingStorage } from './remembering-storage.ts';

/** The lives of some members: those of the shards that `part` of `parts` processes fill. */
export interface Lives {
  readonly shards: number;
  readonly part: number;
  readonly parts: number;
  readonly members: number;
  /** Of all these members together, at least one each. */
  readonly transactions: number;
  /** Bare ids. */
  readonly merchants: readonly Uuid[];
  readonly programme: number;
  readonly pointType: number;
  /** What the first issue of every member gives. */
  readonly startingPoints: number;
  readonly since: Instant;
  readonly until: Instant;
  readonly seed: number;
}

/** Members who are active over the same time: enough that a member's rows never lie together. */
const COHORT = 20_000;
const COMMANDS_AT_ONCE = 2_048;
const CHUNKS_AT_ONCE = 3;
const BATCHES_AT_ONCE = 4;
const ISSUE_SHARE = 0.75;

/**
 * Lives the past of a ledger: the commands that members would have sent from `since` to `until`, decided,
 * encoded, chained and appended by the ledger's own code. Only what a batch needs is not read from
 * the database but remembered. Members come in cohorts; within one, whose turn it is is left to chance.
 */
export async function live(
  pool: Pool,
  lives: Lives,
  onMembers: (ids: readonly Uuid[]) => Promise<void>,
): Promise<void> {
  const { members, transactions, since, until, shards, seed } = lives;
  const random = seededRandom(seed);
  let now = since;
  const clock: Clock = { now: () => now };
  const { storage, forget } = rememberingStorage(postgresStorage(pool), BATCHES_AT_ONCE);
  const engine = createEngine({ storage, shards, clock });
  let made = 0;
  let done = 0;
  while (made < members) {
    const cohort = Array.from({ length: Math.min(COHORT, members - made) }, () =>
      memberOf(lives, now),
    );
    made += cohort.length;
    await register(pool, cohort, lives.programme, now);
    await onMembers(cohort);
    const underWay = new Set<Promise<void>>();
    const upTo = Math.round((transactions * made) / members);
    for (const commands of chunks(lives, cohort, upTo - done, random)) {
      const submitted = commands.map((command) => {
        done += 1;
        now = Math.floor(since + ((until - since) * done) / transactions);
        return { command, now };
      });
      const chunk = engine.submit(submitted).then((answers) => {
        const refused = answers.find((answer) => answer.status === 'refused');
        if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
        underWay.delete(chunk);
      });
      underWay.add(chunk);
      if (underWay.size >= CHUNKS_AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    forget();
  }
  await engine.drain();
}

/** The commands of a cohort in the order of time: everybody's first issue, and whatever else chance gives him. */
function* chunks(
  lives: Lives,
  cohort: readonly Uuid[],
  count: number,
  random: () => number,
): Generator<Command[]> {
  const { merchants, programme, pointType, startingPoints } = lives;
  const pick = uniformPick(cohort.length, random);
  const pickMerchant = uniformPick(merchants.length, random);
  const strangers = new Set(cohort);
  let chunk: Command[] = [];
  for (let left = count; left > 0; left -= 1) {
    // Towards the end whoever had no turn yet has one.
    const [stranger] = left <= strangers.size ? strangers : [];
    const member = stranger ?? (cohort[pick()] as Uuid);
    const isFirst = strangers.delete(member);
    const isIssue = isFirst || random() < ISSUE_SHARE;
    chunk.push({
      kind: isIssue ? 'issue' : 'burn',
      key: `operator:${randomUUID()}`,
      programme,
      pointType,
      member,
      merchant: merchants[pickMerchant()] as Uuid,
      effectiveAt: null,
      points: isFirst ? startingPoints : 1 + Math.floor(random() * (isIssue ? 100 : 50)),
      detail: { reason: isIssue ? 'purchase' : 'paid with points' },
    });
    if (chunk.length === COMMANDS_AT_ONCE || left === 1) {
      yield chunk;
      chunk = [];
    }
  }
}

function memberOf({ shards, part, parts }: Lives, now: Instant): Uuid {
  for (;;) {
    const id = newId(now);
    if (shardOfMember(id, shards) % parts === part) return id;
  }
}

async function register(
  sql: Sql,
  members: readonly Uuid[],
  programme: number,
  now: Instant,
): Promise<void> {
  await sql.query(
    'insert into member (id, created_at) select id, to_timestamp($2::int8 / 1000.0) from unnest($1::uuid[]) as m (id)',
    [members, now],
  );
  await sql.query(
    `insert into membership (programme, member, joined_at)
     select $3, id, to_timestamp($2::int8 / 1000.0) from unnest($1::uuid[]) as m (id)`,
    [members, now, programme],
  );
}
