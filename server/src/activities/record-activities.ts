import { lockReceipts } from '../certificates/lock-receipts.ts';
import type { Clock } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { type Pool, type Sql, withTransaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { problem } from '../platform/web/problem.ts';
import type { Activity, Awarded, Evidence } from './activity.ts';
import { findTaken, insertActivities, withAwards } from './store.ts';

/** An activity ready to be recorded. `refusal` tells why it may not be, unless it was recorded before. */
export interface Candidate extends Awarded {
  readonly refusal: Refusal | null;
}

/** `known`: recorded before, by a request that told the same. */
export type Recorded = (Awarded & { readonly known: boolean }) | { readonly refusal: Refusal };

export interface RecordDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Whether evidence is the receipt of a purchase that was paid for the same behaviour; in order. */
  readonly arePaidReceipts: (
    sql: Sql,
    shown: readonly ReceiptShown[],
  ) => Promise<readonly boolean[]>;
}

/** The number of evidence, as it may be that of a receipt. */
interface ReceiptShown extends Evidence {
  readonly merchant: Uuid;
  readonly member: Uuid;
}

export function receiptsOf({
  merchant,
  member,
  evidence,
}: Pick<Activity, 'merchant' | 'member' | 'evidence'>): ReceiptShown[] {
  return evidence === null ? [] : [{ ...evidence, merchant, member }];
}

/**
 * Records activities durably: whoever gets the row has claimed the number at its merchant for good. An activity
 * that is there already is answered as known when it was told the same, whatever the key and the time. Null
 * where the certificate behind it was revoked, or its evidence was paid as a receipt, since it was looked up.
 */
export async function recordActivities(
  deps: RecordDeps,
  candidates: readonly Candidate[],
): Promise<(Recorded | null)[]> {
  const wanted = candidates.filter((each) => each.refusal === null);
  const placed = wanted.length === 0 ? new Map<Uuid, boolean>() : await insert(deps, wanted);
  const rest = candidates.filter(({ activity }) => !placed.has(activity.id));
  const judge = rest.length === 0 ? undefined : await judgeOf(deps, rest);
  return candidates.map((candidate): Recorded | null => {
    const { activity, awards } = candidate;
    const isSaved = placed.get(activity.id);
    if (isSaved !== undefined) {
      const saving = isSaved ? activity.saving : null;
      return { activity: { ...activity, saving }, awards, known: false };
    }
    const found = judge?.(candidate) ?? null;
    if (found === null && activity.evidence === null)
      throw new Error('an activity was neither recorded nor found');
    return found;
  });
}

/** Inserts activities, but for those that earn something for a receipt which was paid just now. */
async function insert(
  { pool, clock, sealer, arePaidReceipts }: RecordDeps,
  list: readonly Awarded[],
): Promise<Map<Uuid, boolean>> {
  const showing = list.flatMap((each) =>
    each.awards.length === 0 ? [] : receiptsOf(each.activity).map((receipt) => ({ each, receipt })),
  );
  if (showing.length === 0) return insertActivities(pool, list, sealer, clock.now());
  const receipts = showing.map(({ receipt }) => receipt);
  return withTransaction(pool, async (tx) => {
    await lockReceipts(tx, receipts);
    const paid = await arePaidReceipts(tx, receipts);
    const lost = new Set(showing.flatMap(({ each }, place) => (paid[place] === true ? each : [])));
    const rest = list.filter((each) => !lost.has(each));
    return rest.length === 0 ? new Map() : insertActivities(tx, rest, sealer, clock.now());
  });
}

/** What recording would answer to each; null: the activity would be new. Nothing is written. */
export async function findRecorded(
  deps: RecordDeps,
  candidates: readonly Candidate[],
): Promise<(Recorded | null)[]> {
  return candidates.length === 0 ? [] : candidates.map(await judgeOf(deps, candidates));
}

/** Judges candidates by the activities that have their keys, their numbers, or are what can be once only. */
async function judgeOf(
  { pool, sealer }: RecordDeps,
  candidates: readonly Candidate[],
): Promise<(candidate: Candidate) => Recorded | null> {
  const asked = candidates.map(({ activity }) => activity);
  const taken = await withAwards(pool, await findTaken(pool, asked, sealer));
  const byKey = new Map(taken.map((each) => [each.activity.requestKey, each]));
  const byNumber = new Map(taken.map((each) => [numberKey(each.activity), each]));
  const unique = new Set(taken.flatMap(({ activity }) => uniqueKeys(activity)));
  return ({ activity, refusal }) => {
    const keyed = byKey.get(activity.requestKey);
    const found = keyed ?? byNumber.get(numberKey(activity));
    if (found?.activity.fingerprint.equals(activity.fingerprint) === true)
      return { ...found, known: true };
    if (keyed !== undefined) return { refusal: problem('idempotency_key_reused') };
    if (found !== undefined) {
      const message = 'the merchant has an activity of this number, told otherwise';
      const facts = { activityId: showId('activity', found.activity.id) };
      return { refusal: problem('activity_exists', message, facts) };
    }
    // Perhaps at another merchant, so that nothing is said of it.
    if (uniqueKeys(activity).some((key) => unique.has(key)))
      return { refusal: problem('activity_once') };
    return refusal === null ? null : { refusal };
  };
}

export function numberKey({ merchant, activityNo }: Pick<Activity, 'merchant' | 'activityNo'>) {
  return `${merchant} ${activityNo}`;
}

/** What of an activity there can be one of, besides its number. */
export function uniqueKeys({ once, referred, programme }: Activity): string[] {
  return [
    ...(once === null ? [] : [once]),
    ...(referred === null ? [] : [`${programme} ${referred}`]),
  ];
}
