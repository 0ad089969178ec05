import { localDate } from '../../kernel/calendar.ts';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { newId } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Outcome } from '../../platform/web/idempotency.ts';
import { problem } from '../../platform/web/problem.ts';
import { mustReadInstant } from '../../platform/web/schema.ts';
import type { Programme } from '../../programs/programme.ts';
import type { Estimate } from './book-period.ts';
import type { BooksDeps } from './close-books.ts';
import { type Measured, measureBreakage } from './history.ts';
import type { EstimateShown, NewEstimate, NewValue, ValueShown } from './schema.ts';
import { showEstimate, showValue } from './show.ts';
import {
  countEstimates,
  insertEstimate,
  insertValue,
  listBookPeriods,
  lockBooks,
  readHistory,
  readLastBookPeriod,
  readLastVintage,
} from './store.ts';

/** What is asked for, of a programme that is there. */
export type Asked<Body> = Omit<Body, 'programme'> & { readonly programme: Programme };

/**
 * Estimates how many points of a type are never used: by what the closed books say, or as somebody says who gives a reason. It counts for
 * periods that are not closed yet.
 */
export async function makeEstimate(
  tx: Transaction,
  asked: Asked<NewEstimate>,
  { clock, programmes }: BooksDeps,
): Promise<Outcome<EstimateShown>> {
  const { programme, override, actor } = asked;
  const pointType = programme.pointTypes.find(({ code }) => code === asked.pointType);
  if (pointType === undefined) return { refusal: problem('point_type_not_found') };
  await lockBooks(tx, programme.id);
  const last = await readLastBookPeriod(tx, programme.id);
  const from = fromOf(asked.from, programmes.programmeClock(programme.id), last?.until);
  if (last !== undefined && from <= last.until)
    return {
      refusal: problem('book_estimate_backdated', undefined, { after: showInstant(last.until) }),
    };
  const measured = await readMeasured(tx, programme.id, pointType.id);
  const made: Estimate = {
    id: newId(clock.now()),
    programme: programme.id,
    pointType: pointType.id,
    number: (await countEstimates(tx, programme.id, pointType.id)) + 1,
    from,
    // What nobody can know is not released before it lapses.
    breakagePpm: override?.breakagePpm ?? measured.breakagePpm ?? 0,
    method: override === undefined ? 'statistical' : 'override',
    cohorts: measured.cohorts,
    measuredPpm: measured.breakagePpm,
    errorPpm: measured.errorPpm,
    reason: override?.reason ?? null,
    actor,
    createdAt: clock.now(),
  };
  await insertEstimate(tx, made);
  return { status: 201, body: showEstimate(made, programme) };
}

/** Without an instant it counts for the next period to close. */
function fromOf(
  asked: string | undefined,
  now: Instant,
  closedUntil: Instant | undefined,
): Instant {
  if (asked !== undefined) return mustReadInstant(asked);
  return closedUntil === undefined ? now : closedUntil + 1;
}

/** What the closed books say. Cohorts that are older than the books have no beginning in them, and are left out. */
export async function readMeasured(
  sql: Sql,
  programme: number,
  pointType: number,
): Promise<Measured> {
  const [first] = await listBookPeriods(sql, programme, 0, 1);
  if (first === undefined) return measureBreakage([]);
  const fromVintage = localDate(first.from, first.timeZone).slice(0, 7);
  return measureBreakage(await readHistory(sql, programme, pointType, fromVintage));
}

/** Says what points without a price between merchants are worth in the books, from a month on that no closed books tell of. */
export async function setValue(
  tx: Transaction,
  asked: Asked<NewValue>,
  { clock }: BooksDeps,
): Promise<Outcome<ValueShown>> {
  const { programme, vintage, reason, actor } = asked;
  const pointType = programme.pointTypes.find(({ code }) => code === asked.pointType);
  if (pointType === undefined) return { refusal: problem('point_type_not_found') };
  await lockBooks(tx, programme.id);
  const last = await readLastVintage(tx, programme.id, pointType.id);
  if (last !== null && vintage <= last)
    return { refusal: problem('book_value_backdated', undefined, { after: last }) };
  const made = {
    programme: programme.id,
    pointType: pointType.id,
    vintage,
    value: asked.valueMicroFen,
    reason,
    actor,
    createdAt: clock.now(),
  };
  await insertValue(tx, made);
  return { status: 201, body: showValue(made, programme) };
}
