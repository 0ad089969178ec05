import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { problem } from '../platform/web/problem.ts';
import {
  DEFAULT_POINT_TYPE,
  DEFAULT_PROGRAMME,
  type Programme,
  pointTypeOf,
} from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { Delivery } from './deliver.ts';
import { findTransfersByKey, insertTransfers } from './store.ts';
import { dayOf, fingerprintOf, outCommand, type Purpose, type Transfer } from './transfer.ts';

export interface GiveDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly members: Members;
  readonly delivery: Delivery;
}

export interface Gift {
  readonly giver: Uuid;
  readonly receiver: Uuid;
  readonly programme: string | undefined;
  readonly pointType: string | undefined;
  readonly points: number;
  readonly purpose: Purpose;
  /** The caller's key with its tenant. */
  readonly requestKey: string;
}

/** A transfer as far as it came; `replayed` when the request had been made before. */
export type Given = { readonly transfer: Transfer; readonly replayed: boolean } | Refusal;

export interface GivePoints {
  /**
   * Writes gifts down and brings them to their ends; answers in order. The same request again finds its
   * transfer and goes on with it: an answer that was lost costs nothing.
   */
  give(gifts: readonly Gift[]): Promise<Given[]>;
  /** What giving would answer, in order; nothing is written. */
  preview(gifts: readonly Gift[]): Promise<({ readonly replayed: boolean } | Refusal)[]>;
}

/** A gift with the transfer it would be, or why it may not be one, unless it was written down before. */
interface Candidate {
  readonly requestKey: string;
  readonly fingerprint: Buffer;
  readonly transfer: Transfer | Refusal;
}

export function createGivePoints(deps: GiveDeps): GivePoints {
  const { pool, ledger, delivery } = deps;
  // Gifts that come at the same time are written down together.
  const recording = createLane<Candidate, Given>({
    run: (batch) => record(pool, batch),
    maxBatch: 1_000,
    maxQueue: 20_000,
  });
  return {
    async give(gifts) {
      const recorded = await recording.pushAll(await candidatesOf(deps, gifts));
      const transfers = recorded.flatMap((each) => ('code' in each ? [] : [each.transfer]));
      const delivered = (await delivery.deliver(transfers)).values();
      return recorded.map((each) =>
        'code' in each ? each : { ...each, transfer: delivered.next().value as Transfer },
      );
    },
    async preview(gifts) {
      const candidates = await candidatesOf(deps, gifts);
      const keys = candidates.map((each) => each.requestKey);
      const known = new Map<string, Candidate | Transfer>(await findTransfersByKey(pool, keys));
      const fresh: Transfer[] = [];
      const found = candidates.map((candidate) => {
        const { requestKey, transfer } = candidate;
        const earlier = known.get(requestKey);
        if (earlier !== undefined) return repeated(candidate, earlier);
        if ('code' in transfer) return transfer;
        // Within one request the second of a key would meet the first.
        known.set(requestKey, candidate);
        fresh.push(transfer);
        return null;
      });
      const answers = (await ledger.preview(fresh.map(outCommand))).values();
      return found.map((each) => {
        if (each !== null) return each;
        const answer = answers.next().value;
        return answer?.status === 'refused' ? answer.refusal : { replayed: false };
      });
    },
  };
}

/** What a gift under a known key is answered before anything is done. */
function repeated(
  { fingerprint }: Candidate,
  earlier: Candidate | Transfer,
): { readonly replayed: true } | Refusal {
  if (!earlier.fingerprint.equals(fingerprint)) return problem('idempotency_key_reused');
  const isRefused = 'status' in earlier && earlier.status === 'refused';
  return isRefused && earlier.refusal !== null ? earlier.refusal : { replayed: true };
}

async function record(pool: Pool, batch: readonly Candidate[]): Promise<Given[]> {
  const wanted = batch.flatMap(({ transfer }) => ('code' in transfer ? [] : [transfer]));
  const written = await insertTransfers(pool, wanted);
  const isWritten = ({ transfer }: Candidate): boolean =>
    !('code' in transfer) && written.has(transfer.id);
  const rest = batch.filter((each) => !isWritten(each));
  const keys = rest.map((each) => each.requestKey);
  const known = await findTransfersByKey(pool, keys);
  return batch.map((candidate): Given => {
    const { transfer, requestKey, fingerprint } = candidate;
    if (!('code' in transfer) && written.has(transfer.id)) return { transfer, replayed: false };
    const found = known.get(requestKey);
    if (found === undefined) {
      if ('code' in transfer) return transfer;
      throw new Error('a transfer was neither written nor found');
    }
    return found.fingerprint.equals(fingerprint)
      ? { transfer: found, replayed: true }
      : problem('idempotency_key_reused');
  });
}

/** Checks what gifts name, and works out what would be written down. */
async function candidatesOf(deps: GiveDeps, gifts: readonly Gift[]): Promise<Candidate[]> {
  const { programmes, members } = deps;
  const named = gifts.flatMap(({ giver, receiver }) => [giver, receiver]);
  const known = await members.exists(named);
  const gone = await goneOf(members, known);
  const candidates: Candidate[] = [];
  for (const gift of gifts) {
    const found = programmes.find(gift.programme ?? DEFAULT_PROGRAMME);
    const programme = found instanceof Promise ? await found : found;
    const { requestKey, giver, receiver } = gift;
    const fingerprint = fingerprintOf([
      ...[giver, receiver, gift.programme ?? '', gift.pointType ?? ''],
      ...[gift.points, gift.purpose],
    ]);
    const transfer =
      gone.get(giver) ??
      gone.get(receiver) ??
      transferOf(deps, gift, programme, known, fingerprint);
    candidates.push({ requestKey, fingerprint, transfer });
  }
  return candidates;
}

/** Those of `ids` who take part in no more gifts, and why: they have become part of other members. */
async function goneOf(members: Members, ids: ReadonlySet<Uuid>): Promise<Map<Uuid, Refusal>> {
  const gone = new Map<Uuid, Refusal>();
  const note = (id: Uuid, path: readonly Uuid[]): void => {
    const refusal = mergedAway(path);
    if (refusal !== undefined) gone.set(id, refusal);
  };
  const asked: Promise<void>[] = [];
  for (const id of ids) {
    const path = members.survivors(id);
    if (path instanceof Promise) asked.push(path.then((found) => note(id, found)));
    else note(id, path);
  }
  await Promise.all(asked);
  return gone;
}

function transferOf(
  { clock, ledger, programmes }: GiveDeps,
  gift: Gift,
  programme: Programme | undefined,
  known: ReadonlySet<Uuid>,
  fingerprint: Buffer,
): Transfer | Refusal {
  const { giver, receiver, points, purpose, requestKey } = gift;
  if (giver === receiver) return problem('gift_to_oneself');
  if (programme === undefined) return problem('programme_not_found');
  const pointType = pointTypeOf(programme, gift.pointType ?? DEFAULT_POINT_TYPE);
  if (pointType === undefined) return problem('point_type_not_found');
  if (!known.has(giver) || !known.has(receiver)) return problem('member_not_found');
  const { giftMax, giftDayMax } = programme;
  if (points > giftMax) {
    return refusal('gift_too_large', `a gift has at most ${giftMax} points`, { max: giftMax });
  }
  return {
    id: ledger.newId(giver),
    programme: programme.id,
    pointType: pointType.id,
    giver,
    receiver,
    points,
    purpose,
    day: dayOf(programmes.programmeClock(programme.id), programme.timeZone),
    dayMax: giftDayMax,
    graceDays: programme.refundGraceDays,
    status: 'open',
    refusal: null,
    requestKey,
    fingerprint,
    recordedAt: clock.now(),
  };
}
