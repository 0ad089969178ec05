import type Type from 'typebox';
import type { Transaction } from '../platform/database.ts';
import { canonicalJson, type Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import { stateAt, statesOf } from './dated.ts';
import { type By, keepChange, nowOf, refusalOfDate } from './judge-dates.ts';
import {
  type ProgrammeSettings,
  type ProgrammeShown,
  problemOfConversions,
  problemOfNotice,
  type Settings,
  showProgramme,
} from './programme.ts';
import { lockProgramme, updateSettings } from './store.ts';

type Some = Type.Static<typeof ProgrammeSettings>;

const NAMES = [
  'returnPolicy',
  'refundGraceDays',
  'adjustLimit',
  'giftMax',
  'giftDayMax',
  'offlineDayMax',
  'ruleNoticeDays',
  'merchantsRegisterMembers',
  'membersJoinThemselves',
  'conversions',
] as const satisfies readonly (keyof Settings)[];

/**
 * Changes what was asked of a programme's settings, and keeps who did it beside what they were. What it promises members may
 * begin later, and must where it becomes worse for them ({@link refusalOfDate}).
 */
export async function changeProgramme(
  tx: Transaction,
  code: string,
  { from: asked, ...settings }: Some,
  by: By,
): Promise<Outcome<Type.Static<typeof ProgrammeShown>>> {
  const latest = await lockProgramme(tx, code);
  if (latest === undefined) return { refusal: problem('programme_not_found') };
  const wanted = { ...latest, ...settings };
  const now = nowOf(latest, by);
  const from = asked === undefined ? now : mustReadInstant(asked);
  const changed = NAMES.filter(
    (name) => canonicalJson(latest[name]) !== canonicalJson(wanted[name]),
  );
  const of = (all: Settings): Omit<Some, 'from'> =>
    Object.fromEntries(changed.map((name) => [name, all[name]]));
  const change = { from, before: of(latest), after: of(wanted) };
  const refusal =
    problemOfConversions(latest.pointTypes, settings.conversions ?? []) ??
    problemOfNotice(latest.sandbox, wanted.ruleNoticeDays) ??
    refusalOfDate(latest, wanted, change, now);
  if (refusal !== null) return { refusal };
  if (changed.length > 0) {
    await updateSettings(tx, latest.id, wanted);
    const changedAt = now - latest.clockOffsetMs;
    const who = { programme: latest.id, changedAt, changedBy: by.key };
    await keepChange(tx, latest, wanted, { ...who, ...change }, by);
  }
  const after = await lockProgramme(tx, code);
  if (after === undefined) throw new Error('a locked programme stays');
  const shown = stateAt(statesOf(after), now);
  return { status: 200, body: showProgramme(shown, now - after.clockOffsetMs) };
}
