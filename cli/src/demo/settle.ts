import { answered, type HongmiClient } from '@hongmi/sdk/by-path';
import { readPages } from '../pages.ts';
import { settleDispute } from './disputes.ts';
import { invoice } from './invoices.ts';
import { bookDeposit } from './set-up-settlement.ts';
import { depositsOf } from './settlement-terms.ts';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, inParallel, unlessDone } from './write-once.ts';
import { type Date10, momentOf } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';

const ALL = 10_000;
const AT_ONCE = 3;
/** In the first days nobody uses points that were given in them. */
const NOTHING_TO_PAY = ['payments_nothing_left'];
/** From which of the months on something may be disputed. */
const DISPUTED_FROM = 3;

/** Settles the months of the year one by one. */
export interface Months {
  /** Settles each month that ended by this day; of which all was told that ever will be. */
  until(day: Date10): Promise<void>;
}

/** Each step may be repeated, by this process or one after it. */
export function createMonths(settling: Settling): Months {
  const ends = monthsOf(settling.plan);
  let settled = 0;
  return {
    async until(day) {
      for (let end = ends[settled]; end !== undefined && end <= day; end = ends[settled]) {
        settled += 1;
        await settleMonth(settling, end, settled, settled === ends.length);
      }
    },
  };
}

/** The days on which months of the year are over: the first of the next. */
export function monthsOf(plan: Plan): Date10[] {
  const [year = 0, month = 0] = firstDayOf(plan).split('-').map(Number);
  const ends = Array.from({ length: 13 }, (_, after) =>
    new Date(Date.UTC(year, month + after, 1)).toISOString().slice(0, 10),
  );
  return ends.filter((end) => end <= plan.until);
}

/**
 * Closes a month, lets the bank pay what it comes to, invoices its fees, and books what the prefunded merchant pays in for the next
 * one. Of the last month, the bank has not said anything yet, and its fees are to be invoiced.
 */
async function settleMonth(
  settling: Settling,
  end: Date10,
  number: number,
  isLast: boolean,
): Promise<void> {
  const { hongmi, programme, plan } = settling;
  const body = { programme, until: momentOf(end, 0) };
  const params = { header: demoKey('period', end) };
  const { id } = await answered(hongmi.POST('/v1/clearing/periods', { params, body }));
  await bookDeposit(settling, end, depositsOf(plan).monthFen);
  if (number >= DISPUTED_FROM) await settleDispute(settling, id);
  const made = { path: { id }, header: demoKey('payments', end) };
  const asked = { params: made, body: { actor: ACTOR } };
  const run = await unlessDone(
    answered(hongmi.POST('/v1/clearing/periods/{id}/payments', asked)),
    NOTHING_TO_PAY,
  );
  if (isLast) return;
  if (run !== undefined) await confirm(hongmi, run.id, end);
  await invoice(settling, id, end);
}

/** The bank says of every instruction of a run that it was paid. */
async function confirm(hongmi: HongmiClient, id: string, toldOn: Date10): Promise<void> {
  const path = { id };
  const { items } = await readPages(ALL, (query) =>
    hongmi.GET('/v1/clearing/payments/{id}/instructions', { params: { path, query } }),
  );
  const works = items.map(({ place, endToEndId }) => () => {
    const reference = `B-${endToEndId}`;
    const body = { place, outcome: 'paid' as const, reference, toldOn, actor: ACTOR };
    const params = { path, header: demoKey('paid', endToEndId) };
    return answered(hongmi.POST('/v1/clearing/payments/{id}/confirmations', { params, body }));
  });
  await inParallel(AT_ONCE, works);
}
