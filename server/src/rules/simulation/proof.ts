import type { Instant } from '../../kernel/clock.ts';
import type { EarnRatio } from '../../kernel/points.ts';
import type { Compared, Draft, Item } from '../../platform/publishing/published.ts';
import { isSameBody } from '../compare.ts';
import type { RuleBody, RuleVersion } from '../rule.ts';
import type { Simulation } from './simulation.ts';

/** Days of history that a proof takes, up to no longer ago than it may be old. */
export const PROOF_DAYS_MIN = 90;
export const PROOF_AGE_DAYS_MAX = 7;
/** Orders that were replayed, whatever they earned by. */
export const PROOF_ORDERS_MIN = 1_000;
/**
 * Orders on which a draft met what it is doubted against. None of n worse says, with 95 % confidence, that fewer than 3 in n of
 * such orders are (the rule of three): here fewer than one in a hundred.
 */
export const PROOF_MET_MIN = 300;

const DAY_MS = 86_400_000;

/**
 * Doubts about how much is given: what the form cannot see, and history shows. All others are about when, for how long or up to
 * what something is given: those the form shows to be worse, and a season or a store that history has not had refutes nothing.
 */
const ABOUT_AMOUNTS: ReadonlySet<string> = new Set([
  'other_effect',
  'group',
  'rounded_apart',
  'other_base',
]);

/** A publication that is to be proven by a simulation. */
export interface DoubtedChange {
  readonly rule: Pick<Item, 'merchant'>;
  readonly draft: Draft<RuleBody>;
  readonly doubts: Compared['reasons'];
  /** By the programme's clock. */
  readonly now: Instant;
  /** Versions, of this rule too, that have to do with the same orders and are in force when it was simulated or later. */
  readonly beside: readonly RuleVersion[];
  /** What merchants that it is about give now, or are to give. */
  readonly ratios: readonly EarnRatio[];
}

/** Why a simulation does not prove a change: a stable word, and what it is about. */
export interface Flaw {
  readonly flaw: string;
  readonly message: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/**
 * Why a simulation does not prove that a change is as good for members as what it replaces; null: it does. It must have
 * tried this draft alone beside the rules there are, on enough of the latest history, and have left no order worse off.
 */
export function flawOf(simulation: Simulation, change: DoubtedChange): Flaw | null {
  return flawOfTrial(simulation, change) ?? flawOfHistory(simulation, change);
}

/** What was tried is not what is to be published. */
function flawOfTrial(simulation: Simulation, change: DoubtedChange): Flaw | null {
  const { state, rules, drafts, without, merchant, asOf } = simulation;
  const { draft, rule, beside, doubts } = change;
  if (state !== 'done') return { flaw: 'not_done', message: `it is ${state}` };
  if (rules !== 'now')
    return { flaw: 'other_rules', message: 'it took the rules of then, and not those of now' };
  const [tried, ...others] = drafts;
  if (tried === undefined || others.length > 0 || without.length > 0)
    return { flaw: 'other_rules', message: 'it tried more or less than this draft alone' };
  if (tried.id !== draft.id || !isSameBody(tried.body, draft.body))
    return { flaw: 'other_draft', message: 'it tried another draft than the one there is now' };
  if (merchant !== null && merchant !== rule.merchant)
    return { flaw: 'other_orders', message: 'it replayed the orders of one merchant only' };
  const changed = beside.find(({ from, until }) => from > asOf || until !== null);
  if (changed !== undefined)
    return {
      flaw: 'rules_changed',
      message: `${changed.code} changed since, or is to change`,
      facts: { ruleCode: changed.code },
    };
  const shown = doubts.find(({ reason }) => !ABOUT_AMOUNTS.has(reason));
  if (shown === undefined) return null;
  const { path, reason } = shown;
  return {
    flaw: 'not_about_amounts',
    message: `${path} is ${reason}, which no history refutes`,
    facts: { path, reason },
  };
}

/** History does not say so, or too little of it. */
function flawOfHistory({ from, until, result }: Simulation, change: DoubtedChange): Flaw | null {
  const { now, doubts, ratios } = change;
  if (result === null) throw new Error('a simulation that is done has a result');
  const { orders, refused, evidence } = result;
  if (now - until > PROOF_AGE_DAYS_MAX * DAY_MS)
    return {
      flaw: 'too_old',
      message: `its history ends more than ${PROOF_AGE_DAYS_MAX} days ago`,
    };
  if (until - from < PROOF_DAYS_MIN * DAY_MS)
    return { flaw: 'too_short', message: `its history is shorter than ${PROOF_DAYS_MIN} days` };
  if (orders < PROOF_ORDERS_MIN)
    return {
      flaw: 'too_few_orders',
      message: `it replayed ${orders} orders, of ${PROOF_ORDERS_MIN} at least`,
      facts: { orders },
    };
  if (evidence.worse > 0 || refused.after > refused.before)
    return {
      flaw: 'somebody_worse',
      message: `${evidence.worse} orders would be worse off`,
      facts: { orders: evidence.worse },
    };
  for (const { against } of doubts) {
    const met = evidence.met.find(({ ruleVersionId }) => ruleVersionId === against)?.orders ?? 0;
    if (met < PROOF_MET_MIN)
      return {
        flaw: 'not_met',
        message: `the draft met ${against ?? 'the merchants’ own ratios'} on ${met} orders, of ${PROOF_MET_MIN} at least`,
        facts: { orders: met, ...(against === null ? {} : { ruleVersionId: against }) },
      };
  }
  for (const { points, perFen } of ratios) {
    const met = evidence.ratios
      .filter(
        (each) => BigInt(each.points) * BigInt(perFen) === BigInt(points) * BigInt(each.perFen),
      )
      .reduce((sum, each) => sum + each.orders, 0);
    if (met < PROOF_MET_MIN)
      return {
        flaw: 'ratio_not_met',
        message: `the draft gave points for ${met} orders of merchants that give ${points} per ${perFen} fen, of ${PROOF_MET_MIN} at least`,
        facts: { orders: met, points, perFen },
      };
  }
  return null;
}
