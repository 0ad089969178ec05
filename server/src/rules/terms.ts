import { addDays, nameOf } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import { expiresAt } from '../kernel/expiry-policy.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Limit } from '../ledger/command.ts';
import type { Award, Occasion } from './rating.ts';
import type { Cap, RuleVersion, Terms } from './rule.ts';
import type { Scene } from './scene.ts';

/** The point type of what names no other. */
export const USUAL_POINT_TYPE = 'points';

/** Whether points of these terms can be spent at all before they lapse. */
export function outlives(terms: Terms | undefined, occasion: Occasion): boolean {
  const { at, timeZone } = occasion;
  if (terms?.expiry === undefined) return true;
  const lapse = expiresAt(terms.expiry, at, timeZone);
  return lapse === null || lapse > (availableAt(terms, occasion) ?? at);
}

/** So many days later at the same time of day. */
function availableAt({ pendingDays = 0 }: Terms, { at, timeZone }: Occasion): Instant | null {
  return pendingDays === 0 ? null : addDays(at, pendingDays, timeZone);
}

/** The most an order may earn by a rule, or undefined. */
export function orderCapOf({ body }: RuleVersion): number | undefined {
  const caps = body.terms?.caps?.filter(({ per }) => per === 'order') ?? [];
  return caps.length === 0 ? undefined : Math.min(...caps.map(({ points }) => points));
}

/**
 * A cap that spans more than one order counts under the rule, or under the budget of its campaign, and a stretch of the
 * programme's calendar, whatever version gave the points.
 */
function counterOf({ rule, body }: RuleVersion, { per, campaign }: Cap, date: string): string {
  const window = per === 'ever' || per === 'order' ? per : nameOf(per, date);
  const budget = body.terms?.budget;
  return campaign === true && budget !== undefined
    ? `campaign ${budget} ${window}`
    : `rule ${rule} ${window}`;
}

/** Caps and budgets that span orders. They are decided in the ledger, in its transaction. */
export function limitsOf(version: RuleVersion, scene: Scene): Limit[] {
  const { rule, body } = version;
  const { caps = [], budget } = body.terms ?? {};
  const limits: Limit[] = caps
    .filter(({ per }) => per !== 'order')
    .map((cap) => ({
      counter: counterOf(version, cap, scene.local.date),
      max: cap.points,
      mode: 'trim',
    }));
  if (budget !== undefined) limits.push({ budget, mode: 'trim' });
  // Of two orders that race for the first neither knows of an earlier one.
  if (body.on === 'order' && body.when.member?.firstOrder === true)
    limits.push({
      counter: `rule ${rule} first ${scene.occasion.merchant}`,
      max: 1,
      unit: 'times',
    });
  return limits;
}

/** Who pays, each once; null when it is the seller alone. */
function fundersOf({ funders = [] }: Terms, seller: Uuid): Award['funders'] {
  const shares = new Map<Uuid, number>();
  for (const { merchant, share } of funders) {
    const payer = merchant === 'seller' ? seller : merchant;
    shares.set(payer, (shares.get(payer) ?? 0) + share);
  }
  if (shares.size === 0 || (shares.size === 1 && shares.has(seller))) return null;
  return [...shares].map(([merchant, share]) => ({ merchant, share }));
}

/** Points of a rule, with all that its terms say of them. */
export function awardOf(version: RuleVersion, points: number, scene: Scene): Award {
  const { occasion } = scene;
  const terms = version.body.terms ?? {};
  const { expiry } = terms;
  return {
    version: version.id,
    pointType: terms.pointType ?? USUAL_POINT_TYPE,
    points,
    availableAt: availableAt(terms, occasion),
    onCompletion: terms.available !== undefined && (terms.pendingDays ?? 0) > 0,
    expiresAt: expiry === undefined ? undefined : expiresAt(expiry, occasion.at, occasion.timeZone),
    funders: fundersOf(terms, occasion.merchant),
    limits: limitsOf(version, scene),
  };
}

/** Points of the merchant's own ratio. */
export function ownAwardOf(points: number): Award {
  return {
    version: null,
    pointType: USUAL_POINT_TYPE,
    points,
    availableAt: null,
    onCompletion: false,
    expiresAt: undefined,
    funders: null,
    limits: [],
  };
}
