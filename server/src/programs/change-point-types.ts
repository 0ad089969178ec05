import type Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { expiresAt } from '../kernel/expiry-policy.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { canonicalJson, type Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import { stateAt, statesOf } from './dated.ts';
import { type By, keepChange, nowOf, refusalOfDate } from './judge-dates.ts';
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
  const from = nowOf(programme, by);
  const refusal = refusalOf(programme, make, from);
  if (refusal !== null) return { refusal };
  await insertPointType(tx, programme.id, make);
  const added = showPointType(await readAgain(tx, code, asked.code, from));
  const change = { from, before: {}, after: { pointTypes: [added] } };
  await insertChange(tx, { ...whoOf(programme, by), ...change });
  return { status: 201, body: added };
}

/**
 * Changes what was asked of a point type, and keeps who did it beside what it was. What was issued keeps
 * its own terms: the ledger has them with each lot. What becomes worse for members begins later ({@link refusalOfDate}).
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
  const { from: begins, ...terms } = asked;
  const now = nowOf(programme, by);
  const from = begins === undefined ? now : mustReadInstant(begins);
  const wanted = { ...pointType, ...terms, slideMonths: slidesWith(pointType, terms) };
  const before = showPointType(pointType);
  const after = showPointType(wanted);
  const pointTypes = programme.pointTypes.map((each) => (each === pointType ? wanted : each));
  const then = { ...programme, pointTypes };
  const isOther = canonicalJson(before) !== canonicalJson(after);
  const change = isOther
    ? { from, before: { pointTypes: [before] }, after: { pointTypes: [after] } }
    : { from, before: {}, after: {} };
  const refusal =
    (asked.expiryPolicy === undefined ? null : refusalOf(programme, wanted, from)) ??
    refusalOfDate(programme, then, change, now);
  if (refusal !== null) return { refusal };
  if (isOther) {
    await updatePointType(tx, pointType.id, wanted);
    await keepChange(tx, programme, then, { ...whoOf(programme, by), ...change }, by);
  }
  return { status: 200, body: showPointType(await readAgain(tx, code, name, now)) };
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
  from: Instant,
): Refusal | null {
  // So it was promised to whoever has points of it.
  const isPromised = programme.code === DEFAULT_PROGRAMME && code === DEFAULT_POINT_TYPE;
  if (isPromised && expiryPolicy.kind !== 'none')
    return problem('points_never_expire', 'the points of the default programme never expire');
  const end = expiresAt(expiryPolicy, from, programme.timeZone);
  if (end !== null && end <= from)
    return problem('expiry_in_past', 'what is issued then would have lapsed before');
  return null;
}

function whoOf(programme: Programme, { key, clock }: By) {
  return { programme: programme.id, changedAt: clock.now(), changedBy: key };
}

/** As it is at that instant. */
async function readAgain(
  tx: Transaction,
  code: string,
  name: string,
  at: Instant,
): Promise<PointType> {
  const programme = await lockProgramme(tx, code);
  const found =
    programme === undefined ? undefined : pointTypeOf(stateAt(statesOf(programme), at), name);
  if (found === undefined) throw new Error('what was just written is there');
  return found;
}
