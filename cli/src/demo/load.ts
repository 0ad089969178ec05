import type { Hongmi } from '@hongmi/sdk';
import { complain } from './complain.ts';
import { leaveDispute } from './disputes.ts';
import { layOutDesks } from './lay-out-desks.ts';
import { registerPeople, type Speaking, speakFor } from './register.ts';
import { type Sending, sendDays } from './send-day.ts';
import { sendRedeemed } from './send-redeemed.ts';
import { type Coalition, PROGRAMME, setUp } from './set-up.ts';
import { createMonths } from './settle.ts';
import { createTally, type Tally } from './tally.ts';
import { demoKey, unlessDone } from './write-once.ts';
import { addDays, momentOf } from './year/calendar.ts';
import type { Day, Redeemed } from './year/event.ts';
import type { Person } from './year/person.ts';
import { firstDayOf, type Plan, REGISTERED_AT, strideOf } from './year/plan.ts';
import { isRedemptionDay } from './year/reward.ts';
import { everybodyOf, yearOf } from './year/year.ts';

/** A request costs the server as much as some 30 orders; what is told much later than it was looks odd. */
const SENT_TOGETHER = 3;

export interface Loading {
  readonly hongmi: Hongmi;
  readonly plan: Plan;
  /** Days that an earlier start sent. */
  readonly sent: number;
  /** The machine's time. */
  readonly now: () => number;
  /** Told after some days each. */
  readonly onDay: (sent: number) => Promise<void>;
}

/**
 * Plays the year through the API: the programme's clock is moved from evening to evening and who joins is registered;
 * what happened on some days before is sent together meanwhile. Each step may be repeated, so that whatever ended
 * an earlier attempt, it goes on where that stood.
 */
export async function loadYear(loading: Loading): Promise<Tally> {
  const { hongmi, plan, sent, now, onDay } = loading;
  const coalition = await setUp(hongmi, plan);
  const { merchants } = coalition;
  const people = everybodyOf(plan);
  // Whoever is there already is only looked up: their registration is answered as the first time.
  const last = addDays(firstDayOf(plan), sent - 1);
  const known = people.filter(({ joins }) => joins <= last);
  const members = await registerPeople(hongmi, coalition, known);
  const speaking = { hongmi, notices: coalition.notices, plan };
  await speakFor(speaking, known, members);
  const tally = createTally();
  const sending = { hongmi, merchants, members, tally };
  const settling = { hongmi, programme: PROGRAMME, plan, merchants };
  const months = createMonths(settling);
  const late: Day[] = [];
  let number = 0;
  const stride = strideOf(plan);
  for (const days of blocksOf(yearOf(plan, people), Math.max(stride, SENT_TOGETHER))) {
    number += days.length;
    // Of the evening on which the clock stands, and what follows it, not everything has happened.
    const due = late.splice(0, Math.max(0, late.length - stride));
    late.push(...days);
    if (number <= sent) continue;
    await Promise.all([
      playEvenings([...blocksOf(days, stride)], {
        ...sending,
        speaking,
        rewards: coalition.rewards,
      }),
      sendDays(sending, due),
    ]);
    // A month is closed once it was told to its end: what is told after the close would count for the next.
    await months.until(late[0]?.date ?? plan.until);
    await onDay(number);
  }
  await moveClock(hongmi, new Date(now()).toISOString());
  await sendDays(sending, late);
  await months.until(plan.until);
  await leaveDispute(settling);
  await complain(sending);
  await layOutDesks(hongmi, PROGRAMME, merchants);
  return tally;
}

interface Evenings extends Sending, Pick<Coalition, 'rewards'> {
  readonly members: Map<string, string>;
  readonly speaking: Speaking;
}

/**
 * Moves the clock to the evening of the first day of each block, and registers who joins on its days. What they say of
 * themselves is written down while the clock moves on, unless that evening they have their birthday. What was redeemed is
 * sent together on the last evening, and on redemption days, since it costs what it costs then.
 */
async function playEvenings(
  evenings: readonly (readonly Day[])[],
  sending: Evenings,
): Promise<void> {
  const { hongmi, merchants, members, tally, speaking } = sending;
  const said: Promise<void>[] = [];
  const joined: Person[] = [];
  const redeemed: Redeemed[] = [];
  for (const [place, days] of evenings.entries()) {
    const date = days[0]?.date ?? speaking.plan.until;
    if (joined.some(({ birthday }) => birthday !== null && isOn(birthday, date)))
      await Promise.all(said);
    // A moment after registrations begin.
    await moveClock(hongmi, momentOf(date, REGISTERED_AT, 1));
    const joins = days.flatMap((day) => day.joins);
    for (const [key, id] of await registerPeople(hongmi, { merchants }, joins)) {
      members.set(key, id);
      tally.note('members', 'applied');
    }
    redeemed.push(...days.flatMap((day) => day.redeemed));
    if (place === evenings.length - 1 || isRedemptionDay(date))
      await sendRedeemed(sending, redeemed.splice(0));
    joined.push(...joins);
    const saying = speakFor(speaking, joins, members);
    // Its failure is met below, maybe later than Node waits for that.
    saying.catch(() => {});
    said.push(saying);
  }
  await Promise.all(said);
}

/** Who was born on 29 February has the 28th in other years. */
function isOn(birthday: string, date: string): boolean {
  return date.endsWith(birthday) || (birthday === '02-29' && date.endsWith('02-28'));
}

/** So many days at a time. */
function* blocksOf(days: Iterable<Day>, stride: number): Generator<readonly Day[]> {
  let block: Day[] = [];
  for (const day of days) {
    block.push(day);
    if (block.length < stride) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** Forward; a clock that is further on stays. */
async function moveClock(hongmi: Hongmi, to: string): Promise<void> {
  const moved = hongmi.setProgrammeClock({ code: PROGRAMME, now: to }, demoKey('clock', to));
  await unlessDone(moved, ['clock_backwards']);
}
