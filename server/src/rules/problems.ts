import { isDate } from '../kernel/calendar.ts';
import type { DatedExpiry } from '../kernel/expiry-policy.ts';
import { toSafe } from '../kernel/points.ts';
import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';
import { forbiddenWordIn } from '../platform/publishing/wording.ts';
import { problemsOfConditions } from './condition-problems.ts';
import type { Known } from './known.ts';
import type { RuleBody, Terms } from './rule.ts';
import { USUAL_POINT_TYPE } from './terms.ts';

/** No order is worth more: a thousand million yuan. A rule that could not rate it is refused. */
const ORDER_FEN_MAX = 100_000_000_000n;

/**
 * Everything that is wrong with a body whose form is right; a rule is saved only if there is nothing. What
 * the law forbids is refused here as far as a rule could do it.
 */
export function problemsOfBody(body: RuleBody, known: Known): readonly BodyProblem[] {
  return [
    ...wordingProblems(body),
    ...problemsOfConditions(body, known),
    ...effectProblems(body),
    ...termsProblems(body, known),
    ...guardProblems(body),
  ];
}

function wordingProblems(body: RuleBody): BodyProblem[] {
  return (['name', 'description'] as const).flatMap((name) => {
    const word = forbiddenWordIn(body[name] ?? '');
    if (word === undefined) return [];
    const message = `“${word}” promises what points may not be or takes members’ rights away`;
    return [problemOf(`/${name}`, 'forbidden_wording', message)];
  });
}

function effectProblems({ earn, on, group }: RuleBody): BodyProblem[] {
  const problems: BodyProblem[] = [];
  if ('points' in earn && earn.points <= 0)
    problems.push(problemOf('/earn/points', 'zero_points', 'it would give nothing'));
  if ('perFen' in earn && earn.perFen <= 0)
    problems.push(problemOf('/earn/perFen', 'zero_denominator', 'it would divide by zero'));
  else if ('perFen' in earn) {
    const most = (ORDER_FEN_MAX * BigInt(earn.points)) / BigInt(earn.perFen);
    if (toSafe(most) === undefined)
      problems.push(problemOf('/earn/points', 'points_out_of_range', 'more than numbers can show'));
  }
  if (earn.kind === 'times') {
    if (earn.den <= 0)
      problems.push(problemOf('/earn/den', 'zero_denominator', 'it would divide by zero'));
    else if (earn.num < earn.den)
      problems.push(problemOf('/earn/num', 'times_below_one', 'less than once would take points'));
    else if (earn.num === earn.den)
      problems.push(problemOf('/earn/num', 'zero_points', 'it would give nothing'));
  }
  if (earn.kind === 'base' && group !== undefined)
    problems.push(problemOf('/group', 'base_in_group', 'bases give way by priority'));
  if (on !== 'order' && (earn.kind !== 'fixed' || earn.per !== 'order'))
    problems.push(
      problemOf('/earn/kind', 'activity_not_fixed', 'an activity earns a fixed number of points'),
    );
  return problems;
}

function termsProblems(body: RuleBody, known: Known): BodyProblem[] {
  const { terms } = body;
  if (terms === undefined) return [];
  if (Object.keys(terms).length === 0)
    return [problemOf('/terms', 'empty', 'it says nothing: leave it out')];
  const { pointType = USUAL_POINT_TYPE, budget } = terms;
  const problems = [
    ...expiryProblems(body, terms),
    ...completionProblems(body, terms),
    ...funderProblems(terms, known),
  ];
  if (!known.pointTypes.has(pointType))
    problems.push(
      problemOf('/terms/pointType', 'unknown_point_type', `no point type ${pointType}`),
    );
  const spends = budget === undefined ? pointType : known.budgets.get(budget);
  if (spends === undefined)
    problems.push(problemOf('/terms/budget', 'unknown_budget', 'no budget that it may spend'));
  else if (spends !== pointType)
    problems.push(
      problemOf(
        '/terms/budget',
        'budget_of_other_points',
        `a budget of ${spends}, not ${pointType}`,
      ),
    );
  if (terms.caps?.length === 0)
    problems.push(problemOf('/terms/caps', 'empty_list', 'it caps nothing: leave it out'));
  const seen = new Set<string>();
  for (const [index, { per, points, campaign }] of (terms.caps ?? []).entries()) {
    const path = `/terms/caps/${index}`;
    if (points <= 0)
      problems.push(problemOf(`${path}/points`, 'zero_cap', 'it would give nothing'));
    const kind = `${per} ${campaign === true}`;
    if (seen.has(kind)) problems.push(problemOf(`${path}/per`, 'cap_twice', `two caps per ${per}`));
    seen.add(kind);
    if (campaign === true && terms.budget === undefined)
      problems.push(
        problemOf(
          `${path}/campaign`,
          'campaign_without_budget',
          'a campaign is known by its budget',
        ),
      );
    if (campaign === true && per === 'order')
      problems.push(
        problemOf(`${path}/campaign`, 'campaign_per_order', 'an order is capped rule by rule'),
      );
  }
  return problems;
}

function expiryProblems({ when }: RuleBody, { expiry, pendingDays = 0 }: Terms): BodyProblem[] {
  if (expiry === undefined) return [];
  const path = '/terms/expiry';
  if (expiry.kind === 'fixed' && !isDate(expiry.date))
    return [problemOf(`${path}/date`, 'impossible_date', `${expiry.date} is no day`)];
  if (expiry.kind === 'rolling' && leastDaysOf(expiry) <= 0)
    return [problemOf(path, 'empty', 'it says no time')];
  const isOver =
    expiry.kind === 'fixed'
      ? when.dates?.from !== undefined && expiry.date < when.dates.from
      : leastDaysOf(expiry) < pendingDays;
  if (!isOver) return [];
  const message = 'points would lapse before anybody could spend them';
  return [problemOf(path, 'expires_before_available', message)];
}

/** A seller who forgets to tell must not keep points from members for ever. */
function completionProblems(
  { on }: RuleBody,
  { available, pendingDays = 0 }: Terms,
): BodyProblem[] {
  if (available === undefined) return [];
  const path = '/terms/available';
  if (on !== 'order')
    return [problemOf(path, 'completion_of_no_order', 'only an order is completed')];
  if (pendingDays > 0) return [];
  const message = 'pendingDays must say after how many days they are available all the same';
  return [problemOf(path, 'completion_without_end', message)];
}

const DAYS_OF = { month: 28, quarter: 90, year: 365 };

/** Whole days that points last at least, whenever they are earned. */
function leastDaysOf(expiry: Exclude<DatedExpiry, { kind: 'fixed' }>): number {
  switch (expiry.kind) {
    case 'none':
      return Infinity;
    case 'rolling': {
      const { days = 0, months = 0, years = 0 } = expiry;
      return days + months * DAYS_OF.month + years * DAYS_OF.year;
    }
    case 'end_of':
      return expiry.after * DAYS_OF[expiry.period];
  }
}

function funderProblems({ funders }: Terms, { merchant: owner, merchants }: Known): BodyProblem[] {
  if (funders === undefined) return [];
  const path = '/terms/funders';
  if (funders.length === 0) return [problemOf(path, 'empty_list', 'nobody would pay')];
  const seen = new Set<string>();
  return funders.flatMap(({ merchant, share }, index) => {
    const here = `${path}/${index}`;
    const problems: BodyProblem[] = [];
    if (share <= 0) problems.push(problemOf(`${here}/share`, 'zero_share', 'it would pay nothing'));
    if (seen.has(merchant))
      problems.push(problemOf(`${here}/merchant`, 'funder_twice', 'it is named before'));
    seen.add(merchant);
    if (merchant === 'seller' || merchant === owner) return problems;
    if (owner !== null)
      problems.push(
        problemOf(`${here}/merchant`, 'foreign_funder', 'a merchant’s rule is paid by itself'),
      );
    else if (!merchants.has(merchant))
      problems.push(
        problemOf(`${here}/merchant`, 'unknown_merchant', 'it is not in this programme'),
      );
    return problems;
  });
}

/** 禁止传销条例 7: who brings somebody gets a fixed reward, once for each and no more than so many ever. */
function guardProblems({ on, terms }: RuleBody): BodyProblem[] {
  if (on !== 'referral' || terms?.caps?.some(({ per }) => per === 'ever')) return [];
  return [problemOf('/terms/caps', 'referral_uncapped', 'a referral needs a cap per ever')];
}
