import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { consents, readKnown } from './known.ts';
import {
  type MemberSegmentShown,
  type NewSegment,
  type SegmentShown,
  showMemberSegment,
  showSegment,
} from './segment.ts';
import {
  deleteMemberSegment,
  insertMemberSegment,
  insertSegment,
  readMemberSegments,
  readProgrammeId,
  readSegment,
} from './segment-store.ts';
import { type By, lockToSpeak } from './speak-for.ts';

type Shown = Outcome<Type.Static<typeof MemberSegmentShown>>;

/** Makes a segment of a programme, in which nobody is yet. */
export async function createSegment(
  tx: Transaction,
  asked: Type.Static<typeof NewSegment>,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof SegmentShown>>> {
  const programmeCode = asked.programme ?? 'default';
  const programme = await readProgrammeId(tx, programmeCode);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const { code, zh, en, serviceReason = null } = asked;
  const segment = { code, zh, en, serviceReason, createdAt: clock.now() };
  if (!(await insertSegment(tx, programme, segment)))
    return { refusal: problem('segment_exists', `${programmeCode} has a segment ${code}`) };
  return { status: 201, body: showSegment(programmeCode, segment) };
}

/** Puts a member into a segment: without consent to personal offers only into one that is there to serve them. */
export async function putIntoSegment(
  tx: Transaction,
  member: Uuid,
  at: { readonly programme: string; readonly code: string },
  by: By,
): Promise<Shown> {
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  const programme = await readProgrammeId(tx, at.programme);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const segment = await readSegment(tx, programme, at.code);
  if (segment === undefined) return { refusal: problem('segment_not_found') };
  const now = by.clock.now();
  const known = (await readKnown(tx, [member])).get(member);
  const isPersonal = known !== undefined && consents(known, 'personalised_offers', null, now);
  if (segment.serviceReason === null && !isPersonal)
    return { refusal: problem('consent_missing', undefined, { purpose: 'personalised_offers' }) };
  await insertMemberSegment(tx, { member, programme, code: at.code }, { at: now, key: by.key });
  const own = await segmentOf(tx, member, programme, at.code);
  if (own === undefined) throw new Error('a member is in the segment they were put into');
  return { status: 200, body: showMemberSegment(at.programme, own) };
}

/** Takes a member out of a segment, at any time; answers how it was. */
export async function takeOutOfSegment(
  tx: Transaction,
  member: Uuid,
  at: { readonly programme: string; readonly code: string },
  by: By,
): Promise<Shown> {
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  const programme = await readProgrammeId(tx, at.programme);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const own = await segmentOf(tx, member, programme, at.code);
  if (own === undefined) return { refusal: problem('segment_not_found') };
  await deleteMemberSegment(tx, { member, programme, code: at.code });
  return { status: 200, body: showMemberSegment(at.programme, own) };
}

async function segmentOf(tx: Transaction, member: Uuid, programme: number, code: string) {
  const all = await readMemberSegments(tx, member);
  return all.find((each) => each.programme === programme && each.code === code);
}
