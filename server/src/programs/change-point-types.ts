import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { expiresAt } from '../kernel/expiry-policy.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { canonicalJson, type Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import {
  type NewPointType,
  type PointType,
  type PointTypeChange,
  type PointTypeShown,
  pointTypeToMake,
  showPointType,
} from './point-type.ts';
import {
  DEFAULT_POINT_TYPE,
  DEFAULT_PROGRAMME,
  POINT_TYPES_MAX,
  type Programme,
  pointTypeOf,
} from './programme.ts';
import { insertChange, insertPointType, lockProgramme, updatePointType } from './store.ts';

type Shown = Type.Static<typeof PointTypeShown>;

/** Who asks, and when. */
export interface By {
  readonly key: Uuid;
  readonly clock: Clock;
}

/** Gives a programme another point type, and keeps who did it. */
export async function addPointType(
  tx: Transaction,
  code: string,
  asked: Type.Static<typeof NewPointType>,
  by: By,
): Promise<Outcome<Shown>> {
  const programme = await lockProgramme(tx, code);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  if (pointTypeOf(programme, asked.code) !== undefined) {
    const message = `${code} has a point type ${asked.code} already`;
    return { refusal: problem('point_type_exists', message, { pointType: asked.code }) };
  }
  if (programme.pointTypes.length >= POINT_TYPES_MAX) {
    const message = `a programme has at most ${POINT_TYPES_MAX} point types`;
    return { refusal: problem('too_many_point_types', message, { max: POINT_TYPES_MAX }) };
  }
  const make = pointTypeToMake(asked);
  const refusal = refusalOf(programme, make, by);
  if (refusal !== null) return { refusal };
  await insertPointType(tx, programme.id, make);
  const added = await readAgain(tx, code, asked.code);
  await insertChange(tx, { ...whoOf(programme, by), before: {}, after: { pointTypes: [added] } });
  return { status: 201, body: added };
}

/**
 * Changes what was asked of a point type, and keeps who did it beside what it was. What was issued keeps
 * its own terms: the ledger has them with each lot.
 */
export async function changePointType(
  tx: Transaction,
  code: string,
  name: string,
  asked: Type.Static<typeof PointTypeChange>,
  by: By,
): Promise<Outcome<Shown>> {
  const programme = await lockProgramme(tx, code);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const pointType = pointTypeOf(programme, name);
  if (pointType === undefined) return { refusal: problem('point_type_not_found') };
  const wanted = { ...pointType, ...asked, slideMonths: slidesWith(pointType, asked) };
  const refusal = asked.expiryPolicy === undefined ? null : refusalOf(programme, wanted, by);
  if (refusal !== null) return { refusal };
  const before = showPointType(pointType);
  const after = showPointType(wanted);
  if (canonicalJson(before) !== canonicalJson(after)) {
    await updatePointType(tx, pointType.id, wanted);
    const change = { before: { pointTypes: [before] }, after: { pointTypes: [after] } };
    await insertChange(tx, { ...whoOf(programme, by), ...change });
  }
  return { status: 200, body: await readAgain(tx, code, name) };
}

/** What was issued while a type slid goes on sliding, whatever becomes of the type. */
function slidesWith(
  { slideMonths }: PointType,
  { expiryPolicy }: Type.Static<typeof PointTypeChange>,
): readonly number[] {
  if (expiryPolicy?.kind !== 'sliding') return slideMonths;
  return [...new Set([...slideMonths, expiryPolicy.months])];
}

/** Why points of a type may not last as long as that. */
function refusalOf(
  programme: Programme,
  { code, expiryPolicy }: Omit<PointType, 'id'>,
  { clock }: By,
): Refusal | null {
  // So it was promised to whoever has points of it.
  const isPromised = programme.code === DEFAULT_PROGRAMME && code === DEFAULT_POINT_TYPE;
  if (isPromised && expiryPolicy.kind !== 'none')
    return problem('points_never_expire', 'the points of the default programme never expire');
  const now = clock.now() + programme.clockOffsetMs;
  const end = expiresAt(expiryPolicy, now, programme.timeZone);
  if (end !== null && end <= now)
    return problem('expiry_in_past', 'what is issued now would have lapsed before');
  return null;
}

function whoOf(programme: Programme, { key, clock }: By) {
  return { programme: programme.id, changedAt: clock.now(), changedBy: key };
}

async function readAgain(tx: Transaction, code: string, name: string): Promise<Shown> {
  const programme = await lockProgramme(tx, code);
  const found = programme === undefined ? undefined : pointTypeOf(programme, name);
  if (found === undefined) throw new Error('what was just written is there');
  return showPointType(found);
}
