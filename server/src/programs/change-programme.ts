import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { canonicalJson, type Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import {
  type ProgrammeSettings,
  type ProgrammeShown,
  problemOfConversions,
  problemOfNotice,
  type Settings,
  showProgramme,
} from './programme.ts';
import { insertChange, lockProgramme, updateSettings } from './store.ts';

type Some = Type.Static<typeof ProgrammeSettings>;

const NAMES = [
  'returnPolicy',
  'refundGraceDays',
  'adjustLimit',
  'giftMax',
  'giftDayMax',
  'ruleNoticeDays',
  'merchantsRegisterMembers',
  'conversions',
] as const satisfies readonly (keyof Settings)[];

/** Changes what was asked of a programme's settings, and keeps who did it beside what they were. */
export async function changeProgramme(
  tx: Transaction,
  code: string,
  asked: Some,
  by: { readonly key: Uuid; readonly clock: Clock },
): Promise<Outcome<Type.Static<typeof ProgrammeShown>>> {
  const before = await lockProgramme(tx, code);
  if (before === undefined) return { refusal: problem('programme_not_found') };
  const refusal =
    problemOfConversions(before.pointTypes, asked.conversions ?? []) ??
    problemOfNotice(before.sandbox, asked.ruleNoticeDays ?? before.ruleNoticeDays);
  if (refusal !== null) return { refusal };
  await updateSettings(tx, before.id, { ...before, ...asked });
  const after = await lockProgramme(tx, code);
  if (after === undefined) throw new Error('a locked programme stays');
  const now = by.clock.now();
  const changed = NAMES.filter(
    (name) => canonicalJson(before[name]) !== canonicalJson(after[name]),
  );
  if (changed.length > 0) {
    const of = (all: Settings): Some =>
      Object.fromEntries(changed.map((name) => [name, all[name]]));
    const who = { programme: before.id, changedAt: now, changedBy: by.key };
    await insertChange(tx, { ...who, before: of(before), after: of(after) });
  }
  return { status: 200, body: showProgramme(after, now) };
}
