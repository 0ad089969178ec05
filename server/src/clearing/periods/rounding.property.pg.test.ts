import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type Uuid } from '../../kernel/id.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { createPool, type Pool, withTransaction } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { type Amounts, MICRO_FEN, type Pair } from './period.ts';
import { readPairs, readPositions } from './read.ts';
import { insertPeriod, sumPositions, writePairs, writePositions } from './store.ts';

const seed = testSeed('rounding');
const NAMES = ['owed', 'due', 'fee'] as const;
let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'rounding', connectionsMax: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

type Sum = Pick<Pair, 'payer' | 'taker' | 'pointType' | 'exact'>;
const merchants = [1, 2, 3, 4, 5, 6].map((n) => `00000000-0000-7000-8000-00000000000${n}` as Uuid);
const nameOf = ({ payer, taker, pointType }: Omit<Sum, 'exact'>): string =>
  `${payer} ${taker} ${pointType}`;

/** Largest remainder, said again: whole fen down, then one more each to those with most left, until all whole fen are given. */
function roundAgain(exact: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const floor = (value: bigint): bigint => {
    const down = value / MICRO_FEN;
    return value < 0n && value % MICRO_FEN !== 0n ? down - 1n : down;
  };
  const total = floor([...exact.values()].reduce((sum, value) => sum + value, 0n));
  const fen = new Map([...exact].map(([name, value]) => [name, floor(value)]));
  const restOf = (name: string): bigint =>
    (exact.get(name) ?? 0n) - (fen.get(name) ?? 0n) * MICRO_FEN;
  const order = [...exact.keys()].sort((a, b) => {
    const [one, two] = [restOf(a), restOf(b)];
    if (one !== two) return one > two ? -1 : 1;
    return a < b ? -1 : 1;
  });
  let left = total - [...fen.values()].reduce((sum, value) => sum + value, 0n);
  for (const name of order) {
    if (left === 0n) break;
    fen.set(name, (fen.get(name) ?? 0n) + 1n);
    left -= 1n;
  }
  return fen;
}

const amount = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: -3_000_000n, max: 9_000_000n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 999_999n, 1_000_000n, 500_000n, -1n) },
  {
    weight: 1,
    arbitrary: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  },
);
const sum = fc
  .tuple(fc.nat(5), fc.nat(5), fc.nat(1), amount, amount, amount)
  .map(([payer, taker, pointType, owed, due, fee]): Sum => {
    const parties = { payer: merchants[payer] as Uuid, taker: merchants[taker] as Uuid, pointType };
    const exact = payer === taker ? { owed, due: owed, fee: 0n } : { owed, due, fee };
    return { ...parties, exact };
  });
const periods = fc.array(fc.uniqueArray(sum, { selector: nameOf, maxLength: 20 }), {
  minLength: 1,
  maxLength: 4,
});

let programme = 0;
async function newProgramme(): Promise<number> {
  programme += 1;
  const { rows } = await pool.query<{ id: number }>(
    'insert into programme (code, name) values ($1, $1) returning id',
    [`rounding-${programme}`],
  );
  return rows[0]?.id ?? 0;
}

/** What a close does with what was summed. */
async function closeOf(of: number, number: number, sums: readonly Sum[], before: Uuid | null) {
  const id = newId(number);
  await withTransaction(pool, async (tx) => {
    const times = {
      from: number,
      until: number + 1,
      begunAt: 1,
      closedAt: null,
      figuresHash: null,
    };
    await insertPeriod(tx, { id, programme: of, number, cut: id, state: 'closing', ...times });
    await tx.query(
      'create temp table figure_sum (payer uuid, taker uuid, point_type int, points int8, owed numeric, due numeric, fee numeric) on commit drop',
    );
    for (const { payer, taker, pointType, exact } of sums)
      await tx.query('insert into figure_sum values ($1, $2, $3, 1, $4, $5, $6)', [
        ...[payer, taker, pointType, String(exact.owed), String(exact.due), String(exact.fee)],
      ]);
    await writePairs(tx, 'clearing_pair', 'figure_sum', id, before);
    await writePositions(tx, 'clearing_position', 'clearing_pair', id);
  });
  return id;
}

it('rounds every amount once, by the largest remainder, and carries the rest: nothing is ever lost', async () => {
  await fc.assert(
    fc.asyncProperty(periods, async (list) => {
      const of = await newProgramme();
      let before: Uuid | null = null;
      const carried = new Map<string, Amounts<bigint>>();
      for (const [index, sums] of list.entries()) {
        const id: Uuid = await closeOf(of, index + 1, sums, before);
        const pairs = await readPairs(pool, id, null, null, 1_000);
        const all = new Map(carried);
        for (const each of sums) {
          const opening = carried.get(nameOf(each)) ?? { owed: 0n, due: 0n, fee: 0n };
          all.set(nameOf(each), {
            owed: opening.owed + each.exact.owed,
            due: opening.due + each.exact.due,
            fee: opening.fee + each.exact.fee,
          });
        }
        const isOwn = (name: string): boolean => name.split(' ')[0] === name.split(' ')[1];
        for (const amountName of NAMES) {
          const exact = (own: boolean) =>
            new Map(
              [...all]
                .filter(([name]) => isOwn(name) === own)
                .map(([name, amounts]) => [name, amounts[amountName]]),
            );
          const fen = new Map([...roundAgain(exact(true)), ...roundAgain(exact(false))]);
          for (const pair of pairs) {
            expect(BigInt(pair.fen[amountName])).toBe(fen.get(nameOf(pair)));
            const paid = BigInt(pair.fen[amountName]) * MICRO_FEN;
            expect(BigInt(pair.carry[amountName])).toBe(
              (all.get(nameOf(pair))?.[amountName] ?? 0n) - paid,
            );
          }
        }
        // Who has something left has a row, whether or not anything came to it.
        for (const [name, { owed, due, fee }] of all)
          if (owed !== 0n || due !== 0n || fee !== 0n) expect(pairs.map(nameOf)).toContain(name);
        for (const pair of pairs) {
          if (pair.payer === pair.taker) expect(pair.fen.owed).toBe(pair.fen.due);
          carried.set(nameOf(pair), {
            owed: BigInt(pair.carry.owed),
            due: BigInt(pair.carry.due),
            fee: BigInt(pair.carry.fee),
          });
        }
        expect(await sumPositions(pool, 'clearing_position', id)).toBe('0');
        const positions = await readPositions(pool, id, null, null, 100);
        for (const { owed, due, fee, adjusted, net } of positions)
          expect(net).toBe(due - owed - fee + adjusted);
        before = id;
      }
    }),
    { seed, numRuns: 60 },
  );
});

it('loses nothing of very many small amounts', async () => {
  const of = await newProgramme();
  // A million pairs' worth in a few: thirds of a fen, period after period.
  const third = { owed: 333_333n, due: 333_334n, fee: 1n };
  const sums = merchants.flatMap((payer) =>
    merchants
      .filter((taker) => taker !== payer)
      .map((taker): Sum => ({ payer, taker, pointType: 0, exact: third })),
  );
  let before: Uuid | null = null;
  let [paid, carried] = [0n, 0n];
  const PERIODS = 20;
  for (let number = 1; number <= PERIODS; number += 1) {
    before = await closeOf(of, number, sums, before);
    const pairs = await readPairs(pool, before, null, null, 1_000);
    paid +=
      BigInt(pairs.reduce((sum, { fen }) => sum + fen.owed + fen.due + fen.fee, 0)) * MICRO_FEN;
    carried = BigInt(pairs.reduce((sum, { carry }) => sum + carry.owed + carry.due + carry.fee, 0));
    // Each of the three amounts carries less than a fen, over all pairs together.
    expect(carried).toBeLessThan(3n * MICRO_FEN);
  }
  expect(paid + carried).toBe(BigInt(PERIODS * sums.length) * 666_668n);
});
