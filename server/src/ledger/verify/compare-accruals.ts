import { showId } from '../../kernel/id.ts';
import type { Accrual, Due } from './accruals.ts';
import { type Problem, problem } from './finding.ts';
import type { StoredAccrual } from './source.ts';

/** What two rows at the same place of the same entry may say otherwise. */
const FIELDS = [
  ...['kind', 'programme', 'pointType', 'effectiveAt', 'payer', 'taker'],
  ...['points', 'owed', 'due', 'fee'],
] as readonly (keyof Accrual)[];

/** What is wrong with the rows that a transaction's entries accrued, held against what they must have. */
export function compareAccruals(
  expected: ReadonlyMap<number, Due>,
  stored: readonly StoredAccrual[],
): readonly Problem[] {
  if (isAsExpected(expected, stored)) return NOTHING_WRONG;
  const wrong: Problem[] = [];
  const left = new Map(stored.map((row) => [`${row.seq} ${row.place}`, row]));
  for (const [seq, { rows, isOptional }] of expected) {
    if (isOptional && !left.has(`${seq} 0`)) continue;
    for (const [place, row] of rows.entries()) {
      const found = left.get(`${seq} ${place}`);
      left.delete(`${seq} ${place}`);
      if (found === undefined) wrong.push(problem('accrual_missing', told(row)));
      else wrong.push(...differences(found, row));
    }
  }
  return [...wrong, ...Array.from(left.values(), extra)];
}

const NOTHING_WRONG: readonly Problem[] = [];

/** Nearly always they are the same, in the same order: seen so without looking anything up. */
function isAsExpected(
  expected: ReadonlyMap<number, Due>,
  stored: readonly StoredAccrual[],
): boolean {
  let next = 0;
  for (const { rows } of expected.values())
    for (const [place, row] of rows.entries()) {
      const found = stored[next];
      if (found === undefined || found.seq !== row.seq || found.place !== place) return false;
      if (FIELDS.some((field) => found[field] !== row[field])) return false;
      next += 1;
    }
  return next === stored.length;
}

function differences(stored: StoredAccrual, row: Accrual): Problem[] {
  return FIELDS.filter((field) => stored[field] !== row[field]).map((field) =>
    problem('accrual_differs', {
      ...{ seq: row.seq, place: stored.place, field },
      ...{ stored: String(stored[field]), replayed: String(row[field]) },
    }),
  );
}

function extra(row: StoredAccrual): Problem {
  return problem('accrual_extra', { ...told(row), place: row.place });
}

function told({ seq, kind, payer, taker, owed, due, fee }: Accrual): Problem['facts'] {
  return {
    ...{ seq, kind, payer: showId('merchant', payer), taker: showId('merchant', taker) },
    ...{ owed: String(owed), due: String(due), fee: String(fee) },
  };
}
