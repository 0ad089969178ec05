import { answered, type HongmiClient } from '@hongmi/sdk';
import { registerPeople } from './register.ts';
import { type Sending, sendDay } from './send-day.ts';
import { type Coalition, PROGRAMME, setUp } from './set-up.ts';
import { createTally, type Tally } from './tally.ts';
import { demoKey, unlessDone } from './write-once.ts';
import { addDays, momentOf } from './year/calendar.ts';
import type { Day } from './year/event.ts';
import { firstDayOf, type Plan, REGISTERED_AT, strideOf } from './year/plan.ts';
import { everybodyOf, yearOf } from './year/year.ts';

const EVENINGS_LATE = 2;

export interface Loading {
  readonly hongmi: HongmiClient;
  readonly plan: Plan;
  /** Days that an earlier start sent. */
  readonly sent: number;
  /** The machine's time. */
  readonly now: () => number;
  /** Told after each day. */
  readonly onDay: (sent: number) => Promise<void>;
}

/**
 * Plays the year through the API, evening by evening: the programme's clock is moved to the evening of a day, who joins
 * is registered, and what happened before is sent. Each step may be repeated, so that whatever ended an
 * earlier attempt, it goes on where that stood.
 */
export async function loadYear(loading: Loading): Promise<Tally> {
  const { hongmi, plan, sent, now, onDay } = loading;
  const coalition = await setUp(hongmi, plan);
  const people = everybodyOf(plan);
  // Whoever is there already is only looked up: their registration is answered as the first time.
  const last = addDays(firstDayOf(plan), sent - 1);
  const known = people.filter(({ joins }) => joins <= last);
  const members = await registerPeople(hongmi, coalition, known, plan);
  const tally = createTally();
  const sending = { hongmi, merchants: coalition.merchants, members, tally };
  // What happened is sent two evenings later, beside the moving of the clock: none of it lies ahead then.
  const late: (readonly Day[])[] = [];
  let number = 0;
  for (const days of blocksOf(yearOf(plan, people), strideOf(plan))) {
    number += days.length;
    const due = late.length < EVENINGS_LATE ? [] : (late.shift() ?? []);
    late.push(days);
    if (number <= sent) continue;
    const [made] = await Promise.all([
      playEvening(hongmi, coalition, days, plan),
      sendDays(sending, due),
    ]);
    for (const [key, id] of made) members.set(key, id);
    for (const _ of made) tally.note('members', 'applied');
    await onDay(number);
  }
  await moveClock(hongmi, new Date(now()).toISOString());
  await sendDays(sending, late.flat());
  return tally;
}

/** Moves the clock to the evening of the first of these days, and registers who joins on them; answers their ids. */
async function playEvening(
  hongmi: HongmiClient,
  coalition: Coalition,
  days: readonly Day[],
  plan: Plan,
): Promise<Map<string, string>> {
  const [first] = days;
  // A moment after registrations begin.
  await moveClock(hongmi, momentOf(first?.date ?? plan.until, REGISTERED_AT, 1));
  const joins = days.flatMap((day) => day.joins);
  return await registerPeople(hongmi, coalition, joins, plan);
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

async function sendDays(sending: Sending, days: readonly Day[]): Promise<void> {
  for (const day of days) await sendDay(sending, day);
}

/** Forward; a clock that is further on stays. */
async function moveClock(hongmi: HongmiClient, to: string): Promise<void> {
  const params = { path: { code: PROGRAMME }, header: demoKey('clock', to) };
  const moved = hongmi.PUT('/v1/programmes/{code}/clock', { params, body: { now: to } });
  await unlessDone(answered(moved), ['clock_backwards']);
}
