import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { refusalOf } from '../platform/publishing/problem-of.ts';
import { problemsOfBody } from './problems.ts';
import { readKnown } from './reference-store.ts';
import type { RuleBody } from './rule.ts';

/** `rule_invalid` with everything that is wrong with a body and where, or null. */
export async function checkBody(
  tx: Transaction,
  programme: { readonly id: number },
  merchant: Uuid | null,
  body: RuleBody,
): Promise<Refusal | null> {
  const known = await readKnown(tx, programme.id, merchant, body);
  return refusalOf('rule', problemsOfBody(body, known));
}
