import type { Clock, Instant } from '../kernel/clock.ts';
import { resuming } from '../kernel/leftovers.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { alreadyClaimed, type Claimant, claimantOf } from './claim.ts';
import {
  claimFacts,
  type Missed,
  type OpenClaim,
  readClaims,
  readOpenClaims,
  type Settled,
  settleClaims,
} from './claim-store.ts';
import type { IssueCommand } from './command.ts';
import type { Engine, Submission } from './engine.ts';
import { LedgerUnavailable, type ProgrammeClock } from './ledger.ts';
import type { Answer } from './transaction.ts';

export interface ClaimOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmeClock: ProgrammeClock;
  readonly shards: number;
}

/** Each try settles the claims in the way, so only ever new ones keep a command waiting. */
const TRIES_MAX = 100;
const PREVIEW_ROUNDS_MAX = 10;

/**
 * The same engine for commands that claim facts. The facts are claimed first, durably and with the
 * command itself; then the command is submitted. Whoever finds a fact claimed by a command whose outcome
 * is not noted yet submits that command again: under its key it is applied or refused once and for all,
 * whoever sends it, so that a crash anywhere leaves nothing undecided and one fact never pays twice.
 */
export function claimFirst(engine: Engine, options: ClaimOptions): ClaimingEngine {
  const { pool, clock, programmeClock, shards } = options;
  const claiming = createLane<Claimant, Missed[]>({
    run: (batch) => claimFacts(pool, batch, clock.now()),
    maxBatch: 256,
    maxQueue: 8192,
  });
  const settling = createLane<Settled, void>({
    run: async (batch) => {
      await settleClaims(pool, batch);
      return batch.map(() => undefined);
    },
    maxBatch: 1000,
    maxQueue: 100_000,
  });

  /** The facts of one command: held when this answers null. */
  async function hold(claimant: Claimant): Promise<Refusal | null> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const missed = await claiming.push(claimant);
      if (missed.length === 0) return null;
      const gone = missed.find((each) => each.transaction !== null);
      if (gone !== undefined) return alreadyClaimed(claimant, gone.hash);
      for (const { command } of missed) if (command !== null) await finish(command);
    }
    throw new LedgerUnavailable();
  }

  /** Brings the command of an open claim to its end. */
  async function finish(command: IssueCommand): Promise<void> {
    const [answer] = await engine.submit([{ command, now: programmeClock(command.programme) }]);
    const claimant = claimantOf(command, shards);
    if (claimant !== null && answer !== undefined) await settling.push(noted(claimant, answer));
  }

  async function submitApart(part: readonly Submission[]): Promise<Answer[]> {
    const claimants = part.map((each) => claimantOf(each.command, shards));
    const lost = await Promise.all(
      claimants.map(async (each) => (each === null ? null : hold(each))),
    );
    const answers = await engine.submit(
      part.map((each, place) => ({ ...each, ...refusedBy(lost[place]) })),
    );
    const freed: Promise<void>[] = [];
    for (const [place, claimant] of claimants.entries()) {
      if (claimant === null || lost[place] !== null) continue;
      const note = noted(claimant, answers[place] as Answer);
      // The answer is in the ledger, whatever becomes of the note: the settle job makes up for it.
      const noting = settling.push(note).catch(() => undefined);
      if (note.transaction === null) freed.push(noting);
    }
    await Promise.all(freed);
    return answers;
  }

  return {
    async submit(submissions) {
      if (!submissions.some((each) => claimantOf(each.command, shards) !== null))
        return engine.submit(submissions);
      const answers: Answer[] = [];
      // Two commands of one request that want the same fact: what becomes of the first decides the second.
      for (const part of apart(submissions, shards)) answers.push(...(await submitApart(part)));
      return answers;
    },
    preview: (submissions) => previewClaims(engine, options, submissions),
    async drain() {
      await engine.drain();
      await settling.drain();
    },
    resumeClaims: resuming<OpenClaim>({
      read: (before, after, limit) => readOpenClaims(pool, before, after, limit),
      async finish(open) {
        const done = await Promise.allSettled(
          open.map(({ command }) => finish(JSON.parse(command) as IssueCommand)),
        );
        const failed = done.find((each) => each.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
        return open.length;
      },
    }),
  };
}

export interface ClaimingEngine extends Engine {
  /** Finishes what a crash left claimed and is open since before `before`. Answers how many. */
  resumeClaims(before: Instant): Promise<number>;
}

function refusedBy(refusal: Refusal | null | undefined): { refusal?: Refusal } {
  return refusal === null || refusal === undefined ? {} : { refusal };
}

function noted(claimant: Claimant, answer: Answer): Settled {
  return { claimant, transaction: answer.status === 'applied' ? answer.transaction.id : null };
}

/** The submissions in order, cut where a fact comes a second time. */
function* apart(submissions: readonly Submission[], shards: number): Generator<Submission[]> {
  let part: Submission[] = [];
  let seen = new Set<string>();
  for (const submission of submissions) {
    const hashes = claimantOf(submission.command, shards)?.hashes ?? [];
    if (hashes.some((hash) => seen.has(hash))) {
      yield part;
      part = [];
      seen = new Set();
    }
    for (const hash of hashes) seen.add(hash);
    part.push(submission);
  }
  yield part;
}

/**
 * What submitting would answer. A fact counts as claimed by whoever has an open claim on it, and by the
 * first of these commands that would be applied.
 */
async function previewClaims(
  engine: Engine,
  { pool, shards }: ClaimOptions,
  submissions: readonly Submission[],
): Promise<Answer[]> {
  const claimants = submissions.map((each) => claimantOf(each.command, shards));
  const hashes = new Set(claimants.flatMap((each) => each?.hashes ?? []));
  if (hashes.size === 0) return engine.preview(submissions);
  const owners = new Map<string, string>();
  for (const { hash, key, fingerprint } of await readClaims(pool, [...hashes]))
    owners.set(hash, ownerOf(key, fingerprint));
  /** Places of commands that the ledger refuses, so that they claim nothing. */
  let refused = new Set<number>();
  for (let round = 1; ; round += 1) {
    const lost = losersOf(claimants, owners, refused);
    const answers = await engine.preview(
      submissions.map((each, place) => ({ ...each, ...refusedBy(lost.get(place)) })),
    );
    const now = new Set(
      answers.flatMap((answer, place) =>
        answer.status === 'refused' && claimants[place] !== null && !lost.has(place) ? [place] : [],
      ),
    );
    // Rounds only add to them. Whoever dry-runs hundreds of rivals for one fact is told about the first few.
    if (now.size <= refused.size || round === PREVIEW_ROUNDS_MAX) return answers;
    refused = now;
  }
}

function losersOf(
  claimants: readonly (Claimant | null)[],
  owners: ReadonlyMap<string, string>,
  refused: ReadonlySet<number>,
): Map<number, Refusal> {
  const taken = new Map(owners);
  const lost = new Map<number, Refusal>();
  for (const [place, claimant] of claimants.entries()) {
    if (claimant === null || refused.has(place)) continue;
    const own = ownerOf(claimant.command.key, claimant.fingerprint);
    const missed = claimant.hashes.find((hash) => (taken.get(hash) ?? own) !== own);
    if (missed !== undefined) lost.set(place, alreadyClaimed(claimant, missed));
    else for (const hash of claimant.hashes) taken.set(hash, own);
  }
  return lost;
}

function ownerOf(key: string, fingerprint: Buffer): string {
  return `${fingerprint.toString('hex')} ${key}`;
}
