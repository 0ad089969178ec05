import { isSame } from '../kernel/canonical.ts';
import { type DatedExpiry, lastsAsLong } from '../kernel/expiry-policy.ts';
import type { Cap, Conditions, RuleBody, Terms } from './rule.ts';
import { USUAL_POINT_TYPE } from './terms.ts';

/** Where a body is worse, or not proven to be no worse, than the one it takes the place of: in the new body (or in the old one), and why. */
export interface Worse {
  readonly path: string;
  readonly reason: WorseReason;
}

export type WorseReason =
  | 'other_trigger'
  | 'other_effect'
  | 'gives_less'
  | 'narrower'
  | 'base_elsewhere'
  | 'group'
  | 'other_points'
  | 'lapses_sooner'
  | 'waits_longer'
  | 'lower_cap'
  | 'budget';

/**
 * Compares by form alone: whoever would have been given points is given no fewer, of the same type, no later and for no
 * shorter; then nothing is found. What cannot be seen in the form counts as worse. Who pays and what the rule is called are no
 * matter of members.
 */
export function compareBodies(before: RuleBody, after: RuleBody): readonly Worse[] {
  return [
    ...(before.on === after.on ? [] : [worse('/on', 'other_trigger')]),
    ...compareEffects(before, after),
    ...narrowed(before.when, after.when, '/when'),
    ...compareTerms(before.terms ?? {}, after.terms ?? {}),
    ...compareSurroundings(before, after),
  ];
}

function worse(path: string, reason: WorseReason): Worse {
  return { path, reason };
}

/** Whether a / b is at least c / d. */
function isAtLeast(a: number, b: number, c: number, d: number): boolean {
  return BigInt(a) * BigInt(d) >= BigInt(c) * BigInt(b);
}

function compareEffects({ earn: old }: RuleBody, { earn: now }: RuleBody): Worse[] {
  const unless = (isNoLess: boolean, path: string): Worse[] =>
    isNoLess ? [] : [worse(path, 'gives_less')];
  if (old.kind === 'times' && now.kind === 'times')
    return unless(isAtLeast(now.num, now.den, old.num, old.den), '/earn/num');
  if (old.kind === 'fixed' && now.kind === 'fixed')
    return old.per === now.per
      ? unless(now.points >= old.points, '/earn/points')
      : [worse('/earn/per', 'other_effect')];
  if (old.kind === now.kind && 'perFen' in old && 'perFen' in now)
    return unless(isAtLeast(now.points, now.perFen, old.points, old.perFen), '/earn/points');
  return [worse('/earn/kind', 'other_effect')];
}

/** The conditions that something could fail now and could not before. */
function narrowed(before: Conditions, after: Conditions, path: string): Worse[] {
  return (Object.keys(after) as (keyof Conditions)[]).flatMap((name) => {
    if (after[name] === undefined) return [];
    const here = `${path}/${name}`;
    const found = before[name] === undefined ? [here] : narrowedAt(before, after, name, here);
    return found.map((each) => worse(each, 'narrower'));
  });
}

/** Where a condition that both bodies have became narrower. */
function narrowedAt(
  before: Conditions,
  after: Conditions,
  name: keyof Conditions,
  path: string,
): readonly string[] {
  switch (name) {
    case 'hours':
      return hoursWithin(before.hours, after.hours) ? [] : [path];
    case 'expression':
      return before.expression === after.expression ? [] : [path];
    case 'dates':
    case 'orderFen':
    case 'lines':
    case 'member':
      return partNarrowed(before[name] ?? {}, after[name] ?? {}, path);
    case 'merchants':
    case 'merchantCategories':
    case 'stores':
    case 'channels':
    case 'tenders':
    case 'weekdays':
    case 'monthDays':
      return isWithin(before[name] ?? [], after[name] ?? []) ? [] : [path];
  }
}

/** For bounds of which a lower or a higher one lets more through. */
const LOWER_IS_WIDER = new Set(['from', 'min', 'minFen', 'minQuantity']);

function partNarrowed(before: object, after: object, path: string): string[] {
  const old = before as Readonly<Record<string, unknown>>;
  return Object.entries(after).flatMap(([name, now]) =>
    now === undefined || isNoNarrower(name, old[name], now) ? [] : [`${path}/${name}`],
  );
}

function isNoNarrower(name: string, was: unknown, now: unknown): boolean {
  if (was === undefined) return false;
  if (Array.isArray(was) && Array.isArray(now)) return isWithin(was, now);
  if (typeof was === 'number' && typeof now === 'number')
    return LOWER_IS_WIDER.has(name) ? now <= was : now >= was;
  if (name === 'from') return String(now) <= String(was);
  if (name === 'to') return String(now) >= String(was);
  // A birthday lies in its month.
  return was === now || (name === 'birthday' && now === 'month');
}

function isWithin(small: readonly unknown[], large: readonly unknown[]): boolean {
  const all = new Set(large);
  return small.every((each) => all.has(each));
}

/** Whether the hours of a day that one span has are all in the other; both may pass midnight. */
function hoursWithin(small: Conditions['hours'], large: Conditions['hours']): boolean {
  if (small === undefined || large === undefined) return false;
  const minutes = (text: string): number =>
    Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const start = minutes(large.from);
  const since = (text: string): number => (minutes(text) - start + 1440) % 1440;
  const length = since(large.to);
  const end = since(small.to) || 1440;
  return since(small.from) < end && end <= length;
}

function compareTerms(before: Terms, after: Terms): Worse[] {
  const found: Worse[] = [];
  if ((before.pointType ?? USUAL_POINT_TYPE) !== (after.pointType ?? USUAL_POINT_TYPE))
    found.push(worse('/terms/pointType', 'other_points'));
  if (!isNoShorter(before.expiry, after.expiry))
    found.push(worse('/terms/expiry', 'lapses_sooner'));
  if ((after.pendingDays ?? 0) > (before.pendingDays ?? 0))
    found.push(worse('/terms/pendingDays', 'waits_longer'));
  // Without any days to wait there is nothing to be completed for.
  if (
    before.available !== undefined &&
    after.available === undefined &&
    (after.pendingDays ?? 0) > 0
  )
    found.push(worse('/terms', 'waits_longer'));
  for (const [index, cap] of (after.caps ?? []).entries()) {
    if (!isNoTighter(before.caps ?? [], cap))
      found.push(worse(`/terms/caps/${index}`, 'lower_cap'));
  }
  return found;
}

/** What a campaign counts, a rule alone counts as well: a cap of its own is no tighter. */
function isNoTighter(before: readonly Cap[], { per, points, campaign }: Cap): boolean {
  return before.some(
    (cap) =>
      cap.per === per && cap.points <= points && (campaign !== true || cap.campaign === true),
  );
}

/** Where neither says anything, points last as is usual for their type; that is somebody else's to change. */
function isNoShorter(before: DatedExpiry | undefined, after: DatedExpiry | undefined): boolean {
  if (before === undefined || after === undefined)
    return before === after || after?.kind === 'none';
  return lastsAsLong(before, after);
}

/** What a body does to others: to the bases it goes before, to its group, and to whoever else draws on its budget. */
function compareSurroundings(before: RuleBody, after: RuleBody): Worse[] {
  const found: Worse[] = [];
  const sameReach = isSame([before.when, before.priority ?? 0], [after.when, after.priority ?? 0]);
  // A base takes the place of others, and is what others multiply.
  if ((after.earn.kind === 'base') !== (before.earn.kind === 'base'))
    found.push(worse('/earn/kind', 'base_elsewhere'));
  else if (after.earn.kind === 'base' && !sameReach)
    found.push(worse(isSame(before.when, after.when) ? '/priority' : '/when', 'base_elsewhere'));
  const sameGifts = sameReach && isSame(giftsOf(before), giftsOf(after));
  if (after.group !== undefined && (after.group !== before.group || !sameGifts))
    found.push(worse('/group', 'group'));
  const sameUse = sameGifts && before.group === after.group;
  if (after.terms?.budget !== undefined && !sameUse) found.push(worse('/terms/budget', 'budget'));
  return found;
}

/** What decides how much a body gives, and of what kind. */
function giftsOf({ earn, terms = {} }: RuleBody): unknown {
  const {
    pointType = USUAL_POINT_TYPE,
    expiry,
    pendingDays = 0,
    available,
    caps = [],
    budget,
  } = terms;
  return { earn, pointType, expiry, pendingDays, available, caps, budget };
}

/** Whether two bodies say the same, whatever the order of their fields. */
export function isSameBody(one: RuleBody, other: RuleBody): boolean {
  return isSame(one, other);
}
