import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import { problem } from '../platform/web/problem.ts';
import {
  DEFAULT_POINT_TYPE,
  DEFAULT_PROGRAMME,
  type Programme,
  pointTypeOf,
} from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { dayOf, fingerprintOf, type Purpose, type Transfer } from './transfer.ts';

export interface GiftDeps {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly members: Members;
}

/** A gift as it was asked for. */
export interface Gift {
  readonly giver: Uuid;
  readonly receiver: Uuid;
  readonly programme: string | undefined;
  /** The number of the only programme the caller reaches; null: all. */
  readonly within: number | null;
  readonly pointType: string | undefined;
  readonly points: number;
  readonly purpose: Purpose;
  /** The caller's key with its tenant. */
  readonly requestKey: string;
}

/** A gift with the transfer it would be, or why it may not be one, unless it was written down before. */
export interface Candidate {
  readonly requestKey: string;
  readonly fingerprint: Buffer;
  readonly transfer: Transfer | Refusal;
}

/** Checks what gifts name, and works out what would be written down. */
export async function candidatesOf(deps: GiftDeps, gifts: readonly Gift[]): Promise<Candidate[]> {
  const { programmes, members } = deps;
  const known = await members.exists(gifts.flatMap(({ giver, receiver }) => [giver, receiver]));
  const gone = await goneOf(members, known);
  const codes = [...new Set(gifts.map(({ programme = DEFAULT_PROGRAMME }) => programme))];
  const found = await Promise.all(codes.map(async (code) => programmes.find(code)));
  return gifts.map((gift) => {
    const { requestKey, giver, receiver } = gift;
    const fingerprint = fingerprintOf([
      ...[giver, receiver, gift.programme ?? '', gift.pointType ?? ''],
      ...[gift.points, gift.purpose],
    ]);
    const programme = found[codes.indexOf(gift.programme ?? DEFAULT_PROGRAMME)];
    const transfer =
      gone.get(giver) ??
      gone.get(receiver) ??
      transferOf(deps, gift, programme, known, fingerprint);
    return { requestKey, fingerprint, transfer };
  });
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
  { clock, ledger, programmes }: GiftDeps,
  gift: Gift,
  programme: Programme | undefined,
  known: ReadonlySet<Uuid>,
  fingerprint: Buffer,
): Transfer | Refusal {
  const { giver, receiver, points, purpose, requestKey } = gift;
  if (giver === receiver) return problem('gift_to_oneself');
  if (programme === undefined || (gift.within ?? programme.id) !== programme.id)
    return problem('programme_not_found');
  const pointType = pointTypeOf(programme, gift.pointType ?? DEFAULT_POINT_TYPE);
  if (pointType === undefined) return problem('point_type_not_found');
  if (!pointType.transferable) return problem('points_not_transferable');
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
