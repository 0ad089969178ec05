import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../kernel/clock.ts';
import { lastsAsLong } from '../kernel/expiry-policy.ts';
import type { TermsPart } from '../kernel/terms-change.ts';
import type { PointType } from './point-type.ts';
import type {
  ConversionRate,
  DatedChange,
  Programme,
  ReturnPolicy,
  Settings,
} from './programme.ts';

// What a programme promises its members is dated: what is worse for them counts after a notice, and what was
// decided at an instant goes by the promises of that instant. Everything else of a programme counts at once.

/** Settings that promise members something. */
const PROMISES = [
  'returnPolicy',
  'refundGraceDays',
  'conversions',
] as const satisfies readonly (keyof Settings)[];

/** A programme as it is from an instant on. */
export interface State {
  readonly from: Instant;
  readonly programme: Programme;
}

/** Whether a change is one of what was promised; what was added was not there before. */
export function isDated({ before, after }: Pick<DatedChange, 'before' | 'after'>): boolean {
  const then = new Map((after.pointTypes ?? []).map((each) => [each.code, promiseOf(each)]));
  const isOther = (each: PointTypePromise & { readonly code: string }): boolean =>
    !isDeepStrictEqual(promiseOf(each), then.get(each.code));
  return PROMISES.some((name) => name in before) || (before.pointTypes ?? []).some(isOther);
}

/** Whether anything of a change counts at once, whatever date it has. */
export function isUndated({ before, after }: Pick<DatedChange, 'before' | 'after'>): boolean {
  const { pointTypes = [], ...settings } = before;
  const then = new Map((after.pointTypes ?? []).map((each) => [each.code, each]));
  const isPromise = (name: string): boolean => PROMISES.some((each) => each === name);
  return (
    Object.keys(settings).some((name) => !isPromise(name)) ||
    pointTypes.some(
      (each) => !isDeepStrictEqual({ ...then.get(each.code), ...promiseOf(each) }, each),
    )
  );
}

type PointTypePromise = Pick<PointType, 'expiryPolicy' | 'transferable'>;
const promiseOf = ({ expiryPolicy, transferable }: PointTypePromise): PointTypePromise => ({
  expiryPolicy,
  transferable,
});

/** A programme's states, the latest first: what stands in it, without the changes that begin later, one by one. */
export function statesOf(latest: Programme): readonly State[] {
  const states: State[] = [];
  let programme = latest;
  for (const change of latest.changes.toReversed()) {
    states.push({ from: change.from, programme });
    programme = without(programme, change);
  }
  return [...states, { from: Number.NEGATIVE_INFINITY, programme }];
}

export function stateAt(states: readonly State[], at: Instant): Programme {
  const found = states.find(({ from }) => from <= at);
  if (found === undefined) throw new Error('a programme has a state at any time');
  return found.programme;
}

function without(programme: Programme, { before }: DatedChange): Programme {
  const {
    returnPolicy = programme.returnPolicy,
    refundGraceDays = programme.refundGraceDays,
    conversions = programme.conversions,
    pointTypes = [],
  } = before;
  const were = new Map(pointTypes.map((each) => [each.code, each]));
  return {
    ...programme,
    ...{ returnPolicy, refundGraceDays, conversions },
    pointTypes: programme.pointTypes.map((each) => {
      const was = were.get(each.code);
      if (was === undefined) return each;
      return { ...each, ...promiseOf(was) };
    }),
  };
}

/** From the best for members to the worst. */
const RETURNS: readonly ReturnPolicy[] = ['pending_only', 'within_balance', 'debt'];

/** What of `after` is worse for members than `before`. */
export function worseParts(before: Programme, after: Programme): TermsPart[] {
  const parts: TermsPart[] = [];
  if (RETURNS.indexOf(after.returnPolicy) > RETURNS.indexOf(before.returnPolicy))
    parts.push({ what: 'returns' });
  if (after.refundGraceDays < before.refundGraceDays) parts.push({ what: 'refund_grace' });
  if (!before.conversions.every((rate) => after.conversions.some((each) => isNoLess(rate, each))))
    parts.push({ what: 'conversions' });
  for (const { code, expiryPolicy, transferable } of before.pointTypes) {
    const then = after.pointTypes.find((each) => each.code === code);
    if (then === undefined) continue;
    const pointType = then.name;
    if (!lastsAsLong(expiryPolicy, then.expiryPolicy)) parts.push({ what: 'expiry', pointType });
    if (transferable && !then.transferable) parts.push({ what: 'gifts', pointType });
  }
  return parts;
}

function isNoLess(rate: ConversionRate, other: ConversionRate): boolean {
  if (rate.from !== other.from || rate.to !== other.to) return false;
  return BigInt(other.num) * BigInt(rate.den) >= BigInt(rate.num) * BigInt(other.den);
}
