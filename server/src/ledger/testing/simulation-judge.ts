import { isDeepStrictEqual } from 'node:util';
import { readId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Command } from '../command.ts';
import type { RecordedTransaction } from '../record.ts';
import { accrualLines } from './accrual-lines.ts';
import { ReferenceModel, type Shared } from './reference-model.ts';
import type { ModelPrice } from './reference-prices.ts';
import type { Asked, Request } from './simulation-clients.ts';
import { LeftOfBudgets } from './simulation-left.ts';
import { compareState } from './simulation-state.ts';
import type { ShardRows, SimulatedDatabase } from './simulation-storage.ts';

/** What differs between a run and the model executed in the order in which it was recorded; nothing when all is well. */
export function judgeSimulation(
  asked: Asked,
  database: SimulatedDatabase,
  prices: readonly ModelPrice[],
): string[] {
  const requests = database.shards.map(() => new Map<string, Request[]>());
  for (const request of asked.requests) {
    const ofShard = requests[request.shard] as Map<string, Request[]>;
    const { key } = request.command;
    ofShard.set(key, [...(ofShard.get(key) ?? []), request]);
  }
  const left = Array.from(database.budgets.all(), ({ id, total }) => [id, total] as const);
  const budgets = new LeftOfBudgets(left);
  const judged = database.shards.map((): Judged => {
    const shared = { closedUntil: new Map(), budgets: budgets.left, spent: new Map(), prices };
    return { shared, models: new Map() };
  });
  const faults: string[] = [];
  for (const recorded of database.recorded) {
    const { shard } = recorded.receipt;
    const request = requests[shard]
      ?.get(recorded.transaction.key)
      ?.find(({ fingerprint }) => fingerprint === recorded.fingerprint);
    if (request === undefined)
      faults.push(`${recorded.transaction.key}: recorded, but nobody asked for it`);
    else faults.push(...compare(recorded, request, judged[shard] as Judged, budgets, database));
  }
  database.shards.forEach((rows, shard) => {
    const ofShard = requests[shard] ?? new Map();
    const { models } = judged[shard] as Judged;
    faults.push(...judgeChain(rows), ...judgeReplays(rows, ofShard), ...judgeOrder(rows, ofShard));
    faults.push(...compareState(rows, models));
  });
  for (const { id, total, spent } of database.budgets.all())
    if (total - spent !== budgets.left.get(id))
      faults.push(
        `budget ${id}: ${spent} of ${total} spent, the model has ${budgets.left.get(id)} left`,
      );
  faults.push(...judgeGroups(asked, database), ...judgeTransit(database));
  return faults;
}

type ByKey = ReadonlyMap<string, readonly Request[]>;

/** What the model makes of one shard. Members share little there, and a small model is a quick one. */
interface Judged {
  readonly shared: Shared;
  readonly models: Map<Uuid, ReferenceModel>;
}

/** Of all who asked under one key, one came first, and the others are told what it was told. */
function judgeReplays(rows: ShardRows, requests: ByKey): string[] {
  const faults: string[] = [];
  for (const [key, same] of requests) {
    const recorded = rows.byKey.get(key);
    const first = same.flatMap(({ answers }) => answers).filter((answer) => isFirst(answer));
    if (first.length > 1) faults.push(`${key}: ${first.length} answers say that they came first`);
    for (const request of same) faults.push(...judgeAnswers(request, recorded));
  }
  return faults;
}

type AnswerOf = Request['answers'][number];
const isReuse = (answer: AnswerOf): boolean =>
  answer.status === 'refused' && answer.refusal.code === 'idempotency_key_reused';
const isFirst = (answer: AnswerOf): boolean => !answer.replayed && !isReuse(answer);

/** What was ever answered is what is recorded; what is not recorded was never answered. */
function judgeAnswers(request: Request, recorded: RecordedTransaction | undefined): string[] {
  const { key, id } = request.command;
  if (request.failure !== null) {
    const isTaken = id !== undefined && request.failure === `id ${id} is taken`;
    return isTaken && request.answers.length === 0 ? [] : [`${key}: failed, ${request.failure}`];
  }
  if (request.answers.length === 0) return [`${key}: never answered`];
  if (recorded === undefined) return [`${key}: answered, but not recorded`];
  const { transaction, receipt, fingerprint } = recorded;
  return request.answers.flatMap((answer) => {
    const should = fingerprint === request.fingerprint ? { transaction, receipt } : 'reuse';
    const is = isReuse(answer)
      ? 'reuse'
      : { transaction: answer.transaction, receipt: answer.receipt };
    return isDeepStrictEqual(is, should)
      ? []
      : [`${key}: answered ${JSON.stringify(is)}, recorded ${JSON.stringify(should)}`];
  });
}

/** The model's word on one recorded transaction. */
function compare(
  recorded: RecordedTransaction,
  { command, nows }: Request,
  { shared, models }: Judged,
  budgets: LeftOfBudgets,
  database: SimulatedDatabase,
): string[] {
  const { transaction, receipt } = recorded;
  const { member, effectiveAt, refusal, balanceAfter, id, key, points } = transaction;
  const model = models.get(member) ?? new ReferenceModel(shared);
  models.set(member, model);
  // It was recorded by one of its attempts, each of which had a time of its own.
  const now = nows.find((each) => model.effectiveAt(command, each) === effectiveAt);
  if (now === undefined) return [`${key}: effective at ${effectiveAt}, which nobody said`];
  const expected = budgets.execute(recorded, command, () => model.execute(command, id, now));
  const made = transaction.entries.filter((entry) => entry.kind === 'issue');
  model.learnLots(
    id,
    made.map((entry) => entry.lot),
  );
  if (refusal?.code === 'budget_exhausted' && !isSound(refusal, command, budgets)) {
    const left = JSON.stringify([...budgets.left]);
    return [`${key}: refused with ${JSON.stringify(refusal.facts)}, the model has ${left}`];
  }
  const should = [
    expected.refusal?.code ?? null,
    expected.balanceAfter,
    expected.points ?? points,
    ...Object.values(expected.refusal?.facts ?? {}),
    command.id ?? id,
    expected.accruals,
  ];
  const accruals = database.shard(receipt.shard).accruals.get(id) ?? [];
  const is = [
    refusal?.code ?? null,
    balanceAfter,
    command.kind === 'expire' || command.kind === 'mature' ? (expected.points ?? points) : points,
    ...Object.keys(expected.refusal?.facts ?? {}).map((name) => refusal?.facts?.[name]),
    id,
    accrualLines(accruals),
  ];
  return isDeepStrictEqual(is, should)
    ? []
    : [
        `${key} ${command.kind}: recorded ${JSON.stringify(is)}, the model ${JSON.stringify(should)}`,
      ];
}

/** A budget is read before the block is appended: others may have spent some of what the refusal says is left. */
function isSound({ facts }: Refusal, command: Command, budgets: LeftOfBudgets): boolean {
  const budget = readId('budget', String(facts?.budgetId));
  const left = Number(facts?.left);
  const asked = command.kind === 'issue' ? command.points : 0;
  return budget !== undefined && left >= budgets.known(budget) && left < asked;
}

/** Receipts count blocks and positions without a gap, and recorded time never goes back, whatever the clocks did. */
function judgeChain({ recorded, head }: ShardRows): string[] {
  const faults: string[] = [];
  let before = { block: 0, position: 0, recordedAt: 0 };
  for (const { transaction, receipt } of recorded) {
    const { block, position, recordedAt } = receipt;
    const isNext =
      position === 0
        ? block === before.block + 1
        : block === before.block && position === before.position + 1;
    if (!isNext || recordedAt < before.recordedAt)
      faults.push(`${transaction.key}: ${JSON.stringify(receipt)} after ${JSON.stringify(before)}`);
    before = receipt;
  }
  if (head.block !== before.block) faults.push(`the head is ${head.block}, not ${before.block}`);
  return faults;
}

/** What was answered before another request was sent stands before it in the chain. */
function judgeOrder(rows: ShardRows, requests: ByKey): string[] {
  const faults: string[] = [];
  let latestSent = Number.NEGATIVE_INFINITY;
  for (const { transaction, fingerprint } of rows.recorded) {
    const request = requests.get(transaction.key)?.find((each) => each.fingerprint === fingerprint);
    if (request === undefined) continue;
    if (latestSent > (request.firstAnsweredAt ?? Number.POSITIVE_INFINITY))
      faults.push(`${transaction.key}: recorded after something that was sent after its answer`);
    latestSent = Math.max(latestSent, request.firstSentAt);
  }
  return faults;
}

/**
 * One member's commands of one call execute in its order, however often the call was repeated and whatever
 * became of its attempts.
 */
function judgeGroups({ groups }: Asked, database: SimulatedDatabase): string[] {
  const faults: string[] = [];
  for (const { requests } of groups) {
    const before = new Map<Uuid, number>();
    for (const { command, shard, fingerprint } of requests) {
      const found = database.shard(shard).byKey.get(command.key);
      if (found === undefined || found.fingerprint !== fingerprint) continue;
      const place = found.receipt.block * 1_000 + found.receipt.position;
      if (place < (before.get(command.member) ?? 0))
        faults.push(`${command.key}: recorded before what came before it in its call`);
      before.set(command.member, place);
    }
  }
  return faults;
}

/** Over all shards, what is in transit is what was sent and neither arrived nor came back. */
function judgeTransit({ recorded, shards }: SimulatedDatabase): string[] {
  const away = new Map<string, number>();
  const add = (pointType: number, points: number): void => {
    const name = `in_transit/${pointType}`;
    away.set(name, (away.get(name) ?? 0) + points);
  };
  for (const { transaction } of recorded) {
    const { kind, pointType, points, entries, refusal } = transaction;
    if (refusal !== null) continue;
    // A debt that travels is repaid where it leaves, and owed again where it arrives.
    const debt = entries
      .filter((entry) => entry.kind === (kind === 'transfer_out' ? 'repay' : 'overdraw'))
      .reduce((sum, entry) => sum + entry.points, 0);
    if (kind === 'transfer_out') add(pointType, points - debt);
    if (kind === 'transfer_in' || kind === 'transfer_return') add(pointType, debt - points);
  }
  return [...away].flatMap(([name, points]) => {
    const is = shards.reduce((sum, { others }) => sum + (others.get(name) ?? 0n), 0n);
    return is === BigInt(points) ? [] : [`${name}: ${is} over all shards, ${points} on its way`];
  });
}
