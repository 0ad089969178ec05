import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { problem } from '../../platform/web/problem.ts';
import type { AskedParticulars } from '../particulars.ts';
import type { Count, Part, Redemption } from '../redemption.ts';
import type { Shelves } from '../stock/shelves.ts';

/**
 * What a till took off a bill while it was cut off was agreed without anybody asked what the member has. So much of a member's day is
 * final at a merchant: what is missing becomes a debt. What is beyond is booked if the points are there, and refused if not.
 */
export interface OfflineDay {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly absorbed: readonly Uuid[];
  /** Of the till, when it was agreed. */
  readonly day: string;
  /** The most points; 0: nothing is final. */
  readonly max: number;
}

/** Whether a till was cut off, and its key may not overdraw whatever the limit. */
export function isLimitedBill(asked: AskedParticulars | null): boolean {
  return asked?.kind === 'bill' && asked.at !== undefined && asked.mayOverdraw !== true;
}

/** Makes it final, and counts it on its day. Of several types of points all are held or none, so nothing is missing. */
export function finalWithin(
  redemption: Redemption,
  { merchant, member, absorbed, day, max }: OfflineDay,
): Redemption {
  const { particulars, parts, counts } = redemption;
  const [part] = parts;
  if (particulars?.kind !== 'bill' || part === undefined || part.hold !== null || max === 0)
    return redemption;
  const nameOf = (each: Uuid): string => `offline/${merchant}/${each}/${part.pointType}/${day}`;
  const count: Count = {
    ...{ name: nameOf(member), of: 'offline', units: part.points, max },
    ...(absorbed.length === 0 ? {} : { beside: absorbed.map(nameOf) }),
  };
  return {
    ...redemption,
    particulars: { ...particulars, isFinal: true },
    counts: [...counts, count],
  };
}

/** Sets aside what it takes. What is more than the limit of its day goes on as any other: not final. */
export function reserveOn(
  shelves: Shelves,
  redemption: Redemption,
): { readonly redemption: Redemption; readonly refusal: Refusal | null } {
  const refusal = shelves.reserve(redemption);
  const { particulars, counts } = redemption;
  if (refusal?.code !== 'offline_limit_reached' || particulars?.kind !== 'bill')
    return { redemption, refusal };
  const ordinary: Redemption = {
    ...redemption,
    particulars: { ...particulars, isFinal: false, limitLeft: Number(refusal.facts?.left ?? 0) },
    counts: counts.filter(({ of }) => of !== 'offline'),
  };
  return { redemption: ordinary, refusal: shelves.reserve(ordinary) };
}

/** Why its points were not taken: where they would have been within the limit, that it was beyond. */
export function toldOfPoints(
  {
    particulars,
    parts,
  }: { readonly particulars: Redemption['particulars']; readonly parts: readonly Part[] },
  refusal: Refusal,
): Refusal {
  const left = particulars?.kind === 'bill' ? particulars.limitLeft : undefined;
  if (left === undefined || refusal.code !== 'insufficient_points') return refusal;
  const points = parts[0]?.points ?? 0;
  return problem(
    'offline_limit_reached',
    `only ${left} of ${points} points were left of what is final in a day, and the member has fewer`,
    { left, ...refusal.facts },
  );
}
