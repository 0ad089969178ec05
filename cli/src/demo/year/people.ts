import { addDays } from './calendar.ts';
import { type Dice, diceOf } from './dice.ts';
import { type Habit, NOBODY, type Person, phoneOf } from './person.ts';
import { DAYS, firstDayOf, type Plan } from './plan.ts';
import { TRADES, tradeOf } from './trades.ts';

const HABITS: readonly { readonly habit: Habit; readonly weight: number }[] = [
  { habit: 'regular', weight: 45 },
  { habit: 'occasional', weight: 25 },
  { habit: 'lapsed', weight: 13 },
  { habit: 'growing', weight: 10 },
  { habit: 'generous', weight: 7 },
];

/** Members bring cards along that they had on paper: so many join on the first day. */
const FOUNDERS = 0.6;
const CHILDREN = 0.02;
/** Nobody who came in the last three months is called lapsed. */
const SILENT_DAYS_MIN = 92;
/** Nobody leaves before they have been there for a while. */
const STAY_DAYS_MIN = 60;

/** Everybody but those with a story, in the order in which they join. */
export function peopleOf(plan: Plan): readonly Person[] {
  const dice = diceOf(`${plan.seed} people`);
  const first = firstDayOf(plan);
  const joins = Array.from({ length: plan.members }, () =>
    dice.chance(FOUNDERS) ? 0 : dice.int(1, DAYS - 1),
  ).sort((a, b) => a - b);
  const people: Person[] = [];
  const known: Person[] = [];
  for (const [place, day] of joins.entries()) {
    const person = personOf(dice, { place, day, first }, known);
    people.push(person);
    if (!person.isChild) known.push(person);
  }
  return people;
}

function personOf(
  dice: Dice,
  { place, day, first }: { readonly place: number; readonly day: number; readonly first: string },
  known: readonly Person[],
): Person {
  const key = `m${String(place + 1).padStart(4, '0')}`;
  const who = { ...NOBODY, key, phone: phoneOf(place + 1), joins: addDays(first, day) };
  if (dice.chance(CHILDREN))
    return { ...who, home: 'school-community', isChild: true, isGreen: true };
  const lastMax = DAYS - SILENT_DAYS_MIN;
  const stays = day + STAY_DAYS_MIN;
  const { habit: drawn } = dice.weigh(HABITS);
  const habit = drawn === 'lapsed' && stays > lastMax ? 'occasional' : drawn;
  const goes = goesOf(dice);
  const [home] = goes;
  return {
    ...who,
    home: home?.pack ?? 'convenience-store',
    habit,
    lastDay: habit === 'lapsed' ? addDays(first, dice.int(stays, lastMax)) : null,
    goes,
    hasGreenCard: dice.chance(0.2),
    isGreen: dice.chance(0.12),
    checksIn: dice.chance(0.3),
    birthday: dice.chance(0.35) ? birthdayOf(dice) : null,
    creditBand: dice.chance(0.1) ? dice.pick(['good', 'excellent']) : null,
    segments: segmentsOf(dice, goes),
    family: known.length > 0 && dice.chance(0.15) ? dice.pick(known).key : null,
    referredBy: day > 0 && known.length > 0 && dice.chance(0.06) ? dice.pick(known).key : null,
  };
}

/** At least one trade, the one where they registered first. */
function goesOf(dice: Dice): Person['goes'] {
  const goes = TRADES.filter(({ patrons }) => dice.chance(patrons)).map(({ pack }) => ({
    pack,
    often: 0.5 + dice.next(),
  }));
  const home = Math.floor(dice.next() * goes.length);
  const [at] = goes.splice(home, 1);
  return [at ?? { pack: 'convenience-store', often: 0.5 + dice.next() }, ...goes];
}

function birthdayOf(dice: Dice): string {
  // A leap year, so that some were born on 29 February.
  return addDays('2024-01-01', dice.int(0, 365)).slice(5);
}

function segmentsOf(dice: Dice, goes: Person['goes']): readonly string[] {
  if (!goes.some(({ pack }) => pack === tradeOf('fashion-chain').pack)) return [];
  const found: string[] = [];
  if (dice.chance(0.2)) found.push('dress-lover');
  if (dice.chance(0.15)) found.push('jeans-buyer');
  return found;
}
