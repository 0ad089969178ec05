import type { EntryTerms, OpenHours, Parity, RewardKind, RewardTerms } from '../kernel/reward.ts';
import type { BodyProblem } from '../platform/publishing/problem-of.ts';
import { problemOf } from '../platform/publishing/problem-of.ts';

/** Of these the terms as sold and as redeemed must be said, and be the same or better. */
const WITH_PARITY: ReadonlySet<RewardKind> = new Set(['ticket', 'service', 'travel', 'upgrade']);

const MINUTES_A_DAY = 1440;
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];
const QUEUES: readonly EntryTerms['queue'][] = ['priority', 'common', 'standby'];

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** The minutes of a week in which something is open. */
export function minutesOf(spans: readonly OpenHours[]): Uint8Array {
  const week = new Uint8Array(7 * MINUTES_A_DAY);
  for (const { weekdays = ALL_DAYS, from, to } of spans)
    for (const day of weekdays) {
      const midnight = (day - 1) * MINUTES_A_DAY;
      week.fill(1, midnight + minuteOf(from), midnight + minuteOf(to));
    }
  return week;
}

/** Whether all minutes of `small` are in `large`; without any spans it is always open. */
export function isOpenAtLeast(large: readonly OpenHours[], small: readonly OpenHours[]): boolean {
  if (large.length === 0) return true;
  if (small.length === 0) return minutesOf(large).every((open) => open === 1);
  const open = minutesOf(large);
  return minutesOf(small).every((asked, minute) => asked === 0 || open[minute] === 1);
}

/** What is stricter for who comes with the second than with the first: the names of the terms. */
export function stricterIn(one: EntryTerms, other: EntryTerms): readonly string[] {
  const [before, after] = [one.cancellation, other.cancellation];
  const isLaterRefused =
    before.hoursBefore !== null &&
    (after.hoursBefore === null || after.hoursBefore > before.hoursBefore);
  // A fee matters only where it can be cancelled at all.
  const isDearer = before.hoursBefore !== null && after.feePercent > before.feePercent;
  return [
    ...(isOpenAtLeast(other.entryTimes, one.entryTimes) ? [] : ['entryTimes']),
    ...(QUEUES.indexOf(other.queue) > QUEUES.indexOf(one.queue) ? ['queue'] : []),
    ...(isLaterRefused || isDearer ? ['cancellation'] : []),
    ...(one.transferable && !other.transferable ? ['transferable'] : []),
  ];
}

/** What is wrong with what a ticket or service is said to be like. */
export function parityProblems({ kind, parity, ...terms }: RewardTerms): BodyProblem[] {
  if (parity === undefined)
    return WITH_PARITY.has(kind)
      ? [problemOf('/parity', 'parity_missing', 'it must say what the same is like for cash')]
      : [];
  if (!WITH_PARITY.has(kind))
    return [problemOf('/parity', 'parity_of_other_kind', `a ${kind} has none: leave it out`)];
  return [
    ...stricterIn(parity.asSold, parity.asRedeemed).map((name) =>
      problemOf(
        `/parity/asRedeemed/${name}`,
        'stricter_than_sold',
        `${name} is stricter than for who pays cash: ${tell(parity, name as keyof EntryTerms)}`,
      ),
    ),
    ...agreementProblems(parity.asRedeemed.cancellation, terms),
  ];
}

const tell = ({ asSold, asRedeemed }: Parity, name: keyof EntryTerms): string =>
  `${JSON.stringify(asRedeemed[name])} instead of ${JSON.stringify(asSold[name])}`;

/** What is said of cancelling must be what the terms themselves allow. */
function agreementProblems(
  said: EntryTerms['cancellation'],
  { cancellation, prices }: Omit<RewardTerms, 'kind' | 'parity'>,
): BodyProblem[] {
  const path = '/parity/asRedeemed/cancellation';
  const hours = {
    never: null,
    before_use: 0,
    hours_before: 'hours' in cancellation ? cancellation.hours : 0,
  };
  if (said.hoursBefore !== hours[cancellation.until])
    return [problemOf(`${path}/hoursBefore`, 'not_the_terms', 'the cancellation says otherwise')];
  const fee = cancellation.until === 'never' ? 0 : (cancellation.feePoints ?? 0);
  const isMore = prices.some(({ points: [first] }) => {
    const least = Math.min(fee, first?.points ?? 0);
    return least * 100 > said.feePercent * (first?.points ?? 0);
  });
  return isMore
    ? [problemOf(`${path}/feePercent`, 'not_the_terms', 'the fee in points is more than that')]
    : [];
}
