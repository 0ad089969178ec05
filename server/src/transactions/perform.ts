import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Command } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findDetail } from '../ledger/read.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { Pool } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Barred } from './base-of.ts';
import { type Formed, holdUntil } from './command-of.ts';
import { permittedCommand } from './permitted.ts';
import type { CommandDeps } from './place.ts';
import type { TransactionBody } from './schema.ts';

export interface PerformDeps extends CommandDeps {
  readonly pool: Pool;
  readonly ledger: Ledger;
}

export interface TransactionRequest {
  readonly body: TransactionBody;
  /** The caller's Idempotency-Key for it. */
  readonly key: string;
}

/** Performs one transaction; answers a refusal when it never reached the ledger. */
export async function perform(
  deps: PerformDeps,
  request: TransactionRequest,
  principal: Principal,
): Promise<Answer | Refusal> {
  let command = permittedCommand(deps, request.body, principal, request.key);
  if (command instanceof Promise) command = await command;
  if ('code' in command) return command;
  if ('barred' in command) return (await decidedBefore(deps, [command]))[0] ?? command.barred;
  const answer = await deps.ledger.submit(command);
  return isReused(answer) ? repeatHold(deps, command, answer) : answer;
}

/** Performs independent transactions, answered in order; one member's happen in this order. */
export async function performAll(
  deps: PerformDeps,
  requests: readonly TransactionRequest[],
  principal: Principal,
  dryRun: boolean,
): Promise<(Answer | Refusal)[]> {
  const asked = requests.map(({ body, key }) => permittedCommand(deps, body, principal, key));
  await Promise.all(asked.filter((each) => each instanceof Promise));
  const formed: Formed[] = [];
  for (const each of asked) formed.push(each instanceof Promise ? await each : each);
  const good = formed.flatMap((each) => ('kind' in each ? [each] : []));
  const answers = await (dryRun ? deps.ledger.preview(good) : deps.ledger.submitAll(good));
  const settled: Answer[] = [];
  for (const [index, answer] of answers.entries()) {
    const isRepeated = isReused(answer) && !dryRun;
    settled.push(isRepeated ? await repeatHold(deps, good[index] as Command, answer) : answer);
  }
  const barred = formed.flatMap((each) => ('barred' in each ? [each] : []));
  const before = (await decidedBefore(deps, barred)).values();
  const inOrder = settled.values();
  return formed.map((each) => {
    if ('code' in each) return each;
    return ('barred' in each ? before : inOrder).next().value as Answer | Refusal;
  });
}

/** What was recorded under the keys of commands that are not allowed any more; else why they are not. */
async function decidedBefore(
  { ledger }: PerformDeps,
  barred: readonly Barred[],
): Promise<(Answer | Refusal)[]> {
  if (barred.length === 0) return [];
  const answers = await ledger.preview(barred.map((each) => each.command));
  return answers.map((answer, place) => {
    // Only what is recorded has a receipt here.
    const isRecorded = answer.receipt !== null || isReused(answer);
    return isRecorded ? answer : (barred[place] as Barred).barred;
  });
}

/** What a transaction would be answered; nothing is changed. */
export async function preview(
  deps: PerformDeps,
  request: TransactionRequest,
  principal: Principal,
): Promise<Answer | Refusal> {
  const [answer] = await performAll(deps, [request], principal, true);
  return answer ?? refusal('not_found', 'nothing was asked for');
}

function isReused(answer: Answer): boolean {
  return answer.status === 'refused' && answer.transaction === null;
}

/**
 * A hold asked for by its length ends later each time the request is repeated, so the ledger takes the
 * repetition for another request. It is sent again with the end that was recorded the first time: what
 * else differs is still found out.
 */
async function repeatHold(
  { pool, ledger }: PerformDeps,
  command: Command,
  answer: Answer,
): Promise<Answer> {
  const seconds = command.kind === 'hold' ? command.detail?.expiresInSeconds : undefined;
  if (command.kind !== 'hold' || typeof seconds !== 'number') return answer;
  const recorded = await findDetail(pool, ledger.shardOf(command.member), command.key);
  const until = recorded?.expiresAt;
  if (recorded?.expiresInSeconds !== seconds || typeof until !== 'number') return answer;
  return ledger.submit(holdUntil(command, seconds, until));
}
