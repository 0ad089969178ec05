import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import type { Programme } from '../../programs/programme.ts';
import type { BookPeriod, BookValue, Estimate } from './book-period.ts';
import type { FenFlow, PointsFlow } from './cohort.ts';
import { type RollForward, sumByPointType } from './roll-forward.ts';
import type { BookPeriodShown, EstimateShown, RollForwardShown, ValueShown } from './schema.ts';

export const pointTypeCodeIn =
  ({ pointTypes }: Pick<Programme, 'pointTypes'>) =>
  (id: number): string =>
    pointTypes.find((each) => each.id === id)?.code ?? String(id);

export function showBookPeriod(period: BookPeriod, { code }: Programme): BookPeriodShown {
  const { id, number, clearingPeriod, timeZone, from, until, figuresHash, closedAt } = period;
  return {
    id: showId('bookPeriod', id),
    programme: code,
    number,
    clearingPeriodId: showId('clearingPeriod', clearingPeriod),
    timeZone,
    from: showInstant(from),
    until: showInstant(until),
    figuresHash: figuresHash.toString('hex'),
    closedAt: showInstant(closedAt),
  };
}

export function showRollForward(
  period: BookPeriod,
  { lines }: RollForward,
  programme: Programme,
): RollForwardShown {
  const codeOf = pointTypeCodeIn(programme);
  return {
    period: showBookPeriod(period, programme),
    totals: [...sumByPointType(lines)].map(([pointType, { points, fen }]) => ({
      pointType: codeOf(pointType),
      points: shown(points),
      fen: shown(fen),
    })),
    cohorts: lines.map(({ pointType, vintage, breakagePpm, points, fen }) => ({
      pointType: codeOf(pointType),
      vintage,
      breakagePpm,
      points: shown(points),
      fen: shown(fen),
    })),
  };
}

/** Sums of what the ledger keeps within the safe range; beyond it a number would lie. */
function shown<Flow extends PointsFlow | FenFlow>(flow: Flow): Record<keyof Flow, number> {
  return Object.fromEntries(
    Object.entries(flow).map(([name, value]: [string, bigint]) => {
      const number = Number(value);
      if (!Number.isSafeInteger(number))
        throw new RangeError(`${name} is beyond what JSON can say`);
      return [name, number];
    }),
  ) as Record<keyof Flow, number>;
}

export function showEstimate(estimate: Estimate, programme: Programme): EstimateShown {
  const { id, number, from, breakagePpm, method, cohorts, measuredPpm, errorPpm } = estimate;
  return {
    id: showId('breakageEstimate', id),
    programme: programme.code,
    pointType: pointTypeCodeIn(programme)(estimate.pointType),
    number,
    from: showInstant(from),
    breakagePpm,
    method,
    history: {
      cohorts,
      sufficient: measuredPpm !== null,
      breakagePpm: measuredPpm,
      standardErrorPpm: errorPpm,
    },
    reason: estimate.reason,
    actor: estimate.actor,
    createdAt: showInstant(estimate.createdAt),
  };
}

export function showValue(
  { pointType, vintage, value, reason, actor, createdAt }: BookValue,
  programme: Programme,
): ValueShown {
  return {
    programme: programme.code,
    pointType: pointTypeCodeIn(programme)(pointType),
    vintage,
    valueMicroFen: value,
    reason,
    actor,
    createdAt: showInstant(createdAt),
  };
}
