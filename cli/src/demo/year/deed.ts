import { type Date10, momentOf, weekdayOf } from './calendar.ts';
import type { Dice } from './dice.ts';
import type { Deed, Order } from './event.ts';
import type { Person } from './person.ts';

const WEDNESDAY = 3;
/** Months without lessons. */
const HOLIDAYS = [1, 2, 7, 8];
/** The minute of the day at which lessons end. */
const LESSON_ENDS = 15 * 60 + 40;
const LAST_MINUTE = 24 * 60 - 1;

/** What somebody does on a day besides buying; `presence` as for visits. */
export function deedsOf(
  person: Person,
  { date, presence }: { readonly date: Date10; readonly presence: number },
  dice: Dice,
): readonly Deed[] {
  const deed = (
    at: string,
    kind: Deed['kind'],
    minute: number,
    more: Partial<Deed> = {},
  ): Deed => ({
    at,
    member: person.key,
    kind,
    activityNo: `${date}-${kind}-${person.key}-${at}`,
    occurredAt: momentOf(date, minute),
    ...more,
  });
  if (person.isChild) {
    const month = Number(date.slice(5, 7));
    const isLesson = weekdayOf(date) === WEDNESDAY && !HOLIDAYS.includes(month);
    if (!isLesson || !dice.chance(0.5 * presence)) return [];
    const number = `GL-${date}-${person.key}`;
    const evidence = { behaviour: 'green-lesson', number };
    return [deed('school-community', 'training', LESSON_ENDS, { store: 'school', evidence })];
  }
  const deeds: Deed[] = [];
  const goes = (pack: string): boolean => person.goes.some((each) => each.pack === pack);
  if (person.checksIn && goes('fruit-shop') && dice.chance(presence / 40))
    deeds.push(deed('fruit-shop', 'check_in', dice.int(8 * 60, 22 * 60 - 1)));
  if (!person.isGreen) return deeds;
  const station = { store: 'station' };
  if (dice.chance(presence / 30)) {
    const evidence = { behaviour: 'waste-sorting', number: `WS-${date}-${person.key}` };
    const minute = dice.int(18 * 60, 20 * 60);
    deeds.push(deed('school-community', 'green', minute, { ...station, evidence }));
  } else if (dice.chance(presence / 120)) {
    const evidence = { behaviour: 'old-clothes', number: `OC-${date}-${person.key}` };
    const attributes = { kilograms: dice.int(1, 8) };
    const minute = dice.int(9 * 60, 17 * 60);
    deeds.push(deed('school-community', 'green', minute, { ...station, evidence, attributes }));
  }
  if (dice.chance(presence / 90)) {
    const attributes = { questions: 12 };
    deeds.push(deed('school-community', 'survey', dice.int(19 * 60, 22 * 60), { attributes }));
  }
  return deeds;
}

/** What comes with a visit: a bag brought along, a ticket of the bus, a review, an eye check. */
export function deedsWith(
  order: Order,
  { isGreen }: Person,
  { date, minute }: { readonly date: Date10; readonly minute: number },
  dice: Dice,
): readonly Deed[] {
  const deed = (kind: Deed['kind'], later: number, more: Partial<Deed> = {}): Deed => ({
    at: order.at,
    member: order.member,
    kind,
    activityNo: `${order.orderNo}-${kind}`,
    occurredAt: momentOf(date, Math.min(minute + later, LAST_MINUTE)),
    ...more,
  });
  const { store } = order;
  if (order.at === 'supermarket' && isGreen && dice.chance(0.5)) {
    const evidence = { behaviour: 'own-bag', number: order.orderNo };
    return [deed('green', 0, { store, evidence })];
  }
  if (order.at === 'scenic-spot' && dice.chance(isGreen ? 0.8 : 0.2)) {
    const behaviour = dice.pick(['bus-ride', 'train-ride']);
    return [deed('green', 0, { store, evidence: { behaviour, number: `T-${order.orderNo}` } })];
  }
  if (['scenic-spot', 'beauty-shop'].includes(order.at) && dice.chance(0.12))
    return [deed('review', dice.int(30, 300))];
  if (order.at === 'optician' && dice.chance(0.4))
    return [deed('check_in', 0, { store, attributes: { service: 'eye-check' } })];
  return [];
}
