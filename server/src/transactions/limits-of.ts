import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Budget } from '../ledger/budget.ts';
import type { Claim, Limit } from '../ledger/command.ts';
import type { Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import type { CommandDeps, Place } from './place.ts';
import type { TransactionBody } from './schema.ts';

type Issue = Extract<TransactionBody, { kind: 'issue' }>;
type LimitsAsked = NonNullable<Issue['limits']>;
type ClaimsAsked = NonNullable<Issue['claims']>;

/** The limits a request names. A budget that is not in memory makes them a promise. */
export function limitsOf(
  deps: CommandDeps,
  asked: LimitsAsked,
  principal: Principal,
  place: Place,
): readonly Limit[] | Refusal | Promise<readonly Limit[] | Refusal> {
  const found = asked.map((limit) => limitOf(deps, limit, principal, place));
  const isWaiting = found.some((each) => each instanceof Promise);
  return isWaiting
    ? Promise.all(found.map(async (each) => each)).then(allOf)
    : allOf(found as (Limit | Refusal)[]);
}

function allOf(found: readonly (Limit | Refusal)[]): readonly Limit[] | Refusal {
  const limits: Limit[] = [];
  for (const each of found) {
    if ('code' in each) return each;
    limits.push(each);
  }
  return limits;
}

// A merchant's counters and budgets are its own, and so are a programme's counters: they can neither use up
// nor read those of others.
function limitOf(
  { budgets }: CommandDeps,
  limit: LimitsAsked[number],
  { merchant, programme: own, tenant }: Principal,
  { programme, pointType }: Place,
): Limit | Refusal | Promise<Limit | Refusal> {
  if ('counter' in limit)
    return own === null ? limit : { ...limit, counter: `${tenant} ${limit.counter}` };
  const budgetOf = (found: Budget | undefined): Limit | Refusal => {
    const isReached = merchant === null || found?.merchant === merchant;
    return found === undefined || !isReached || found.pointType !== pointType
      ? problem('budget_not_found')
      : { budget: found.id, mode: limit.mode };
  };
  const found = budgets.find(programme, limit.budget);
  return found instanceof Promise ? found.then(budgetOf) : budgetOf(found);
}

/** The facts a request claims: its merchant's, unless it wants them unique everywhere. */
export function claimsOf(asked: ClaimsAsked, merchant: Uuid): Claim[] {
  return asked.map(({ scope, fact, everywhere }) => ({
    merchant: everywhere === true ? null : merchant,
    scope,
    fact,
  }));
}
