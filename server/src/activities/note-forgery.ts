import { newId, type Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { ReturnCommand } from '../ledger/command.ts';
import { countedOn } from '../ledger/limits.ts';
import type { Answer } from '../ledger/transaction.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import { problem } from '../platform/web/problem.ts';
import type { Awarded } from './activity.ts';
import type { Forgery } from './forgery.ts';
import { findForgeries, insertForgery, readForgeries } from './forgery-store.ts';
import { readAnswers } from './read-answers.ts';
import type { AwardAnswer } from './settling.ts';
import { readAwarded } from './store.ts';
import type { ActivityDeps } from './tell-activities.ts';

/** A forgery and what the ledger said to taking each award back, by the earn's id. */
export interface Noted {
  readonly forgery: Forgery;
  readonly takenBack: ReadonlyMap<Uuid, Answer>;
  readonly replayed: boolean;
}

export interface ForgeryTold extends Pick<Forgery, 'reason' | 'actor' | 'requestKey' | 'notedBy'> {
  readonly of: Awarded;
}

/** Notes a forgery and takes back what was given for it. Noted again with the same words it is answered as the first time. */
export async function noteForgery(
  deps: ActivityDeps,
  told: ForgeryTold,
): Promise<Noted | { readonly refusal: Refusal }> {
  const { pool } = deps;
  const made = forgeryOf(deps, told);
  if ('code' in made) return { refusal: made };
  const isNew = await insertForgery(pool, made);
  const known = isNew ? made : judge(made, await findForgeries(pool, made));
  if ('code' in known) return { refusal: known };
  const [takenBack] = await settleForgeries(deps, [{ forgery: known, of: told.of }]);
  return { forgery: known, takenBack: takenBack ?? new Map(), replayed: !isNew };
}

/** What noting it would take back. */
export async function previewForgery(
  deps: ActivityDeps,
  told: ForgeryTold,
  answers: readonly (AwardAnswer | null)[],
): Promise<Noted | { readonly refusal: Refusal }> {
  const made = forgeryOf(deps, told);
  if ('code' in made) return { refusal: made };
  const found = await findForgeries(deps.pool, made);
  const known = found.length === 0 ? made : judge(made, found);
  if ('code' in known) return { refusal: known };
  const commands = returnCommands(known, told.of, answers);
  const said = await deps.ledger.preview(commands);
  return { forgery: known, takenBack: byEarn(commands, said), replayed: known !== made };
}

/** What a crash left noted and not taken back. */
export function forgeriesLeft(deps: ActivityDeps): Leftovers<Waiting> {
  return unsettledOf(deps.pool, UNSETTLED.forgery, async (ids) => {
    const open = await readForgeries(deps.pool, ids);
    const of = await readAwarded(
      deps.pool,
      open.map(({ activity }) => activity),
      deps.sealer,
    );
    const byId = new Map(of.map((each) => [each.activity.id, each]));
    await settleForgeries(
      deps,
      open.map((forgery) => ({ forgery, of: byId.get(forgery.activity) as Awarded })),
    );
    return open.length;
  });
}

function forgeryOf(deps: ActivityDeps, { of, ...told }: ForgeryTold): Forgery | Refusal {
  const { activity } = of;
  if (activity.evidence === null)
    return refusal('no_evidence', 'the activity has no evidence that could be forged');
  const programme = deps.programmes.byId(activity.programme);
  if (programme === undefined) throw new Error(`there is no programme ${activity.programme}`);
  const now = deps.clock.now();
  const policy = programme.returnPolicy;
  return { ...told, id: newId(now), activity: activity.id, policy, notedAt: now };
}

/** The forgery that was noted before, if this is the same. */
function judge(made: Forgery, found: readonly Forgery[]): Forgery | Refusal {
  const keyed = found.find(({ requestKey }) => requestKey === made.requestKey);
  const known = keyed ?? found[0];
  if (known === undefined) throw new Error('a forgery was neither noted nor found');
  const { activity, reason, actor } = made;
  if (known.activity === activity && known.reason === reason && known.actor === actor) return known;
  return problem(keyed === undefined ? 'forgery_noted' : 'idempotency_key_reused');
}

/** Everything here can be repeated: the ledger knows each command by its key. */
async function settleForgeries(
  { pool, ledger, settling }: ActivityDeps,
  list: readonly { readonly forgery: Forgery; readonly of: Awarded }[],
): Promise<ReadonlyMap<Uuid, Answer>[]> {
  if (list.length === 0) return [];
  // What is taken back must have been given; what was, the ledger tells also of a member whose texts were erased since.
  const awarded = list.map(({ of }) => of);
  await settling.settle(awarded);
  const given = await readAnswers(pool, awarded);
  const commands = list.map(({ forgery, of }, index) =>
    returnCommands(forgery, of, given[index] ?? []),
  );
  const said = (await ledger.submitAll(commands.flat())).values();
  const takenBack = commands.map((own) =>
    byEarn(
      own,
      own.map(() => said.next().value as Answer),
    ),
  );
  // What is not counted stays open, and is done again.
  if (await settling.count(list.map(({ of }) => of)))
    await markSettled(
      pool,
      list.map(({ forgery }) => forgery.id),
    );
  return takenBack;
}

function returnCommands(
  { activity: id, policy, reason, actor }: Forgery,
  { activity, awards }: Awarded,
  answers: readonly (AwardAnswer | null)[],
): ReturnCommand[] {
  return awards.flatMap((award, index) => {
    const earn = answers[index];
    if (earn?.status !== 'applied') return [];
    return {
      kind: 'return',
      key: `forgery:${id}:${award.place}`,
      programme: activity.programme,
      pointType: award.pointType,
      member: activity.member,
      earn: award.transaction,
      points: earn.transaction.points,
      atMost: true,
      policy,
      effectiveAt: null,
      source: { kind: 'activity', id },
      detail: { reason, actor },
      ...(award.limits.length === 0 ? {} : { limits: award.limits.map(countedOn) }),
    };
  });
}

function byEarn(
  commands: readonly ReturnCommand[],
  answers: readonly Answer[],
): ReadonlyMap<Uuid, Answer> {
  return new Map(commands.map(({ earn }, index) => [earn, answers[index] as Answer]));
}
