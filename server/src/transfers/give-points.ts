import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Members } from '../members/registry.ts';
import { problem } from '../platform/web/problem.ts';
import { DEFAULT_POINT_TYPE, DEFAULT_PROGRAMME, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { type AdvanceDeps, advance } from './advance.ts';
import { findTransferByKey, insertTransfer } from './store.ts';
import { dayOf, fingerprintOf, outCommand, type Purpose, type Transfer } from './transfer.ts';

export interface GiveDeps extends AdvanceDeps {
  readonly clock: Clock;
  readonly programmes: ProgrammeRegistry;
  readonly members: Members;
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

/**
 * Writes a gift down and brings it to its end. The same request again finds the transfer and goes on with
 * it: an answer that was lost costs nothing.
 */
export async function givePoints(deps: GiveDeps, gift: Gift): Promise<Given> {
  const asked = fingerprintOf([
    ...[gift.giver, gift.receiver, gift.programme ?? '', gift.pointType ?? ''],
    ...[gift.points, gift.purpose],
  ]);
  const known = await findTransferByKey(deps.pool, gift.requestKey);
  if (known !== undefined) return goOn(deps, known, asked);
  const transfer = await transferOf(deps, gift, asked);
  if ('code' in transfer) return transfer;
  if (await insertTransfer(deps.pool, transfer))
    return { transfer: await advance(deps, transfer), replayed: false };
  // Somebody else was faster with the same key.
  const other = await findTransferByKey(deps.pool, gift.requestKey);
  if (other === undefined) throw new Error('a transfer was neither written nor found');
  return goOn(deps, other, asked);
}

async function goOn(deps: GiveDeps, known: Transfer, asked: Buffer): Promise<Given> {
  if (!known.fingerprint.equals(asked)) return problem('idempotency_key_reused');
  return { transfer: await advance(deps, known), replayed: true };
}

/** Why a gift would be refused now, or null; nothing is written. */
export async function previewGift(deps: GiveDeps, gift: Gift): Promise<Refusal | null> {
  const transfer = await transferOf(deps, gift, fingerprintOf([]));
  if ('code' in transfer) return transfer;
  const [answer] = await deps.ledger.preview([outCommand(transfer)]);
  return answer?.status === 'refused' ? answer.refusal : null;
}

async function transferOf(
  { clock, ledger, programmes, members }: GiveDeps,
  gift: Gift,
  fingerprint: Buffer,
): Promise<Transfer | Refusal> {
  const { giver, receiver, points, purpose, requestKey } = gift;
  if (giver === receiver) return problem('gift_to_oneself');
  const programme = await programmes.find(gift.programme ?? DEFAULT_PROGRAMME);
  if (programme === undefined) return problem('programme_not_found');
  const pointType = pointTypeOf(programme, gift.pointType ?? DEFAULT_POINT_TYPE);
  if (pointType === undefined) return problem('point_type_not_found');
  if (!(await members.has(giver)) || !(await members.has(receiver)))
    return problem('member_not_found');
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
