import type { Hongmi } from '@hongmi/sdk';
import { settleDispute } from './disputes.ts';
import { invoice } from './invoices.ts';
import { bookDeposit } from './set-up-settlement.ts';
import { depositsOf } from './settlement-terms.ts';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, inParallel, unlessDone } from './write-once.ts';
import { type Date10, momentOf } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';

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
  const { id } = await hongmi.closeClearingPeriod(
    { programme, until: momentOf(end, 0) },
    demoKey('period', end),
  );
  await bookDeposit(settling, end, depositsOf(plan).monthFen);
  if (number >= DISPUTED_FROM) await settleDispute(settling, id);
  const run = await unlessDone(
    hongmi.makePaymentRun({ id, actor: ACTOR }, demoKey('payments', end)),
    NOTHING_TO_PAY,
  );
  if (isLast) return;
  if (run !== undefined) await confirm(hongmi, run.id, end);
  await invoice(settling, id, end);
}

/** The bank says of every instruction of a run that it was paid. */
async function confirm(hongmi: Hongmi, id: string, toldOn: Date10): Promise<void> {
  const items = await hongmi.pages('listPaymentInstructions', { id }).all();
  const works = items.map(({ place, endToEndId }) => () => {
    const reference = `B-${endToEndId}`;
    return hongmi.confirmPayment(
      { id, place, outcome: 'paid', reference, toldOn, actor: ACTOR },
      demoKey('paid', endToEndId),
    );
  });
  await inParallel(AT_ONCE, works);
}
