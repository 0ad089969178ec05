import { showId } from '../../kernel/id.ts';
import type { Accrual, Due } from './accruals.ts';
import { type Problem, problem } from './finding.ts';
import type { StoredAccrual } from './source.ts';

/** In which fields two rows of the same kind between the same two may differ. */
const FIELDS = ['programme', 'pointType', 'effectiveAt', 'points', 'owed', 'due', 'fee'] as const;

/**
 * What is wrong with the rows that a transaction's entries accrued, held against what they must have. Rows of nothing
 * (a share that got no point and no money) may be written or not; places only keep rows apart.
 */
export function compareAccruals(
  expected: ReadonlyMap<number, Due>,
  stored: readonly StoredAccrual[],
): Problem[] {
  if (expected.size === 0 && stored.length === 0) return [];
  const wrong: Problem[] = [];
  const bySeq = new Map<number, StoredAccrual[]>();
  for (const row of stored) {
    if (isNothing(row)) continue;
    const same = bySeq.get(row.seq);
    if (same === undefined) bySeq.set(row.seq, [row]);
    else same.push(row);
  }
  for (const [seq, { rows, isOptional }] of expected) {
    const left = bySeq.get(seq) ?? [];
    bySeq.delete(seq);
    if (isOptional && left.length === 0) continue;
    for (const row of rows) {
      if (isNothing(row)) continue;
      const found = left.findIndex((each) => isBetweenSame(each, row));
      if (found < 0) wrong.push(problem('accrual_missing', told(row)));
      else wrong.push(...differences(left.splice(found, 1)[0] as StoredAccrual, row));
    }
    wrong.push(...left.map(extra));
  }
  for (const left of bySeq.values()) wrong.push(...left.map(extra));
  return wrong;
}

function isNothing({ points, owed, due, fee }: Accrual): boolean {
  return points === 0n && owed === 0n && due === 0n && fee === 0n;
}

function isBetweenSame(a: Accrual, b: Accrual): boolean {
  return a.kind === b.kind && a.payer === b.payer && a.taker === b.taker;
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
