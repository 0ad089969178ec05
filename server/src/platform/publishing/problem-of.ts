import type { Refusal } from '../../kernel/refusal.ts';
import { problem } from '../web/problem.ts';
import { CODES, type Family } from './family.ts';

/** One thing that is wrong with a body: a JSON pointer into it, and what. */
export interface BodyProblem {
  readonly path: string;
  /** Stable. */
  readonly code: string;
  readonly message: string;
  /** Of an expression: where in it, lines and columns from 1. */
  readonly at?: { readonly offset: number; readonly line: number; readonly column: number };
}

export function problemOf(path: string, code: string, message: string): BodyProblem {
  return { path, code, message };
}

/** The refusal with everything that is wrong with a body and where, or null. */
export function refusalOf(family: Family, found: readonly BodyProblem[]): Refusal | null {
  const [first] = found;
  if (first === undefined) return null;
  const others = found.length === 1 ? '' : `, and ${found.length - 1} more`;
  return {
    ...problem(CODES[family].invalid, `in ${first.path} ${first.message}${others}`),
    errors: found.map((each) => ({ ...each, path: `/body${each.path}` })),
  };
}
