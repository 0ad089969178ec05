import { isDeepStrictEqual } from 'node:util';
import type { Uuid } from '../../kernel/id.ts';
import type { Lot } from '../book.ts';
import type { RecordedTransaction } from '../record.ts';
import { debtOf, freeOf, heldOf, type ModelAccount, sum } from './reference-account.ts';
import { ReferenceModel } from './reference-model.ts';
import type { Asked, Request } from './simulation-clients.ts';
import type { ShardRows, SimulatedDatabase } from './simulation-storage.ts';

/** What differs between a run and the model executed in the order of the chain; nothing when all is well. */
export function judgeSimulation(asked: Asked, database: SimulatedDatabase): string[] {
  const faults: string[] = [];
  database.shards.forEach((rows, shard) => {
    const requests = new Map<string, Request[]>();
    for (const request of asked.requests) {
      if (request.shard !== shard) continue;
      const { key } = request.command;
      requests.set(key, [...(requests.get(key) ?? []), request]);
    }
    faults.push(...judgeChain(rows), ...judgeShard(rows, requests), ...judgeOrder(rows, requests));
  });
  faults.push(...judgeGroups(asked, database));
  return faults;
}

type ByKey = ReadonlyMap<string, readonly Request[]>;

function judgeShard(rows: ShardRows, requests: ByKey): string[] {
  const faults: string[] = [];
  // Nothing that one member does concerns another, and a small model is a quick one.
  const models = new Map<Uuid, ReferenceModel>();
  for (const recorded of rows.recorded) {
    const { transaction, fingerprint } = recorded;
    const request = requests
      .get(transaction.key)
      ?.find((candidate) => candidate.fingerprint === fingerprint);
    if (request === undefined) {
      faults.push(`${transaction.key}: recorded, but nobody asked for it`);
      continue;
    }
    const model = models.get(transaction.member) ?? new ReferenceModel();
    models.set(transaction.member, model);
    faults.push(...compare(recorded, request, model));
  }
  for (const [key, same] of requests) {
    const recorded = rows.byKey.get(key);
    const first = same.flatMap(({ answers }) => answers).filter((answer) => isFirst(answer));
    if (first.length > 1) faults.push(`${key}: ${first.length} answers say that they came first`);
    for (const request of same) faults.push(...judgeAnswers(request, recorded));
  }
  return [...faults, ...compareState(rows, models)];
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
function compare(recorded: RecordedTransaction, request: Request, model: ReferenceModel): string[] {
  const { transaction } = recorded;
  const { member, pointType, effectiveAt, refusal, balanceAfter, id, key, points } = transaction;
  const { command } = request;
  const last = model.account(member, pointType).lastEffectiveAt ?? Number.NEGATIVE_INFINITY;
  // It was recorded by one of its attempts, each of which had a time of its own.
  const now = request.nows.find(
    (each) => Math.max(command.effectiveAt ?? each, last) === effectiveAt,
  );
  if (now === undefined) return [`${key}: effective at ${effectiveAt}, which nobody said`];
  const expected = model.execute(command, id, now);
  const should = [
    expected.refusal?.code ?? null,
    expected.balanceAfter,
    expected.points ?? points,
    ...Object.values(expected.refusal?.facts ?? {}),
    command.id ?? id,
  ];
  const is = [
    refusal?.code ?? null,
    balanceAfter,
    command.kind === 'expire' || command.kind === 'mature' ? (expected.points ?? points) : points,
    ...Object.keys(expected.refusal?.facts ?? {}).map((name) => refusal?.facts?.[name]),
    id,
  ];
  return isDeepStrictEqual(is, should)
    ? []
    : [
        `${key} ${command.kind}: recorded ${JSON.stringify(is)}, the model ${JSON.stringify(should)}`,
      ];
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

/** One member's commands of one call execute in its order. A call that failed in part says nothing of the rest. */
function judgeGroups({ groups }: Asked, database: SimulatedDatabase): string[] {
  const faults: string[] = [];
  for (const { requests, attempts } of groups) {
    if (attempts > 1) continue;
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

function compareState(rows: ShardRows, models: ReadonlyMap<Uuid, ReferenceModel>): string[] {
  const faults: string[] = [];
  const same = (what: string, is: unknown, should: unknown): void => {
    if (!isDeepStrictEqual(is, should))
      faults.push(`${what}: ${JSON.stringify(is)}, the model ${JSON.stringify(should)}`);
  };
  const lots = new Map<string, Lot>([...rows.lots.values()].map((each) => [each.earn, each.lot]));
  const others = new Map<string, bigint>();
  const limits = new Map<string, number>();
  let entries = 0;
  for (const { transaction } of rows.recorded) entries += transaction.entries.length;
  same('entries of the head', rows.head.entries, entries);
  for (const model of models.values()) {
    for (const [name, account] of model.accounts) {
      same(`account ${name}`, figuresOf(rows, name), modelFigures(account));
      for (const {
        earn,
        issuer: _,
        origin: __,
        availableAt: ___,
        pending,
        ...lot
      } of account.lots) {
        const own = lots.get(earn);
        const kept =
          own && Object.fromEntries(Object.keys(lot).map((key) => [key, own[key as 'held']]));
        same(`lot of ${earn}`, kept, lot);
        if (lot.remaining > 0) same(`pending of ${earn}`, own?.pending, pending);
      }
      for (const { id, pins } of account.holds)
        same(`hold ${id}`, rows.holds.get(id)?.remaining, sum(pins.map((pin) => pin.points)));
    }
    for (const [name, points] of model.counters)
      others.set(name, (others.get(name) ?? 0n) + points);
    for (const [name, value] of model.limits) if (value > 0) limits.set(name, value);
  }
  const moved = (map: ReadonlyMap<string, bigint>): string[] =>
    [...map]
      .filter(([, points]) => points !== 0n)
      .map(([name, points]) => `${name} ${points}`)
      .sort();
  same('other accounts', moved(rows.others), moved(others));
  same('limits', [...rows.limits].filter(([, value]) => value > 0).sort(), [...limits].sort());
  return faults;
}

function figuresOf(rows: ShardRows, name: string): object | undefined {
  const row = rows.accounts.get(name);
  if (row === undefined) return undefined;
  const { free, held, debt, earned, redeemed, expired, lastEffectiveAt } = row;
  return { free, held, debt, earned, redeemed, expired, lastEffectiveAt };
}

function modelFigures(account: ModelAccount): object | undefined {
  const { earned, redeemed, expired, lastEffectiveAt } = account;
  if (lastEffectiveAt === null) return undefined;
  const [free, held, debt] = [freeOf(account), heldOf(account), debtOf(account)];
  return { free, held, debt, earned, redeemed, expired, lastEffectiveAt };
}
