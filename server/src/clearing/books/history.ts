import { type CohortState, keyOf } from './cohort.ts';
import { outstandingOf, type Ppm, usedOf } from './liability.ts';

/** Fewer cohorts than this that came to their end say nothing about how many points are never used. */
export const COHORTS_MIN = 3;
const PPM = 1_000_000;
/** An estimate never goes beyond this: of a cohort of which nobody uses anything nothing could ever be recognised in proportion. */
export const BREAKAGE_MAX: Ppm = 990_000;

/** What the books' own history says about points that are never used. */
export interface Measured {
  /** Cohorts that were followed to their end. */
  readonly cohorts: number;
  /** Null: too few cohorts came to their end. */
  readonly breakagePpm: Ppm | null;
  /** The standard error of it. */
  readonly errorPpm: Ppm | null;
}

/** One step of one cohort's life, in points: of those at risk, how many were used and how many lapsed. */
interface Step {
  readonly atRisk: number;
  readonly used: number;
  readonly lapsed: number;
}

/** What each cohort did in each period of its life, by its age in periods, and whether it came to its end. */
function livesOf(periods: readonly (readonly CohortState[])[]): {
  readonly steps: readonly (readonly Step[])[];
  readonly ended: number;
} {
  const before = new Map<string, CohortState>();
  const steps = new Map<string, Step[]>();
  for (const states of periods) {
    const told = new Map(states.map((state) => [keyOf(state), state]));
    for (const [key, state] of told) {
      const was = before.get(key);
      const grown = (of: (state: CohortState) => bigint): number =>
        Number(of(state) - (was === undefined ? 0n : of(was)));
      const [used, lapsed] = [grown(usedOfState), grown(expiredOf)];
      // Points that came and were taken back within the step were never at risk.
      const atRisk = Number(outstandingOf(state.points)) + used + lapsed;
      const life = steps.get(key) ?? [];
      life.push({ atRisk, used, lapsed });
      steps.set(key, life);
      before.set(key, state);
    }
  }
  const ended = [...before.values()].filter(({ points }) => outstandingOf(points) === 0n).length;
  return { steps: [...steps.values()], ended };
}

const usedOfState = ({ points }: CohortState): bigint => usedOf(points);
const expiredOf = ({ points }: CohortState): bigint => points.expired;

interface Hazard {
  readonly rate: number;
  readonly variance: number;
}

/**
 * The part of points at risk at an age that leave in a certain way, over all cohorts, and its variance from how cohorts differ (as in
 * Mack's chain-ladder, weighted by the points at risk): points of one member are used together, so that they are no independent trials.
 */
function hazard(steps: readonly Step[], left: (step: Step) => number): Hazard {
  const atRisk = steps.reduce((sum, step) => sum + step.atRisk, 0);
  if (atRisk <= 0) return { rate: 0, variance: 0 };
  const rate = steps.reduce((sum, step) => sum + left(step), 0) / atRisk;
  if (steps.length < 2) return { rate, variance: 0 };
  const squares = steps.reduce(
    (sum, step) =>
      step.atRisk > 0 ? sum + (left(step) - rate * step.atRisk) ** 2 / step.atRisk : sum,
    0,
  );
  return { rate, variance: squares / (steps.length - 1) / atRisk };
}

/**
 * How many of a million points are never used, by how cohorts lived: at every age, the part of what was left that lapsed, times
 * the part that got so old (the cumulative incidence of two competing ends, after Aalen and Johansen). What is still left at the greatest age
 * that was observed counts as used: breakage that nobody has seen is not recognised. The standard error is by the delta method. Null
 * until {@link COHORTS_MIN} cohorts came to their end. It is an estimate, and the one place here that reckons with fractions.
 *
 * @param periods What was left of each cohort at the end of each closed period of one point type, oldest first.
 */
export function measureBreakage(periods: readonly (readonly CohortState[])[]): Measured {
  const { steps, ended } = livesOf(periods);
  if (ended < COHORTS_MIN) return { cohorts: ended, breakagePpm: null, errorPpm: null };
  const ages = Math.max(...steps.map((life) => life.length));
  const [lapses, uses]: [Hazard[], Hazard[]] = [[], []];
  const survival: number[] = [];
  let alive = 1;
  for (let age = 0; age < ages; age += 1) {
    const ofAge = steps.flatMap((life) => life.slice(age, age + 1));
    const [lapse, use] = [hazard(ofAge, (step) => step.lapsed), hazard(ofAge, (step) => step.used)];
    lapses.push(lapse);
    uses.push(use);
    survival.push(alive);
    alive = Math.max(0, alive * (1 - lapse.rate - use.rate));
  }
  let [after, variance] = [0, 0];
  for (let age = ages - 1; age >= 0; age -= 1) {
    const [lapse, use, alive] = [lapses[age] as Hazard, uses[age] as Hazard, survival[age] ?? 0];
    const stays = 1 - lapse.rate - use.rate;
    const lost = stays > 0 ? after / stays : 0;
    variance += (alive - lost) ** 2 * lapse.variance + lost ** 2 * use.variance;
    after += alive * lapse.rate;
  }
  return {
    cohorts: ended,
    breakagePpm: Math.min(BREAKAGE_MAX, Math.max(0, Math.round(after * PPM))),
    errorPpm: Math.min(PPM, Math.round(Math.sqrt(variance) * PPM)),
  };
}
