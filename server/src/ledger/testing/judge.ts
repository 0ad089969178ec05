import { isDeepStrictEqual } from 'node:util';
import { shardOfMember, type Uuid } from '../../kernel/id.ts';
import { KINDS } from '../command.ts';
import type { Answer } from '../transaction.ts';
import { type Asked, type ModelWorld, sameRequest } from './play.ts';
import { debtOf, freeOf, heldOf } from './reference-account.ts';
import { type ModelAnswer, ReferenceModel } from './reference-model.ts';
import type { Recorded, State } from './witness.ts';

const isReuse = (answer: Answer): boolean =>
  answer.status === 'refused' && answer.refusal.code === 'idempotency_key_reused';

/**
 * Compares a run, what the ledger recorded of it in which order, and the state it left with the model executed in
 * that order. Returns what differs, in words; nothing when the run equals that serial order.
 */
export function judge(
  asked: readonly Asked[],
  shards: number,
  recorded: readonly Recorded[],
  is: State,
  world: ModelWorld,
): string[] {
  const faults: string[] = [];
  const model = new ReferenceModel({
    ...{ closedUntil: new Map(), budgets: new Map(world.budgets), spent: new Map() },
    prices: world.prices,
  });
  const byKey = new Map<string, Asked[]>();
  for (const each of asked) {
    const key = `${shardOfMember(each.command.member, shards)} ${each.command.key}`;
    byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  const winners: { asked: Asked; row: Recorded }[] = [];
  for (const row of recorded) {
    const same = byKey.get(`${row.shard} ${row.key}`) ?? [];
    byKey.delete(`${row.shard} ${row.key}`);
    const first = same.filter((each) => !each.answer.replayed && !isReuse(each.answer));
    const winner = first[0];
    if (winner === undefined || first.length > 1) {
      const told = same.map((each) =>
        show({
          round: each.round,
          call: each.call,
          index: each.index,
          ...each.answer,
          transaction: null,
        }),
      );
      faults.push(
        `${row.key}: ${first.length} requests were told that they came first: ${told.join('; ')}`,
      );
      continue;
    }
    winners.push({ asked: winner, row });
    const expected = model.execute(winner.command, row.id, winner.now);
    model.learnLots(row.id, lotsMadeBy(winner.answer));
    faults.push(...compareAnswer(winner, row, expected), ...compareRepeats(winner, same));
  }
  for (const each of asked) {
    const [is, should] = [foretold(each.previewed), foretold(each.answer)];
    if (is !== null && !isDeepStrictEqual(is, should)) {
      faults.push(`${each.command.key}: previewed as ${show(is)}, answered ${show(should)}`);
    }
  }
  for (const key of byKey.keys()) faults.push(`${key}: answered but not recorded`);
  faults.push(...checkOrder(winners));
  const should = stateOf(model);
  for (const part of Object.keys(should) as (keyof State)[]) {
    for (const line of is[part])
      if (!should[part].includes(line)) faults.push(`${part}: the ledger has    ${line}`);
    for (const line of should[part])
      if (!is[part].includes(line)) faults.push(`${part}: the model has     ${line}`);
  }
  return faults.length === 0
    ? faults
    : ['recorded in this order:', ...winners.map(tell), ...faults];
}

function tell({ asked: { command, now }, row }: { asked: Asked; row: Recorded }): string {
  const { key, kind, member, pointType, programme: _, ...rest } = command;
  const what = `${kind} of ${member.slice(0, 4)}/${pointType} ${show(rest)}`;
  return `${row.shard}:${row.block}:${row.position} at ${now}: ${key} ${what} -> ${row.refusal ?? 'applied'} as ${row.id}, ${row.effectiveAt}`;
}

/** The answer given, the row recorded and the model's word must agree. */
function compareAnswer({ command, answer }: Asked, row: Recorded, expected: ModelAnswer): string[] {
  const faults: string[] = [];
  const same = (what: string, is: unknown, should: unknown): void => {
    if (!isDeepStrictEqual(is, should)) {
      faults.push(
        `${row.key} ${command.kind} (${row.shard}:${row.block}:${row.position}): ${what} is ${show(is)}, should be ${show(should)}`,
      );
    }
  };
  const refusal = answer.status === 'refused' ? answer.refusal : null;
  same('refusal', refusal?.code ?? null, expected.refusal?.code ?? null);
  for (const [name, value] of Object.entries(expected.refusal?.facts ?? {})) {
    same(`refusal's ${name}`, refusal?.facts?.[name], value);
  }
  same('recorded refusal', row.refusal, refusal?.code ?? null);
  same('effectiveAt', row.effectiveAt, expected.effectiveAt);
  same('balanceAfter', row.balanceAfter, expected.balanceAfter);
  if (expected.points !== null && command.kind !== 'expire' && command.kind !== 'mature') {
    same('points', row.points, expected.points);
  }
  same('accruals', row.accruals, expected.accruals);
  same('kind', row.kind, KINDS[command.kind]);
  if (command.id !== undefined) same('id', row.id, command.id);
  const { transaction, receipt } = answer;
  same('told id', transaction?.id, row.id);
  same('told key', transaction?.key, command.key);
  same('told points', transaction?.points, row.points);
  same('told effectiveAt', transaction?.effectiveAt, row.effectiveAt);
  same('told balanceAfter', transaction?.balanceAfter, row.balanceAfter);
  same('told refusal', transaction?.refusal?.code ?? null, row.refusal);
  same('told entries of a refusal', refusal === null ? 0 : transaction?.entries.length, 0);
  const { shard, block, position, blockHash: hash, recordedAt } = row;
  same('receipt', receipt, { shard, block, position, hash, recordedAt });
  return faults;
}

function lotsMadeBy({ transaction }: Answer): Uuid[] {
  const made = transaction?.entries.filter((entry) => entry.kind === 'issue') ?? [];
  return made.map((entry) => entry.lot);
}

/** What a preview can know of an answer: not the ids that are made, nor the place in the chain. */
function foretold(answer: Answer | null): object | null {
  if (answer === null) return null;
  const { status, replayed, transaction } = answer;
  const { points, effectiveAt, balanceAfter } = transaction ?? {};
  const entries = transaction?.entries.map((entry) => [entry.kind, entry.points, entry.expiresAt]);
  const refusal = status === 'refused' ? answer.refusal : null;
  return { status, replayed, refusal, points, effectiveAt, balanceAfter, entries };
}

/** The same request again gets the same answer; another request under its key is refused. */
function compareRepeats(winner: Asked, all: readonly Asked[]): string[] {
  return all.flatMap((each) => {
    if (each === winner) return [];
    const name = `${each.command.key}, asked again in round ${each.round}`;
    if (!sameRequest(each.command, winner.command)) {
      return isReuse(each.answer) && each.answer.transaction === null
        ? []
        : [`${name}: reuse was answered ${show(each.answer)}`];
    }
    const should = { ...winner.answer, replayed: true };
    return isDeepStrictEqual(each.answer, should)
      ? []
      : [`${name}: got ${show(each.answer)}, first got ${show(should)}`];
  });
}

/** Rounds follow each other in real time; one member's commands of one submitAll keep their order. */
function checkOrder(winners: readonly { asked: Asked; row: Recorded }[]): string[] {
  const faults: string[] = [];
  const latestRound = new Map<number, number>();
  const latestIndex = new Map<string, number>();
  for (const { asked, row } of winners) {
    const before = latestRound.get(row.shard) ?? -1;
    if (asked.round < before)
      faults.push(`${row.key} of round ${asked.round} stands after one of round ${before}`);
    latestRound.set(row.shard, Math.max(before, asked.round));
    if (asked.index === null) continue;
    const call = `${asked.round}/${asked.call}/${asked.command.member}`;
    const index = latestIndex.get(call) ?? -1;
    if (asked.index < index)
      faults.push(`${row.key}: item ${asked.index} of its call ran after item ${index}`);
    latestIndex.set(call, asked.index);
  }
  return faults;
}

function stateOf(model: ReferenceModel): State {
  const accounts = [...model.accounts].map(([name, account]) => ({
    of: name.replace('/', ' '),
    account,
  }));
  const each = (
    lines: (of: string, account: (typeof accounts)[number]['account']) => string[],
  ): string[] => accounts.flatMap(({ of, account }) => lines(of, account)).sort();
  return {
    lots: each((of, { lots }) =>
      lots.map(
        (lot) =>
          `${of} ${lot.earn} of ${lot.issuer} issued ${lot.issued} amount ${lot.amount} remaining ${lot.remaining} held ${lot.held} ` +
          `expired ${lot.expired} recovered ${lot.expiredRecovered} returned ${lot.returned} until ${lot.expiresAt ?? 'ever'} ` +
          (lot.remaining === 0 ? 'closed' : lot.pending ? 'pending' : 'matured'),
      ),
    ),
    accounts: each((of, account) => {
      if (account.lastEffectiveAt === null) return [];
      const { earned, redeemed, expired, lastEffectiveAt } = account;
      const now = `free ${freeOf(account)} held ${heldOf(account)} debt ${debtOf(account)}`;
      return [
        `${of} ${now} earned ${earned} redeemed ${redeemed} expired ${expired} last ${lastEffectiveAt}`,
      ];
    }),
    holds: each((of, { holds }) =>
      holds.map(({ id, expiresAt, pins }) => {
        const left = pins.reduce((total, pin) => total + pin.points, 0);
        return `${of} ${id} until ${expiresAt} left ${left}${left > 0 ? ` ${pins.map((pin) => `${pin.earn}:${pin.points}`).join(',')}` : ''}`;
      }),
    ),
    debts: each((of, { debts }) =>
      debts
        .filter((debt) => debt.remaining > 0)
        .map((debt) => `${of} for ${debt.earn} left ${debt.remaining}`),
    ),
    limits: [...model.limits]
      .filter(([, value]) => value > 0)
      .map(([name, value]) => `${name.replace('/', ' ')} ${value}`)
      .sort(),
    counters: [...model.counters]
      .filter(([, value]) => value !== 0n)
      .map(([name, value]) => `${name} ${value}`)
      .sort(),
  };
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
