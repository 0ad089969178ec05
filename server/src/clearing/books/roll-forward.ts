import { sha256 } from '../../kernel/hash.ts';
import type { Sql } from '../../platform/database.ts';
import type { BookPeriod } from './book-period.ts';
import {
  type CohortState,
  FEN_COLUMNS,
  type FenFlow,
  keyOf,
  type PointsFlow,
  type RollLine,
  rollLine,
  unborn,
} from './cohort.ts';
import { givenOf } from './liability.ts';
import { readCohorts, readCohortsUpTo } from './store.ts';

/** What a closed period says, cohort by cohort. */
export interface RollForward {
  readonly lines: readonly RollLine[];
  readonly states: readonly CohortState[];
}

/** The roll-forward of a closed period, worked out again from what stands in the books. */
export async function readRollForward(sql: Sql, period: BookPeriod): Promise<RollForward> {
  const states = await readCohorts(sql, period.id);
  const before = await readCohortsUpTo(sql, period.programme, period.number - 1);
  return { lines: linesOf(before, states), states };
}

export function linesOf(
  before: readonly CohortState[],
  states: readonly CohortState[],
): RollLine[] {
  const known = new Map(before.map((each) => [keyOf(each), each]));
  return states.map((state) => rollLine(known.get(keyOf(state)) ?? unborn(state), state));
}

const POINT_COLUMNS = [
  'opening',
  'issued',
  'moved',
  'takenBack',
  'redeemed',
  'settled',
  'expired',
  'closing',
] as const satisfies readonly (keyof PointsFlow)[];

const HEADING = [
  'pointType',
  'vintage',
  'breakagePpm',
  ...POINT_COLUMNS.map((each) => `${each}Points`),
  ...FEN_COLUMNS.map((each) => `${each}Fen`),
  'worthMicroFen',
  'recognisedMicroFen',
  'catchUpMicroFen',
];

/** The roll-forward as bytes that are the same whenever it is asked for; of these the period keeps the hash. */
export function writeFigures(
  { lines, states }: RollForward,
  pointTypeCode: (id: number) => string,
): string {
  const rows = lines.map(({ pointType, vintage, breakagePpm, points, fen }, index) => {
    const { worth, recognised, catchUp } = states[index] as CohortState;
    return [
      pointTypeCode(pointType),
      vintage,
      breakagePpm ?? '',
      ...POINT_COLUMNS.map((each) => points[each]),
      ...FEN_COLUMNS.map((each) => fen[each]),
      givenOf(worth),
      recognised,
      catchUp,
    ];
  });
  return [HEADING, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

export const hashFigures = (figures: string): Buffer => sha256(figures);

/** What the lines of each point type add up to. */
export function sumByPointType(
  lines: readonly RollLine[],
): Map<number, { readonly points: PointsFlow; readonly fen: FenFlow }> {
  const sums = new Map<number, { points: PointsFlow; fen: FenFlow }>();
  for (const { pointType, points, fen } of lines) {
    const sum = sums.get(pointType);
    sums.set(
      pointType,
      sum === undefined
        ? { points, fen }
        : { points: addAll(sum.points, points), fen: addAll(sum.fen, fen) },
    );
  }
  return sums;
}

function addAll<Flow extends PointsFlow | FenFlow>(one: Flow, other: Flow): Flow {
  const out: Record<string, bigint> = {};
  for (const [name, value] of Object.entries(one) as [keyof Flow & string, bigint][])
    out[name] = value + (other[name] as bigint);
  return out as unknown as Flow;
}
