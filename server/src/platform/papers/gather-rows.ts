import { RefusalError } from '../../kernel/refusal.ts';
import { problem } from '../web/problem.ts';
import type { Paper, Row } from './paper.ts';

/** The rows of all tables of a paper, in memory. Throws the refusal `too_many_lines` for more than that. */
export async function gatherRows(paper: Paper, linesMax: number): Promise<Row[][]> {
  let left = linesMax;
  const tables: Row[][] = [];
  for (const { rows } of paper.tables) {
    const gathered: Row[] = [];
    tables.push(gathered);
    for await (const row of rows) {
      left -= 1;
      if (left < 0) throw new RefusalError(problem('too_many_lines', undefined, { linesMax }));
      gathered.push(row);
    }
  }
  return tables;
}
