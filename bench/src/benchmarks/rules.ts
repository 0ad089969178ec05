import { newId } from '@hongmi/server/kernel/id';
import { compileRules, type RuleBook } from '@hongmi/server/rules/compile';
import { matchesOf, rate } from '@hongmi/server/rules/rate';
import type { Occasion } from '@hongmi/server/rules/rating';
import { reckon } from '@hongmi/server/rules/reckon';
import { Scene } from '@hongmi/server/rules/scene';
import { seededRandom } from '../load/random.ts';
import { makeOrder, makeRule, START } from '../load/rules.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { show } from './run.ts';

const ROUNDS = 5;
const RULES = 200;
const SHOPS = 40;
const ORDERS = 2_000;
const WARM_UP_TURNS = 3;
const TURNS = 7;
/** A mall of shops with campaigns of its own, and a shop that has as many for its goods. */
const PLACES = { mall: 'a mall', shop: 'one shop' } as const;
type Place = keyof typeof PLACES;
const COLUMNS = (Object.keys(PLACES) as Place[]).flatMap((place) => [
  `${place} µs`,
  `${place} every rule asked µs`,
  `${place} looked at`,
  `${place} looked at, p99`,
  `${place} looked at, most`,
]);

/** What rating an order takes by 200 rules in force; no server, no database. */
export function rules(settings: Settings): Promise<Outcome> {
  const rounds: Record<string, number>[] = [];
  for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
    const figures: Record<string, number> = {};
    for (const place of Object.keys(PLACES) as Place[])
      Object.assign(figures, measure(place, seededRandom(settings.seed + round)));
    rounds.push(figures);
    settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
  }
  return Promise.resolve({
    benchmark: 'rules',
    checks: (Object.keys(PLACES) as Place[]).flatMap((place) => [
      {
        what: `rating an order, ${PLACES[place]}`,
        measured: medianOf(rounds, `${place} µs`),
        unit: 'µs' as const,
        atMost: 50,
      },
      {
        what: `rules looked at closely, p99, ${PLACES[place]}`,
        measured: medianOf(rounds, `${place} looked at, p99`),
        unit: 'count' as const,
        atMost: 20,
      },
      {
        what: `every rule asked / by index, ${PLACES[place]}`,
        measured: medianRatio(rounds, `${place} every rule asked µs`, `${place} µs`),
        unit: 'times' as const,
      },
    ]),
    columns: COLUMNS,
    rounds,
    notes: [
      `${RULES} rules in force, every fifth with an expression, and orders of one to eight lines: in a mall of ${SHOPS} shops, of which ` +
        'each has some rules beside those of the mall, and in one shop that has all of them for its goods, hours and members. The µs are processor ' +
        'time of one order on one core, from what is known of it to its awards; the baseline asks every rule that is in force.',
    ],
  });
}

function measure(place: Place, random: () => number): Record<string, number> {
  const shops = Array.from({ length: place === 'mall' ? SHOPS : 1 }, () => newId(START));
  const book = compileRules(Array.from({ length: RULES }, (_, n) => makeRule(n, shops, random)));
  const orders = Array.from({ length: ORDERS }, () => makeOrder(shops, random));
  const counts = orders.map((order) => {
    const scene = new Scene(order);
    return book.inForce(order.at).candidatesFor(scene).length;
  });
  counts.sort((a, b) => a - b);
  const byIndex: number[] = [];
  const everyRule: number[] = [];
  for (let turn = -WARM_UP_TURNS; turn < TURNS; turn += 1) {
    const indexed = micros(() => orders.map((order) => rate(book, order)));
    const asked = micros(() => orders.map((order) => rateByAll(book, order)));
    if (turn < 0) continue;
    byIndex.push(indexed / ORDERS);
    everyRule.push(asked / ORDERS);
  }
  return {
    [`${place} µs`]: middle(byIndex),
    [`${place} every rule asked µs`]: middle(everyRule),
    [`${place} looked at`]: counts.reduce((a, b) => a + b, 0) / ORDERS,
    [`${place} looked at, p99`]: counts[Math.floor(ORDERS * 0.99)] ?? 0,
    [`${place} looked at, most`]: counts.at(-1) ?? 0,
  };
}

function rateByAll(book: RuleBook, order: Occasion): unknown {
  const scene = new Scene(order);
  return reckon(scene, matchesOf(scene, book.inForce(order.at).rules));
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function micros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
