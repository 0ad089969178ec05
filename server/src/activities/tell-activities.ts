import type { Refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createLane } from '../platform/lane.ts';
import type { Awarded } from './activity.ts';
import { type ActivityRequest, type CandidateDeps, candidatesOf } from './candidates.ts';
import {
  type Candidate,
  findRecorded,
  numberKey,
  type Recorded,
  recordActivities,
  uniqueKeys,
} from './record-activities.ts';
import type { AwardAnswer, Settling } from './settling.ts';

export interface ActivityDeps extends CandidateDeps {
  readonly ledger: Ledger;
  readonly settling: Settling;
}

/** An activity and what the ledger said to its awards. */
export interface Told extends Awarded {
  readonly answers: readonly (AwardAnswer | null)[];
  readonly replayed: boolean;
}

export interface TellActivities {
  /** Records one activity and issues its points. Activities that come at the same time are recorded together. */
  one(request: ActivityRequest): Promise<Told | { readonly refusal: Refusal }>;
  /** Independent activities, recorded in one statement; answered in order. */
  many(requests: readonly ActivityRequest[]): Promise<(Told | { readonly refusal: Refusal })[]>;
  /** What telling these would answer, in order, without changing anything. */
  preview(requests: readonly ActivityRequest[]): Promise<(Told | { readonly refusal: Refusal })[]>;
}

/** A certificate is looked up again when it is revoked before the activity is recorded; then there is another one, or none. */
const LOOKUPS_MAX = 5;

export function createTellActivities(deps: ActivityDeps): TellActivities {
  const { settling } = deps;
  const recording = createLane<Candidate, Recorded | null>({
    run: (batch) => recordActivities(deps, batch),
    maxBatch: 128,
    maxQueue: 8192,
  });

  /** Looks up, rates and records. */
  async function record(
    requests: readonly ActivityRequest[],
    write: (candidates: readonly Candidate[]) => Promise<(Recorded | null)[]>,
  ): Promise<Recorded[]> {
    const done: (Recorded | null)[] = requests.map(() => null);
    for (let lookups = 0; lookups < LOOKUPS_MAX; lookups += 1) {
      const places = done.flatMap((each, place) => (each === null ? [place] : []));
      if (places.length === 0) break;
      const candidates = await candidatesOf(
        deps,
        places.map((place) => requests[place] as ActivityRequest),
      );
      const good = candidates.filter(isCandidate);
      const recorded = (good.length === 0 ? [] : await write(good)).values();
      for (const [index, place] of places.entries()) {
        const each = candidates[index] as Candidate | Refusal;
        done[place] = isCandidate(each) ? (recorded.next().value ?? null) : { refusal: each };
      }
    }
    return done.map((each) => {
      if (each === null) throw new Error('certificates are revoked faster than they are looked up');
      return each;
    });
  }

  async function tell(
    requests: readonly ActivityRequest[],
    write: (candidates: readonly Candidate[]) => Promise<(Recorded | null)[]>,
  ): Promise<(Told | { readonly refusal: Refusal })[]> {
    const recorded = await record(requests, write);
    const good = recorded.filter((each) => 'activity' in each);
    const answers = (await settling.settle(good)).values();
    return recorded.map((each) => {
      if ('refusal' in each) return each;
      const { activity, awards, known } = each;
      return { activity, awards, answers: answers.next().value ?? [], replayed: known };
    });
  }

  return {
    async one(request) {
      const [told] = await tell([request], ([candidate]) =>
        Promise.all([recording.push(candidate as Candidate)]),
      );
      if (told === undefined) throw new Error('every request is answered');
      return told;
    },
    many: (requests) => tell(requests, (candidates) => recordActivities(deps, candidates)),
    preview: (requests) => previewActivities(deps, requests),
  };
}

async function previewActivities(
  deps: ActivityDeps,
  requests: readonly ActivityRequest[],
): Promise<(Told | { readonly refusal: Refusal })[]> {
  const candidates = await candidatesOf(deps, requests);
  const good = candidates.filter(isCandidate);
  const found = await findRecorded(deps, good);
  const known = new Map(good.map((candidate, index) => [candidate, found[index] ?? null]));
  // Within one request the second activity of a number, or of what can be once only, would meet the first.
  const firsts = new Map<string, Candidate>();
  const fresh: Candidate[] = [];
  for (const candidate of good) {
    if (known.get(candidate) !== null) continue;
    const keys = keysOf(candidate);
    if (!keys.some((key) => firsts.has(key))) fresh.push(candidate);
    for (const key of keys) if (!firsts.has(key)) firsts.set(key, candidate);
  }
  const answers = await deps.settling.preview(fresh);
  const earns = new Map(fresh.map((candidate, index) => [candidate, answers[index] ?? []]));
  return candidates.map((each) => {
    if (!isCandidate(each)) return { refusal: each };
    const recorded = known.get(each) ?? null;
    if (recorded !== null && 'refusal' in recorded) return recorded;
    const own = earns.get(each);
    const { activity, awards } = recorded ?? firsts.get(keysOf(each)[0] as string) ?? each;
    return {
      activity,
      awards,
      answers: own ?? awards.map(() => null),
      replayed: own === undefined,
    };
  });
}

function keysOf({ activity }: Candidate): string[] {
  return [numberKey(activity), ...uniqueKeys(activity)];
}

function isCandidate(each: Candidate | Refusal): each is Candidate {
  return 'activity' in each;
}
