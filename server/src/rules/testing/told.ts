import { newId, type Uuid } from '../../kernel/id.ts';
import type { Award, Occasion, RatedLine, Rating } from '../rating.ts';
import type { Conditions, Effect, RuleBody, RuleVersion, Terms } from '../rule.ts';

// How tests speak of rules and occasions: what they do not mention is as usual.

export const SHANGHAI = 'Asia/Shanghai';
const START = Date.parse('2027-01-01T00:00:00Z');
let count = 0;
export const anId = (): Uuid => newId(START + count++);

export const SHOP = anId();
export const OTHER_SHOP = anId();
export const BANK = anId();

export const at = (text: string): number => Date.parse(text);

export function body(earn: Effect, when: Conditions = {}, more: Partial<RuleBody> = {}): RuleBody {
  return { name: 'a rule', on: 'order', when, earn, ...more };
}

export function version(told: RuleBody, more: Partial<RuleVersion> = {}): RuleVersion {
  const id = anId();
  return {
    id,
    rule: anId(),
    code: `rule-${count}`,
    number: 1,
    merchant: null,
    body: told,
    from: START,
    until: null,
    ...more,
  };
}

/** A published rule. */
export function aRule(earn: Effect, when: Conditions = {}, terms?: Terms): RuleVersion {
  return version(body(earn, when, terms === undefined ? {} : { terms }));
}

export function line(amountFen: number, more: Partial<RatedLine> = {}): RatedLine {
  return {
    lineNo: 1,
    sku: 'sku',
    brand: null,
    category: null,
    zone: null,
    greenCertificate: null,
    // As it is where nothing else is said.
    green: more.greenCertificate == null ? null : 'valid',
    quantity: 1,
    amountFen,
    ...more,
  };
}

type Told = Partial<Omit<Occasion, 'member'>> & { readonly member?: Partial<Occasion['member']> };

/** An order on Tuesday 1 June 2027 at noon in Shanghai, at a point for each yuan. */
export function order(lines: readonly RatedLine[], { member, ...more }: Told = {}): Occasion {
  return {
    on: 'order',
    at: at('2027-06-01T04:00:00Z'),
    timeZone: SHANGHAI,
    merchant: SHOP,
    merchantCategory: 'fruit',
    ratio: { points: 1, perFen: 100 },
    store: null,
    channel: null,
    tenders: [],
    lines,
    member: {
      tier: null,
      creditBand: null,
      segments: [],
      earlierOrders: 3,
      joinedAt: at('2026-01-01T00:00:00Z'),
      birthday: null,
      ...member,
    },
    attributes: {},
    ...more,
  };
}

export function awardsOf(rating: Rating): readonly Award[] {
  if ('code' in rating) throw new Error(rating.code);
  return rating.awards;
}

export function pointsOf(rating: Rating): readonly number[] {
  return awardsOf(rating).map(({ points }) => points);
}
