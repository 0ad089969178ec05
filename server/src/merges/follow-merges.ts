import { newId, type Uuid } from '../kernel/id.ts';
import { takenBackBy, withClawBacks } from '../ledger/claw-backs.ts';
import type { ClawBackCommand, Command, MatureCommand, ReturnCommand } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findTransaction } from '../ledger/read.ts';
import { readArrived } from '../ledger/read-sent.ts';
import type { Answer, Transaction } from '../ledger/transaction.ts';
import { emptyAccounts, type MoveDeps } from './move-accounts.ts';
import { deleteAbsorbedReturn, insertAbsorbedReturn, readMovesOf } from './store.ts';

/**
 * The ledger, with what commands on an absorbed member's account leave there carried on to the survivor:
 * whatever comes to it is moved there, and what a return does not find on it is clawed back there. Who
 * may still send such commands is decided before; these are the consequences of what happened earlier.
 */
export function followMerges(deps: MoveDeps): Ledger {
  const { ledger, members } = deps;

  /** The commands' survivors; nobody for nearly all of them, at once. */
  const pathsOf = (
    commands: readonly Command[],
  ): readonly (readonly Uuid[])[] | Promise<(readonly Uuid[])[]> | null => {
    const paths = commands.map(({ member }) => members.survivors(member));
    if (paths.some((path) => path instanceof Promise))
      return Promise.all(paths.map(async (path) => path));
    return paths.some((path) => (path as readonly Uuid[]).length > 0)
      ? (paths as (readonly Uuid[])[])
      : null;
  };

  async function submit(command: Command): Promise<Answer> {
    const known = members.survivors(command.member);
    const path = known instanceof Promise ? await known : known;
    return path.length === 0 ? ledger.submit(command) : submitOnAbsorbed(deps, command, path);
  }

  return {
    ...ledger,
    submit,
    async submitAll(commands) {
      const found = pathsOf(commands);
      const paths = found instanceof Promise ? await found : found;
      if (paths === null || paths.every((path) => path.length === 0))
        return ledger.submitAll(commands);
      // A member's commands are all here or all there, so that they keep their order.
      const direct = commands.filter((_, index) => paths[index]?.length === 0);
      const answers = (await ledger.submitAll(direct)).values();
      const all: Answer[] = [];
      for (const [index, command] of commands.entries()) {
        const path = paths[index] as readonly Uuid[];
        all.push(
          path.length === 0
            ? (answers.next().value as Answer)
            : await submitOnAbsorbed(deps, command, path),
        );
      }
      return all;
    },
    async preview(commands) {
      const found = pathsOf(commands);
      const paths = found instanceof Promise ? await found : found;
      if (paths === null) return ledger.preview(commands);
      const answers = await ledger.preview(
        commands.map((command, place) =>
          paths[place]?.length === 0 ? command : asAbsorbed(command),
        ),
      );
      return Promise.all(
        answers.map((answer, place) =>
          previewRest(deps, commands[place] as Command, answer, paths[place] as readonly Uuid[]),
        ),
      );
    },
  };
}

function isReused(answer: Answer): boolean {
  return answer.status === 'refused' && answer.transaction === null;
}

function asAbsorbed(command: Command): Command {
  return command.kind === 'return' ? { ...command, isAbsorbed: true } : command;
}

type Release = MatureCommand & { readonly earn: Uuid };

function isRelease(command: Command): command is Release {
  return command.kind === 'mature' && command.earn !== undefined;
}

/** What was previewed on the absorbed account, with what would follow where its points are. */
async function previewRest(
  deps: MoveDeps,
  command: Command,
  answer: Answer,
  path: readonly Uuid[],
): Promise<Answer> {
  if (path.length === 0) return answer;
  const { ledger } = deps;
  const submit = async (each: Command): Promise<Answer> =>
    (await ledger.preview([each]))[0] as Answer;
  if (isRelease(command))
    return matureArrived({ ...deps, ledger: { ...ledger, submit } }, command, path, answer);
  if (command.kind !== 'return') return answer;
  if (isReused(answer)) return submit(command);
  if (answer.status === 'refused') return answer;
  const looking = { ...deps, ledger: { ...ledger, submit } };
  return withClawBacks(answer, await clawBack(looking, command, answer.transaction, path));
}

async function submitOnAbsorbed(
  deps: MoveDeps,
  command: Command,
  path: readonly Uuid[],
): Promise<Answer> {
  // What is still here belongs to what a return may look at over there.
  await emptyAccounts(deps, command.member);
  const answer =
    command.kind === 'return'
      ? await returnAbsorbed(deps, command, path)
      : isRelease(command)
        ? await matureArrived(deps, command, path, await deps.ledger.submit(command))
        : await deps.ledger.submit(command);
  await emptyAccounts(deps, command.member);
  return answer;
}

/** A return, and its claw-backs: written down before, so that neither happens without the other. */
async function returnAbsorbed(
  deps: MoveDeps,
  command: ReturnCommand,
  path: readonly Uuid[],
): Promise<Answer> {
  const { pool, clock, ledger } = deps;
  const id = newId(clock.now());
  await insertAbsorbedReturn(pool, { id, command }, clock.now());
  let answer = await ledger.submit(asAbsorbed(command));
  // Known under another form: it was returned before the merge, and is answered as it was then.
  if (isReused(answer)) answer = await ledger.submit(command);
  else if (answer.status === 'applied')
    answer = withClawBacks(answer, await clawBack(deps, command, answer.transaction, path));
  await deleteAbsorbedReturn(pool, id);
  return answer;
}

/**
 * What an earn waited for has happened: its points become available wherever they have arrived. Answers what the last of those
 * they became part of was told, which has them.
 */
async function matureArrived(
  { pool, ledger }: MoveDeps,
  command: Release,
  path: readonly Uuid[],
  onAbsorbed: Answer,
): Promise<Answer> {
  let answer = onAbsorbed;
  const earn = (await findTransaction(pool, command.earn))?.transaction;
  const made = earn?.entries.find((entry) => entry.kind === 'issue');
  if (made === undefined) return answer;
  const moves = await readMovesOf(pool, [command.member, ...path]);
  const lots = [made.lot];
  for (const member of path) {
    const ways = moves.filter(({ survivor }) => survivor === member).map(({ id }) => id);
    const arrived = await readArrived(pool, ledger.shardOf(member), ways, lots);
    if (arrived.length === 0) continue;
    lots.push(...arrived);
    const { id: _, ...asked } = command;
    const next = await ledger.submit({
      ...asked,
      key: `${command.key}:${member}`,
      member,
      arrived,
    });
    if (next.status === 'applied') answer = next;
  }
  return answer;
}

/**
 * Takes what a return did not find on the absorbed account from those it became part of, one after
 * another: the lots that came there of the returned one, and from the last of them by policy. Every
 * claw-back has one key per return and member, so that it is done once, whoever begins again.
 */
async function clawBack(
  { pool, ledger }: MoveDeps,
  command: ReturnCommand,
  returned: Transaction,
  path: readonly Uuid[],
): Promise<Transaction[]> {
  let rest = returned.points - takenBackBy(returned);
  if (rest === 0) return [];
  const earn = (await findTransaction(pool, command.earn))?.transaction;
  // Previewed together with its earn: nothing of it has gone anywhere.
  if (earn === undefined) return [];
  const made = earn.entries.find((entry) => entry.kind === 'issue');
  const { role, owner } = made?.from ?? {};
  if (made === undefined || owner === undefined || owner === null)
    throw new Error(`return ${returned.id} was applied to what is no earn`);
  const giver = { role: role === 'adjustment' ? role : 'issuer', merchant: owner } as const;
  const budgets = (command.limits ?? []).filter((limit) => 'budget' in limit);
  const moves = await readMovesOf(pool, [command.member, ...path]);
  const lots = [made.lot];
  const taken: Transaction[] = [];
  for (const [place, member] of path.entries()) {
    const ways = moves.filter(({ survivor }) => survivor === member).map(({ id }) => id);
    const arrived = await readArrived(pool, ledger.shardOf(member), ways, lots);
    lots.push(...arrived);
    const isLast = place === path.length - 1;
    const policy = isLast ? command.policy : 'pending_only';
    if (policy === 'pending_only' && arrived.length === 0) continue;
    const { programme, pointType, effectiveAt, source, detail } = command;
    const next: ClawBackCommand = {
      ...{
        kind: 'claw_back',
        key: `claw-back:${returned.id}:${member}`,
        programme,
        pointType,
        member,
      },
      ...{ effectiveAt, earn: command.earn, lot: made.lot, giver, points: rest, policy, arrived },
      ...(source === undefined ? {} : { source }),
      ...(detail === undefined ? {} : { detail }),
      ...(budgets.length === 0 ? {} : { limits: budgets }),
    };
    const answer = await ledger.submit(next);
    // Refused for want of room, or decided when this member was the last: what was forgone then stays so.
    if (answer.status === 'refused') break;
    taken.push(answer.transaction);
    rest -= takenBackBy(answer.transaction);
    if (rest === 0) break;
  }
  return taken;
}
