import { addToDate, endOfDate, localDate, startOfDate } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { eachAlone, finishLeftovers, type Leftovers } from '../kernel/leftovers.ts';
import { birthdayIndex } from '../members/birthday.ts';
import { type Celebrant, readCelebrants } from '../members/birthday-store.ts';
import type { Programme } from '../programs/programme.ts';
import { onceOf } from './activity.ts';
import type { ActivityRequest } from './candidates.ts';
import { listens } from './rate-activity.ts';
import { findOnce } from './store.ts';
import type { ActivityDeps, TellActivities } from './tell-activities.ts';
import { toldItself } from './told-itself.ts';

/** Days that a standstill of the server may have hidden: they are made up for. */
const LATE_DAYS = 3;

/**
 * Records the birthdays of the day, and of the days before it that nobody was there to see: by the time zone of
 * each programme where a rule listens to them, issued for by the merchant where the member joined, and once a
 * year. Answers how many there were. Repeated any number of times it finds nothing new.
 */
export function giveBirthdays(deps: BirthdayDeps, tellActivities: TellActivities): Promise<number> {
  const give = (each: Programme): Promise<number> => giveInProgramme(deps, tellActivities, each);
  return eachAlone(deps.programmes.all(), give, 'the birthdays of a programme could not be given');
}

type BirthdayDeps = Pick<ActivityDeps, 'pool' | 'clock' | 'sealer' | 'programmes' | 'ruleBookOf'>;

async function giveInProgramme(
  deps: BirthdayDeps,
  tellActivities: TellActivities,
  { id: programme, timeZone }: Programme,
): Promise<number> {
  const { clock, programmes, ruleBookOf } = deps;
  const now = programmes.programmeClock(programme);
  const today = localDate(now, timeZone);
  let given = 0;
  for (let ago = 0; ago < LATE_DAYS; ago += 1) {
    const date = addToDate(today, { days: -ago });
    // The same moment for everybody and in every attempt.
    const at = startOfDate(date, timeZone);
    if (!listens(await ruleBookOf(programme, at), 'birthday', null, at)) continue;
    const ahead = now - clock.now();
    const before = Math.min(endOfDate(date, timeZone), now + 1) - ahead;
    given += await giveOn(deps, tellActivities, { programme, date, at, before });
  }
  return given;
}

interface Day {
  readonly programme: number;
  readonly date: string;
  readonly at: Instant;
  /** Until when, by the machine's clock, a birthday of that day could be given. */
  readonly before: Instant;
}

async function giveOn(
  { pool, sealer }: Pick<ActivityDeps, 'pool' | 'sealer'>,
  tellActivities: TellActivities,
  { programme, date, at, before }: Day,
): Promise<number> {
  const days = daysOf(date).map((day) => birthdayIndex(sealer, day));
  const year = Number(date.slice(0, 4));
  const keyOf = ({ member }: Celebrant): string =>
    onceOf({ kind: 'birthday', member }, programme, year) as string;
  const celebrants: Leftovers<Celebrant> = {
    read: (until, after, limit) =>
      readCelebrants(pool, { programme, days, before: until, after: after?.member ?? null, limit }),
    async finish(page) {
      const done = await findOnce(pool, page.map(keyOf));
      const fresh = page.filter((each) => !done.has(keyOf(each)));
      if (fresh.length > 0)
        await tellActivities.many(fresh.map((each) => requestOf(each, year, at)));
      return fresh.length;
    },
  };
  return finishLeftovers(celebrants, before);
}

/** Who was born on 29 February has the 28th in other years. */
function daysOf(date: string): string[] {
  const day = date.slice(5);
  const isLast = addToDate(date, { days: 1 }).slice(5) === '03-01';
  return day === '02-28' && isLast ? [day, '02-29'] : [day];
}

function requestOf({ member, merchant }: Celebrant, year: number, at: Instant): ActivityRequest {
  const activityNo = `birthday ${year} of ${showId('member', member)}`;
  return { ...toldItself({ merchant, member, kind: 'birthday', activityNo, at }), year };
}
