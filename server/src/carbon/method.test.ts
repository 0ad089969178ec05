import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { GRAMS_MAX, type Method, savingOf } from './method.ts';

const seed = testSeed('carbon');

const method = (more: Partial<Method> = {}): Method => ({
  id: newId(1),
  programme: 1,
  behaviour: 'bus-ride',
  number: 1,
  name: '公交代替自驾',
  source: 'City transport factors',
  region: 'CN-SH',
  year: 2025,
  unit: 'km',
  attribute: 'km',
  baselineMg: 171_000,
  actualMg: 52_300,
  from: 0,
  actor: 'Han Mei',
  createdAt: 0,
  ...more,
});

describe('what an activity saves', () => {
  it('is its quantity times the difference of the factors, rounded down', () => {
    expect(savingOf(method(), { km: 7 })).toMatchObject({ quantity: 7, grams: 830 });
    expect(savingOf(method({ attribute: null }), { km: 7 })).toMatchObject({
      quantity: 1,
      grams: 118,
    });
  });

  it('is nothing below a gram, without a quantity, and when both factors are the same', () => {
    expect(savingOf(method({ baselineMg: 52_400 }), { km: 9 })).toBeNull();
    expect(savingOf(method({ baselineMg: 52_400 }), { km: 10 })).toMatchObject({ grams: 1 });
    for (const attributes of [{}, { km: 0 }, { km: -3 }, { km: '7' }, { km: true }, { stops: 7 }])
      expect(savingOf(method(), attributes)).toBeNull();
    expect(savingOf(method({ actualMg: 171_000 }), { km: 7 })).toBeNull();
  });

  it('is never more than was asked for, whatever the figures, and refused where nobody saves that much', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 1, max: 100_000 }),
          fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        ),
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 1_000_000_000 }),
        (km, baselineMg, saved) => {
          const actualMg = Math.max(0, baselineMg - saved);
          const told = savingOf(method({ baselineMg, actualMg }), { km });
          const mg = BigInt(km) * BigInt(baselineMg - actualMg);
          if (told === null) return mg < 1_000n;
          if ('code' in told) return mg / 1_000n > BigInt(GRAMS_MAX);
          const rest = mg - BigInt(told.grams) * 1_000n;
          return rest >= 0n && rest < 1_000n;
        },
      ),
      { seed },
    );
  });
});
