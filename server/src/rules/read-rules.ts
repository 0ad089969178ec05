import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { type Caller, type Item, isOwn, type View } from '../platform/publishing/published.ts';
import { findItem, readDrafts } from '../platform/publishing/store.ts';
import { readStanding } from '../platform/publishing/version-store.ts';
import type { RuleBody } from './rule.ts';
import { type RuleShown, showRule } from './schema.ts';

/** Rules as the caller sees them: with drafts where these are his. */
export async function readRules(
  sql: Sql,
  rules: readonly Item[],
  view: View,
  clock: Clock,
): Promise<Type.Static<typeof RuleShown>[]> {
  const machine = clock.now();
  const shown = rules.map((rule) => ({ ...rule, now: machine + rule.clockOffsetMs }));
  const own = rules.filter((rule) => isOwn(view, rule));
  const drafts = await readDrafts<RuleBody>(sql, 'rule', own);
  const versions = await readStanding<RuleBody>(sql, 'rule', shown);
  return shown.map((rule) => showRule(rule, drafts.get(rule.id), versions.get(rule.id) ?? []));
}

/** A rule that the transaction has locked or made. */
export async function mustReadRule(
  tx: Transaction,
  id: Uuid,
  { view, clock }: Caller,
): Promise<Type.Static<typeof RuleShown>> {
  const rule = await findItem(tx, 'rule', id, view);
  const [shown] = rule === undefined ? [] : await readRules(tx, [rule], view, clock);
  if (shown === undefined) throw new Error('a rule is there until its transaction ends');
  return shown;
}
