import { isDate } from '../kernel/calendar.ts';
import { showId } from '../kernel/id.ts';
import type { OpenHours, RewardTerms } from '../kernel/reward.ts';
import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';
import type { Known } from './known.ts';
import { offsetProblems } from './offset-problems.ts';
import { parityProblems } from './parity.ts';
import { costsNoMore } from './prices.ts';
import { wordsProblems } from './words-problems.ts';

/** 消费者权益保护法 24 and 25: what was sent may be given back for seven days, and what is bad as well. */
const LAWFUL_DAYS = 7;
/** For a unit: of as many as are ever redeemed at once it can still be counted, and what goes back with it comes home. */
const COMPENSATION_MAX = 1_000_000_000;

/**
 * Everything that is wrong with terms whose form is right; a reward is saved only if there is nothing. What
 * the law forbids is refused here as far as a reward could do it.
 */
export function problemsOfTerms(terms: RewardTerms, known: Known): readonly BodyProblem[] {
  return [
    ...textProblems(terms),
    ...priceProblems(terms, known),
    ...storeProblems(terms, known),
    ...datesProblems('/offered', terms.offered),
    ...eligibilityProblems(terms, known),
    ...repeated('/limits', 'limit_twice', terms.limits ?? [], ({ per }) => per),
    ...fulfilmentProblems(terms),
    ...fundProblems(terms, known),
    ...offsetProblems(terms),
    ...afterwardsProblems(terms, known),
    ...parityProblems(terms),
  ];
}

function textProblems({ name, description, images = [], fulfilment }: RewardTerms): BodyProblem[] {
  const voucher = fulfilment.kind === 'voucher' ? fulfilment.voucher : undefined;
  const mayClaim = voucher?.form === 'percentage';
  return [
    ...wordsProblems('/name', name, mayClaim),
    ...wordsProblems('/description', description, mayClaim),
    ...images.flatMap(({ alt }, place) => wordsProblems(`/images/${place}/alt`, alt, mayClaim)),
    ...(voucher?.form === 'exchange'
      ? wordsProblems('/fulfilment/voucher/what', voucher.what)
      : []),
  ];
}

const unknownType = (path: string, type: string): BodyProblem =>
  problemOf(path, 'unknown_point_type', `no point type ${type}`);

/** Of things that are alike in this only one makes sense. */
export function repeated<T>(
  path: string,
  code: string,
  list: readonly T[],
  keyOf: (each: T) => string,
): BodyProblem[] {
  const seen = new Set<string>();
  return list.flatMap((each, place) => {
    const key = keyOf(each);
    if (seen.has(key)) return problemOf(`${path}/${place}`, code, `${key} is there before`);
    seen.add(key);
    return [];
  });
}

function priceProblems({ prices, eligibility }: RewardTerms, known: Known): BodyProblem[] {
  const open = prices.filter(({ creditBands }) => creditBands === undefined);
  const problems: BodyProblem[] = [];
  // A band may open a reward or a cheaper way to it: it never takes a way from anybody.
  if (open.length === 0 && eligibility?.creditBands === undefined)
    problems.push(problemOf('/prices', 'no_open_price', 'one of them must be open to everybody'));
  for (const [place, price] of prices.entries()) {
    const path = `/prices/${place}`;
    const { points, creditBands } = price;
    if (points.length === 0 && eligibility === undefined)
      problems.push(
        problemOf(
          `${path}/points`,
          'free_for_everybody',
          'what costs no points is a privilege: say whose',
        ),
      );
    problems.push(
      ...repeated(`${path}/points`, 'point_type_twice', points, ({ pointType }) => pointType),
      ...points.flatMap(({ pointType }, part) =>
        known.pointTypes.has(pointType)
          ? []
          : unknownType(`${path}/points/${part}/pointType`, pointType),
      ),
    );
    const isBonus = open.length === 0 || open.some((other) => costsNoMore(price, other));
    if (creditBands !== undefined && !isBonus)
      problems.push(
        problemOf(path, 'band_pays_more', 'a credit band may make it cheaper and nothing else'),
      );
  }
  return problems;
}

function storeProblems({ stores, quotas = [] }: RewardTerms, known: Known): BodyProblem[] {
  const { merchant: owner } = known;
  const problems = stores.flatMap(({ merchant, stores: codes = [] }, place) => {
    const path = `/stores/${place}`;
    const own = known.stores.get(merchant);
    if (owner !== null && merchant !== owner)
      return problemOf(`${path}/merchant`, 'foreign_merchant', 'it hands out its own rewards');
    if (own === undefined)
      return problemOf(`${path}/merchant`, 'unknown_merchant', 'it is not in this programme');
    return codes.flatMap((code, at) =>
      own.has(code) ? [] : problemOf(`${path}/stores/${at}`, 'unknown_store', `no store ${code}`),
    );
  });
  const named = new Set(stores.map(({ merchant }) => merchant));
  return [
    ...problems,
    ...repeated('/stores', 'merchant_twice', stores, ({ merchant }) =>
      showId('merchant', merchant),
    ),
    ...repeated(
      '/quotas',
      'quota_twice',
      quotas,
      ({ merchant, per }) =>
        `${merchant === undefined ? 'each' : showId('merchant', merchant)} ${per}`,
    ),
    ...quotas.flatMap(({ merchant }, place) =>
      merchant === undefined || named.has(merchant)
        ? []
        : problemOf(`/quotas/${place}/merchant`, 'unknown_merchant', 'it does not hand this out'),
    ),
  ];
}

/** What is wrong with the first and the last day of something. */
export function datesProblems(
  path: string,
  dates: { readonly from?: string; readonly to?: string } | undefined,
): BodyProblem[] {
  if (dates === undefined) return [];
  const { from, to } = dates;
  if (from === undefined && to === undefined)
    return [problemOf(path, 'empty', 'it says no day: leave it out')];
  const impossible = (['from', 'to'] as const).flatMap((name) => {
    const date = dates[name];
    if (date === undefined || isDate(date)) return [];
    return problemOf(`${path}/${name}`, 'impossible_date', `${date} is no day`);
  });
  if (impossible.length === 0 && from !== undefined && to !== undefined && to < from)
    return [problemOf(`${path}/to`, 'ends_before_it_begins', `${to} comes before ${from}`)];
  return impossible;
}

function eligibilityProblems({ eligibility }: RewardTerms, known: Known): BodyProblem[] {
  if (eligibility === undefined) return [];
  const path = '/eligibility';
  if (Object.keys(eligibility).length === 0)
    return [problemOf(path, 'empty', 'it asks nothing: leave it out')];
  const { balanceFloor: floor, tiers = [] } = eligibility;
  const problems = tiers.flatMap((code, place) =>
    known.tiers?.has(code) === false
      ? problemOf(`${path}/tiers/${place}`, 'unknown_tier', `no tier ${code}`)
      : [],
  );
  if (floor !== undefined && !known.pointTypes.has(floor.pointType))
    problems.push(unknownType(`${path}/balanceFloor/pointType`, floor.pointType));
  return problems;
}

function hoursProblems(path: string, spans: readonly OpenHours[]): BodyProblem[] {
  return spans.flatMap(({ from, to }, place) =>
    from < to
      ? []
      : problemOf(`${path}/${place}/to`, 'ends_before_it_begins', `${to} is not after ${from}`),
  );
}

function fulfilmentProblems({ kind, fulfilment, offered, parity }: RewardTerms): BodyProblem[] {
  const path = '/fulfilment';
  const problems: BodyProblem[] = [
    ...hoursProblems('/parity/asSold/entryTimes', parity?.asSold.entryTimes ?? []),
    ...hoursProblems('/parity/asRedeemed/entryTimes', parity?.asRedeemed.entryTimes ?? []),
  ];
  if ((kind === 'donation') !== (fulfilment.kind === 'donation'))
    problems.push(
      problemOf(
        `${path}/kind`,
        'donation_or_not',
        'a donation goes to a fund, and nothing else does',
      ),
    );
  if (fulfilment.kind === 'booking')
    problems.push(...hoursProblems(`${path}/slots`, fulfilment.slots));
  if (fulfilment.kind !== 'voucher') return problems;
  const { voucher, lasts } = fulfilment;
  if (voucher.form === 'full_reduction' && voucher.offFen > voucher.overFen)
    problems.push(
      problemOf(
        `${path}/voucher/overFen`,
        'off_more_than_bill',
        'it takes off more than the bill is',
      ),
    );
  if ('until' in lasts && !isDate(lasts.until))
    problems.push(problemOf(`${path}/lasts/until`, 'impossible_date', `${lasts.until} is no day`));
  else if ('until' in lasts && (offered?.to === undefined || offered.to > lasts.until))
    problems.push(
      problemOf(
        `${path}/lasts/until`,
        'lapses_while_offered',
        'it could be redeemed for a voucher that has lapsed',
      ),
    );
  return problems;
}

function fundProblems({ fulfilment }: RewardTerms, { funds }: Known): BodyProblem[] {
  if (fulfilment.kind !== 'donation' || funds.has(fulfilment.fund)) return [];
  return [problemOf('/fulfilment/fund', 'unknown_fund', `no fund ${fulfilment.fund}`)];
}

/** What must hold once it is handed over, and when the supplier takes it back. */
function afterwardsProblems(
  { kind, fulfilment, afterSales, compensation }: RewardTerms,
  known: Known,
): BodyProblem[] {
  const problems: BodyProblem[] = [];
  const isSent = fulfilment.kind === 'delivery';
  const isThing = isSent || kind === 'goods' || kind === 'sample';
  if (isSent && afterSales.returnDays < LAWFUL_DAYS)
    problems.push(
      problemOf(
        '/afterSales/returnDays',
        'fewer_days_than_lawful',
        'what was sent may be given back for 7 days (消费者权益保护法 25)',
      ),
    );
  if (isThing && afterSales.qualityDays < LAWFUL_DAYS)
    problems.push(
      problemOf(
        '/afterSales/qualityDays',
        'fewer_days_than_lawful',
        'what is bad may be given back for 7 days (消费者权益保护法 24)',
      ),
    );
  if (
    compensation !== undefined &&
    'pointType' in compensation &&
    !known.pointTypes.has(compensation.pointType)
  )
    problems.push(unknownType('/compensation/pointType', compensation.pointType));
  if (
    compensation !== undefined &&
    'points' in compensation &&
    compensation.points > COMPENSATION_MAX
  )
    problems.push(
      problemOf('/compensation/points', 'too_many', `at most ${COMPENSATION_MAX} for each unit`),
    );
  return problems;
}
