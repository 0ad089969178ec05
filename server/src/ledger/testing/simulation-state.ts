import { isDeepStrictEqual } from 'node:util';
import type { Uuid } from '../../kernel/id.ts';
import type { Lot } from '../book.ts';
import { debtOf, freeOf, heldOf, type ModelAccount, sum } from './reference-account.ts';
import type { ReferenceModel } from './reference-model.ts';
import type { ShardRows } from './simulation-storage.ts';

/** How the tables of a shard differ from what the models of its members hold. */
export function compareState(rows: ShardRows, models: ReadonlyMap<Uuid, ReferenceModel>): string[] {
  const faults: string[] = [];
  const same = (what: string, is: unknown, should: unknown): void => {
    if (!isDeepStrictEqual(is, should))
      faults.push(`${what}: ${JSON.stringify(is)}, the model ${JSON.stringify(should)}`);
  };
  const lots = new Map<string, Lot>([...rows.lots.values()].map((each) => [each.name, each.lot]));
  const others = new Map<string, bigint>();
  const limits = new Map<string, number>();
  let entries = 0;
  for (const { transaction } of rows.recorded) entries += transaction.entries.length;
  same('entries of the head', rows.head.entries, entries);
  for (const model of models.values()) {
    for (const [name, account] of model.accounts) {
      same(`account ${name}`, figuresOf(rows, name), modelFigures(account));
      for (const { earn, origin: _, pending, cost, ...lot } of account.lots) {
        const own = lots.get(earn);
        const kept =
          own && Object.fromEntries(Object.keys(lot).map((key) => [key, own[key as 'held']]));
        same(`lot of ${earn}`, kept, lot);
        same(`cost of ${earn}`, own && [own.unitCost, own.unitCost === null ? null : own.funders], [
          cost?.unit ?? null,
          cost?.funders ?? null,
        ]);
        if (lot.remaining > 0) same(`pending of ${earn}`, own?.pending, pending);
      }
      same(`debts of ${name}`, debtsOf(rows, name), openDebts(account));
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

function debtsOf(rows: ShardRows, name: string): number[] {
  return [...(rows.debts.get(name)?.values() ?? [])]
    .sort((a, b) => a.seq - b.seq)
    .flatMap(({ remaining }) => (remaining > 0 ? remaining : []));
}

function openDebts({ debts }: ModelAccount): number[] {
  return debts.flatMap(({ remaining }) => (remaining > 0 ? remaining : []));
}
