import { newId, showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { readErasures } from '../ledger/erasures/erase-member.ts';
import { readOpenAccounts } from '../ledger/read-sent.ts';
import {
  leadTo,
  lockMergeCandidates,
  type MergeCandidate,
  mergedAway,
  readMergeCandidates,
} from '../members/merged.ts';
import { type Sql, type Transaction, withTransaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import { problem } from '../platform/web/problem.ts';
import { fingerprintOf, type Merge } from './merge.ts';
import { emptyAccounts, type MoveDeps, type Planned, planMove } from './move-accounts.ts';
import { closeMerge, findMergeByKey, insertMerge } from './store.ts';

/** Whoever keeps figures by member unites those of two who become one. */
export interface Uniting {
  /** In the transaction of the merge. */
  note(tx: Transaction, absorbed: Uuid, survivor: Uuid): Promise<void>;
  /** Does what was noted; what fails is done later. */
  unite(): Promise<void>;
}

export interface MergeDeps extends MoveDeps {
  readonly uniting: Uniting;
}

/** What a caller asks for. */
export interface MergeRequest {
  readonly survivor: Uuid;
  readonly absorbed: Uuid;
  readonly reason: string;
  readonly actor: string;
  /** The caller's key with its tenant. */
  readonly requestKey: string;
}

/** A merge as far as it came; `replayed` when the request had been made before. */
export type Merged = { readonly merge: Merge; readonly replayed: boolean } | Refusal;

/** One account that would be moved. */
export interface PlannedMove extends Planned {
  readonly programme: number;
  readonly pointType: number;
}

/**
 * Makes one member part of another. Once written down it is so for good: names and writes lead to the
 * survivor, and the accounts are moved there now, or by the settle job where that was cut off. The same
 * request again goes on from wherever it is. A refusal is not kept under its key.
 */
export async function mergeMembers(deps: MergeDeps, asked: MergeRequest): Promise<Merged> {
  const { pool, clock, members } = deps;
  const fingerprint = fingerprintOf([asked.survivor, asked.absorbed, asked.reason, asked.actor]);
  const known = await findMergeByKey(pool, asked.requestKey);
  if (known !== undefined) return goOn(deps, known, fingerprint);
  const planned = await previewMerge(deps, asked);
  if ('code' in planned) return planned;
  const recordedAt = clock.now();
  const merge = { ...asked, id: newId(recordedAt), open: true, fingerprint, recordedAt };
  const recorded = await withTransaction(pool, (tx) => record(tx, merge, deps.uniting));
  if ('code' in recorded) return recorded;
  members.forget(recorded.absorbed);
  await deps.uniting.unite();
  return recorded.id === merge.id
    ? { merge: await finishMerge(deps, merge), replayed: false }
    : goOn(deps, recorded, fingerprint);
}

async function goOn(deps: MoveDeps, known: Merge, fingerprint: Buffer): Promise<Merged> {
  if (!known.fingerprint.equals(fingerprint)) return problem('idempotency_key_reused');
  return { merge: await finishMerge(deps, known), replayed: true };
}

/** The merge, or the one that somebody else has written down under its key. */
async function record(tx: Transaction, merge: Merge, uniting: Uniting): Promise<Merge | Refusal> {
  const candidates = await lockMergeCandidates(tx, [merge.absorbed, merge.survivor]);
  const known = await findMergeByKey(tx, merge.requestKey);
  if (known !== undefined) return known;
  const refusal = await refusalOf(tx, merge, candidates);
  if (refusal !== null) return refusal;
  await leadTo(tx, merge.absorbed, merge.survivor);
  await insertMerge(tx, merge);
  await uniting.note(tx, merge.absorbed, merge.survivor);
  await tell(tx, 'member', merge.absorbed);
  return merge;
}

async function refusalOf(
  sql: Sql,
  { absorbed, survivor }: Pick<Merge, 'absorbed' | 'survivor'>,
  candidates: ReadonlyMap<Uuid, MergeCandidate>,
): Promise<Refusal | null> {
  if (absorbed === survivor) return problem('merge_with_oneself');
  const [from, into] = [candidates.get(absorbed), candidates.get(survivor)];
  if (from === undefined || into === undefined) return problem('member_not_found');
  for (const { id, survivor: now } of [from, into]) {
    const gone = mergedAway(now === null ? [] : [now]);
    if (gone !== undefined) return gone;
    const facts = { memberId: showId('member', id) };
    if ((await readErasures(sql, id)).length > 0) return problem('member_erased', undefined, facts);
  }
  return from.programmes.every((programme) => into.programmes.includes(programme))
    ? null
    : problem('memberships_differ');
}

/** What a merge would move, or why it would be refused now. Nothing is written. */
export async function previewMerge(
  deps: MoveDeps,
  { absorbed, survivor }: Pick<MergeRequest, 'absorbed' | 'survivor'>,
): Promise<readonly PlannedMove[] | Refusal> {
  const { pool, ledger, clock } = deps;
  const candidates = await readMergeCandidates(pool, [absorbed, survivor]);
  const refusal = await refusalOf(pool, { absorbed, survivor }, candidates);
  if (refusal !== null) return refusal;
  const accounts = await readOpenAccounts(pool, ledger.shardOf(absorbed), [absorbed]);
  const moves: PlannedMove[] = [];
  for (const { programme, pointType } of accounts) {
    const id = ledger.newId(absorbed);
    const way = { id, merge: newId(clock.now()), absorbed, survivor, programme, pointType };
    const planned = await planMove(deps, way);
    if (planned === null) continue;
    if ('code' in planned) return planned;
    moves.push({ programme, pointType, ...planned });
  }
  return moves;
}

/** Empties the absorbed member's accounts, and notes when they are. */
export async function finishMerge(deps: MoveDeps, merge: Merge): Promise<Merge> {
  if (!merge.open || !(await emptyAccounts(deps, merge.absorbed))) return merge;
  await closeMerge(deps.pool, merge.id);
  return { ...merge, open: false };
}
