import { isSame } from '../kernel/canonical.ts';
import type {
  Fulfilment,
  RewardEligibility,
  RewardLimit,
  RewardQuota,
  RewardTerms,
} from '../kernel/reward.ts';
import { isOpenAtLeast, stricterIn } from './parity.ts';
import { costsNoMore, isAsOpen } from './prices.ts';

/** Where terms are worse, or not proven to be no worse, than those they take the place of: in the new ones (or in the old), and why. */
export interface Worse {
  readonly path: string;
  readonly reason: string;
}

/**
 * Compares by form alone: whoever could have redeemed can still, pays no more in any way there was, and gets the same on no
 * worse terms; then nothing is found. What cannot be compared counts as worse.
 */
export function compareTerms(before: RewardTerms, after: RewardTerms): readonly Worse[] {
  const found = (isWorse: boolean, path: string, reason: string): Worse[] =>
    isWorse ? [{ path, reason }] : [];
  return [
    ...found(before.kind !== after.kind, '/kind', 'other_thing'),
    ...found(!isSame(before.name, after.name), '/name', 'other_thing'),
    ...found(!isSame(before.description, after.description), '/description', 'other_thing'),
    ...before.prices.flatMap((old, place) => {
      const isKept = after.prices.some((now) => costsNoMore(now, old) && isAsOpen(now, old));
      return found(!isKept, `/prices/${place}`, 'dearer');
    }),
    ...found(!reachesAll(before, after), '/stores', 'fewer_stores'),
    ...(after.quotas ?? []).flatMap((quota, place) =>
      found(!isLooser(before.quotas, quota), `/quotas/${place}`, 'lower_quota'),
    ),
    ...found(isShorter(before.offered, after.offered), '/offered', 'offered_shorter'),
    ...narrowed(before.eligibility ?? {}, after.eligibility ?? {}),
    ...(after.limits ?? []).flatMap((limit, place) =>
      found(!isLooser(before.limits, limit), `/limits/${place}`, 'lower_limit'),
    ),
    ...found(!isNoLess(before.fulfilment, after.fulfilment), '/fulfilment', 'gives_less'),
    ...found(isStricter(before, after), '/cancellation', 'stricter_cancellation'),
    ...(['returnDays', 'qualityDays', 'exchange'] as const).flatMap((name) =>
      found(
        Number(after.afterSales[name]) < Number(before.afterSales[name]),
        `/afterSales/${name}`,
        'less_after_sales',
      ),
    ),
    ...found(isLessCompensation(before, after), '/compensation', 'less_compensation'),
    ...(before.parity === undefined || after.parity === undefined
      ? found(before.parity !== after.parity, '/parity', 'other_entry')
      : stricterIn(before.parity.asRedeemed, after.parity.asRedeemed).map((name) => ({
          path: `/parity/asRedeemed/${name}`,
          reason: 'other_entry',
        }))),
  ];
}

/** Whether it is handed out wherever it was. */
function reachesAll(before: RewardTerms, after: RewardTerms): boolean {
  const now = new Map(after.stores.map(({ merchant, stores }) => [merchant, stores]));
  return before.stores.every(({ merchant, stores }) => {
    if (!now.has(merchant)) return false;
    const there = now.get(merchant);
    return there === undefined || stores?.every((code) => there.includes(code)) === true;
  });
}

/** Whether a limit or quota lets through what those of before did: one of them was as low. */
function isLooser(
  before: readonly (RewardQuota | RewardLimit)[] | undefined,
  limit: RewardQuota | RewardLimit,
): boolean {
  const whose = (each: RewardQuota | RewardLimit) =>
    'merchant' in each ? each.merchant : undefined;
  return (before ?? []).some(
    (old) =>
      old.per === limit.per &&
      old.times <= limit.times &&
      (whose(old) === undefined || whose(old) === whose(limit)),
  );
}

function isShorter(before: RewardTerms['offered'], after: RewardTerms['offered']): boolean {
  const begins = after?.from !== undefined && after.from > (before?.from ?? '');
  return begins || (after?.to !== undefined && after.to < (before?.to ?? '9999-12-31'));
}

/** What a member could fail now and could not before. */
function narrowed(before: RewardEligibility, after: RewardEligibility): Worse[] {
  return (Object.keys(after) as (keyof RewardEligibility)[]).flatMap((name) => {
    const isNoNarrower = before[name] !== undefined && isWithin(before, after, name);
    return isNoNarrower ? [] : [{ path: `/eligibility/${name}`, reason: 'narrower' }];
  });
}

function isWithin(
  before: RewardEligibility,
  after: RewardEligibility,
  name: keyof RewardEligibility,
): boolean {
  switch (name) {
    case 'tiers':
    case 'creditBands':
    case 'segments':
      return before[name]?.every((each) => after[name]?.includes(each)) === true;
    case 'firstTime':
      // Who had nothing of the owner did not have the reward.
      return after.firstTime === 'reward' || before.firstTime === 'merchant';
    case 'balanceFloor': {
      const [old, now] = [before.balanceFloor, after.balanceFloor];
      return old?.pointType === now?.pointType && (now?.points ?? 0) <= (old?.points ?? 0);
    }
    case 'age':
      return true;
  }
}

/** Whether what a member gets is the same or better. */
function isNoLess(before: Fulfilment, after: Fulfilment): boolean {
  if (before.kind === 'voucher' && after.kind === 'voucher')
    return isVoucherNoLess(before, after) && lastsAsLong(before.lasts, after.lasts);
  if (before.kind === 'booking' && after.kind === 'booking')
    return (
      before.unit === after.unit &&
      after.noticeHours <= before.noticeHours &&
      before.slots.every((old) =>
        after.slots.some((now) => now.places >= old.places && isOpenAtLeast([now], [old])),
      )
    );
  if (before.kind === 'delivery' && after.kind === 'delivery')
    return after.feeFen <= before.feeFen && isSentAsFar(before.regions, after.regions);
  // Of larger units a small bill may bear none.
  if (before.kind === 'offset' && after.kind === 'offset')
    return (
      after.offFen === before.offFen &&
      after.atMostPercent >= before.atMostPercent &&
      after.overFen <= before.overFen
    );
  return isSame(before, after);
}

type Voucher = Extract<Fulfilment, { kind: 'voucher' }>;

function isVoucherNoLess({ voucher: old }: Voucher, { voucher: now }: Voucher): boolean {
  if (old.form === 'full_reduction' && now.form === 'full_reduction')
    return now.offFen >= old.offFen && now.overFen <= old.overFen;
  if (old.form === 'no_threshold' && now.form === 'no_threshold')
    return now.offFen >= old.offFen && (now.partial || !old.partial);
  if (old.form === 'percentage' && now.form === 'percentage')
    return now.percentOff >= old.percentOff && now.atMostFen >= old.atMostFen;
  return isSame(old, now);
}

function lastsAsLong(before: Voucher['lasts'], after: Voucher['lasts']): boolean {
  if ('days' in before && 'days' in after) return after.days >= before.days;
  return 'until' in before && 'until' in after && after.until >= before.until;
}

/** A region lies in those whose digits it begins with. */
function isSentAsFar(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): boolean {
  if (after === undefined) return true;
  return before?.every((old) => after.some((now) => old.startsWith(now))) === true;
}

const UNTIL = ['before_use', 'hours_before', 'never'];

function isStricter(
  { cancellation: old }: RewardTerms,
  { cancellation: now }: RewardTerms,
): boolean {
  if (old.until === 'never') return false;
  const [was, is] = [UNTIL.indexOf(old.until), UNTIL.indexOf(now.until)];
  if (is > was || now.until === 'never') return true;
  const isEarlier = 'hours' in old && 'hours' in now && now.hours > old.hours;
  return isEarlier || (now.feePoints ?? 0) > (old.feePoints ?? 0);
}

function isLessCompensation(
  { compensation: old }: RewardTerms,
  { compensation: now }: RewardTerms,
): boolean {
  if (old === undefined) return false;
  if (now === undefined) return true;
  if ('percentOfPoints' in old)
    return !('percentOfPoints' in now) || now.percentOfPoints < old.percentOfPoints;
  return !('pointType' in now) || now.pointType !== old.pointType || now.points < old.points;
}
