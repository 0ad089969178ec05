import { isDate } from '../kernel/calendar.ts';
import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';
import { dependsOnMember, problemOfExpression } from './expression.ts';
import type { Known } from './known.ts';
import type { Conditions, RuleBody } from './rule.ts';

/** What is wrong with the conditions of a rule. */
export function problemsOfConditions(body: RuleBody, known: Known): BodyProblem[] {
  const { when } = body;
  return [
    ...emptyParts(when, '/when'),
    ...unknownNames(when, known),
    ...impossibleTimes(when),
    ...impossibleDays(when),
    ...impossibleAmounts(when),
    ...problemsOfText(when),
    ...(body.on === 'order' ? [] : ofOrdersOnly(when)),
    ...(body.earn.kind === 'base' ? ofMembers(when) : []),
  ];
}

/** A list without entries could never be met; an object without any says nothing. */
function emptyParts(part: object, path: string): BodyProblem[] {
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => {
    const here = `${path}/${name}`;
    if (typeof value !== 'object' || value === null) return [];
    if (Array.isArray(value))
      return value.length > 0 ? [] : [problemOf(here, 'empty_list', 'no value could ever meet it')];
    if (Object.keys(value).length === 0)
      return [problemOf(here, 'empty', 'it says nothing: leave it out')];
    return emptyParts(value, here);
  });
}

function unknownNames(
  { merchants, merchantCategories, stores, member }: Conditions,
  known: Known,
): BodyProblem[] {
  const problems: BodyProblem[] = [];
  if (known.merchant !== null) {
    const named = { merchants, merchantCategories };
    for (const [name, value] of Object.entries(named)) {
      if (value === undefined) continue;
      const message = 'a merchant’s rule is about that merchant only';
      problems.push(problemOf(`/when/${name}`, 'not_for_merchants', message));
    }
  } else
    for (const [index, id] of (merchants ?? []).entries()) {
      if (!known.merchants.has(id))
        problems.push(
          problemOf(`/when/merchants/${index}`, 'unknown_merchant', 'not in this programme'),
        );
    }
  for (const [index, code] of (stores ?? []).entries()) {
    if (!known.stores.has(code))
      problems.push(problemOf(`/when/stores/${index}`, 'unknown_store', `no store ${code}`));
  }
  for (const [index, code] of (member?.tiers ?? []).entries()) {
    if (known.tiers?.has(code) === false)
      problems.push(problemOf(`/when/member/tiers/${index}`, 'unknown_tier', `no tier ${code}`));
  }
  return problems;
}

function impossibleTimes({ dates = {}, hours }: Conditions): BodyProblem[] {
  const problems: BodyProblem[] = [];
  for (const name of ['from', 'to'] as const) {
    const date = dates[name];
    if (date !== undefined && !isDate(date))
      problems.push(problemOf(`/when/dates/${name}`, 'impossible_date', `${date} is no day`));
  }
  const { from, to } = dates;
  if (problems.length === 0 && from !== undefined && to !== undefined && from > to)
    problems.push(problemOf('/when/dates/to', 'impossible_range', 'it ends before it begins'));
  if (hours === undefined) return problems;
  for (const name of ['from', 'to'] as const) {
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(hours[name]))
      problems.push(problemOf(`/when/hours/${name}`, 'impossible_time', 'it is no time of day'));
  }
  if (hours.from === hours.to)
    problems.push(
      problemOf('/when/hours/to', 'impossible_range', 'no time lies between them: leave both out'),
    );
  return problems;
}

const DAY_MS = 86_400_000;
/** Longer ranges have every day of the week and month in them. */
const RANGE_DAYS_MAX = 366 * 2;

/** Days of the week or month of which none lies between the dates. */
function impossibleDays({ dates, weekdays, monthDays }: Conditions): BodyProblem[] {
  if (!isDate(dates?.from ?? '') || !isDate(dates?.to ?? '')) return [];
  const [first, last] = [dates?.from, dates?.to].map((date) => Date.parse(`${date}T00:00:00Z`));
  if (first === undefined || last === undefined || first > last) return [];
  const count = (last - first) / DAY_MS + 1;
  if (count > RANGE_DAYS_MAX) return [];
  const days = Array.from({ length: count }, (_, index) => new Date(first + index * DAY_MS));
  const isMet = (day: Date): boolean =>
    weekdays?.includes(day.getUTCDay() || 7) !== false &&
    monthDays?.includes(day.getUTCDate()) !== false;
  if (days.some(isMet)) return [];
  const path = weekdays === undefined ? '/when/monthDays' : '/when/weekdays';
  return [problemOf(path, 'impossible_days', 'no such day lies between the dates')];
}

function impossibleAmounts({ orderFen, lines }: Conditions): BodyProblem[] {
  const { min = 0, max = Infinity } = orderFen ?? {};
  const problems: BodyProblem[] = [];
  if (min > max)
    problems.push(problemOf('/when/orderFen/max', 'impossible_range', 'less than the least'));
  if (lines?.minFen !== undefined && lines.minFen > max)
    problems.push(
      problemOf('/when/lines/minFen', 'impossible_range', 'more than the whole order may come to'),
    );
  return problems;
}

function problemsOfText({ expression }: Conditions): BodyProblem[] {
  if (expression === undefined) return [];
  const problem = problemOfExpression(expression);
  if (problem === null) return [];
  const { code, message, ...at } = problem;
  return [{ path: '/when/expression', code: `expression_${code}`, message, at }];
}

function ofOrdersOnly({ orderFen, lines, tenders }: Conditions): BodyProblem[] {
  return Object.entries({ orderFen, lines, tenders }).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [problemOf(`/when/${name}`, 'not_for_activities', 'only orders have that')],
  );
}

/** What lines earn in the first place is the same for everybody, whoever they are and whatever they consent to. */
function ofMembers({ member, expression }: Conditions): BodyProblem[] {
  const message = 'a base is the same for every member: use extra, times or fixed';
  const problems: BodyProblem[] = [];
  if (member !== undefined)
    problems.push(problemOf('/when/member', 'base_depends_on_member', message));
  if (
    expression !== undefined &&
    problemOfExpression(expression) === null &&
    dependsOnMember(expression)
  )
    problems.push(problemOf('/when/expression', 'base_depends_on_member', message));
  return problems;
}
