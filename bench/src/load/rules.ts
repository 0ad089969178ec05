import { newId, type Uuid } from '@hongmi/server/kernel/id';
import type { Occasion, RatedLine } from '@hongmi/server/rules/rating';
import type { Conditions, Effect, RuleVersion } from '@hongmi/server/rules/rule';

export const START = Date.parse('2027-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

export function below(random: () => number, bound: number): number {
  return Math.floor(random() * bound);
}

/** `goods-17` of 60 kinds, say. */
function pick(random: () => number, what: string, of: number): string {
  return `${what}-${below(random, of)}`;
}

export const TIERS = ['silver', 'gold', 'platinum'];
export const TENDERS = ['cash', 'card', 'wallet', 'green-card'];

/** What rules of shops and malls ask for, in turn. */
function makeConditions(number: number, random: () => number): Conditions {
  const expression =
    number % 5 === 0
      ? {
          expression: `order.netFen >= ${below(random, 9000)} && order.lines.exists(l, l.quantity > 1)`,
        }
      : {};
  switch (number % 8) {
    case 0:
      return {
        lines: { skus: [pick(random, 'sku', 500), pick(random, 'sku', 500)] },
        ...expression,
      };
    case 1:
      return {
        lines: { categories: [pick(random, 'goods', 60)] },
        weekdays: [2, 4],
        ...expression,
      };
    case 2:
      return { lines: { brands: [pick(random, 'brand', 100)] }, ...expression };
    case 3:
      return {
        lines: { zones: [pick(random, 'zone', 30)] },
        hours: { from: '18:00', to: '22:00' },
        ...expression,
      };
    case 4:
      return {
        monthDays: [1 + below(random, 28)],
        orderFen: { min: 100 * below(random, 200) },
        ...expression,
      };
    case 5:
      return {
        member: { segments: [pick(random, 'segment', 20)] },
        dates: { from: '2027-03-01', to: '2027-05-31' },
        ...expression,
      };
    case 6:
      return {
        member: { tiers: [TIERS[below(random, 3)] as string], birthday: 'month' },
        ...expression,
      };
    default:
      return {
        tenders: [TENDERS[below(random, 4)] as string],
        lines: { categories: [pick(random, 'goods', 60)], minFen: 1000 },
        ...expression,
      };
  }
}

function makeEffect(number: number, random: () => number): Effect {
  switch (number % 4) {
    case 0:
      return { kind: 'times', num: 2, den: 1 };
    case 1:
      return { kind: 'extra', points: 1 + below(random, 5), perFen: 100 };
    case 2:
      return { kind: 'fixed', points: 1 + below(random, 100), per: 'item' };
    default:
      return { kind: 'base', points: 1 + below(random, 3), perFen: 100 };
  }
}

/** Rule `number` of a shop, or where there are many, every eighth of the mall that they are in. */
export function makeRule(
  number: number,
  shops: readonly Uuid[],
  random: () => number,
): RuleVersion {
  const isMalls = shops.length > 1 && number % 8 === 0;
  // Base rules are the same for every member.
  const asksWho = [5, 6].includes(number % 8);
  return {
    id: newId(START),
    rule: newId(START),
    code: `rule-${number}`,
    number: 1,
    merchant: isMalls ? null : (shops[number % shops.length] as Uuid),
    body: {
      name: 'rule',
      on: 'order',
      when: makeConditions(number, random),
      earn: makeEffect(asksWho ? number % 3 : number, random),
      terms: { caps: [{ per: 'month', points: 1000 }] },
    },
    from: START,
    until: null,
  };
}

/** An order of one to eight lines within the year. */
export function makeOrder(shops: readonly Uuid[], random: () => number): Occasion {
  const count = 1 + below(random, 8);
  return {
    on: 'order',
    at: START + below(random, 365 * 24) * HOUR_MS,
    timeZone: 'Asia/Shanghai',
    merchant: shops[below(random, shops.length)] as Uuid,
    merchantCategory: 'shop',
    ratio: { points: 1, perFen: 100 },
    store: pick(random, 'store', 3),
    channel: 'till',
    tenders: [TENDERS[below(random, 4)] as string],
    lines: Array.from({ length: count }, (_, index) => makeLine(index + 1, random)),
    member: {
      tier: below(random, 2) === 0 ? null : (TIERS[below(random, 3)] as string),
      creditBand: null,
      segments: [pick(random, 'segment', 20)],
      earlierOrders: below(random, 20),
      joinedAt: START - below(random, 1000) * 24 * HOUR_MS,
      birthday: `${String(1 + below(random, 12)).padStart(2, '0')}-15`,
    },
    attributes: {},
  };
}

export function makeLine(lineNo: number, random: () => number): RatedLine {
  const greenCertificate = below(random, 10) === 0 ? 'G1' : null;
  return {
    lineNo,
    sku: pick(random, 'sku', 500),
    brand: pick(random, 'brand', 100),
    category: pick(random, 'goods', 60),
    zone: pick(random, 'zone', 30),
    greenCertificate,
    green: greenCertificate === null ? null : 'valid',
    quantity: 1 + below(random, 3),
    amountFen: 100 + below(random, 20_000),
  };
}
