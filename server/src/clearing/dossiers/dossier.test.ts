import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { alertsOf, levelOf } from './alerts.ts';
import { coveredUntil, DOSSIER_KINDS, type Document, isValidAt, lackAt } from './dossier.ts';

const seed = testSeed('dossier');
const DAY = 24 * 60 * 60_000;
const merchant = '00000000-0000-7000-8000-000000000001' as Uuid;
const filing = (validFrom: number, validUntil: number, more: Partial<Document> = {}): Document => ({
  ...{ kind: 'filing', validFrom, validUntil, status: 'valid', ...more },
});

test('a document counts from its first instant to the one before its end, and not while it is stopped', () => {
  const own = [filing(10, 20)];
  expect([9, 10, 19, 20].map((at) => lackAt(['filing'], own, at))).toEqual([
    'dossier_missing',
    null,
    null,
    'dossier_lapsed',
  ]);
  for (const status of ['suspended', 'revoked'] as const)
    expect(lackAt(['filing'], [filing(10, 20, { status })], 15)).toBe('dossier_lapsed');
  expect(lackAt(['filing', 'credit_certification'], own, 25)).toBe('dossier_missing');
  expect(lackAt([], [], 15)).toBeNull();
});

test('documents that follow each other without a gap count as one', () => {
  const own = [filing(10, 20), filing(15, 30), filing(30, 40), filing(41, 50)];
  expect(coveredUntil(own, 12)).toBe(40);
  expect(coveredUntil(own, 40)).toBeNull();
  expect(coveredUntil(own, 41)).toBe(50);
});

test('somebody is told 30, 7 and 1 days before the last document ends, then that it has', () => {
  const until = 100 * DAY;
  expect([31, 30, 8, 7, 2, 1].map((days) => levelOf(until, until - days * DAY))).toEqual([
    null,
    30,
    30,
    7,
    7,
    1,
  ]);
  const own = [filing(0, until)];
  expect(alertsOf(merchant, own, [], until - 3 * DAY)).toMatchObject([{ level: 7, until }]);
  expect(alertsOf(merchant, [...own, filing(until, until * 2)], [], until - DAY)).toEqual([]);
  expect(alertsOf(merchant, own, ['filing'], until)).toMatchObject([
    { level: 'lapsed', until, isRequired: true },
  ]);
  expect(alertsOf(merchant, [], ['filing'], 0)).toMatchObject([{ level: 'missing', until: null }]);
});

test('whoever lacks nothing has a valid document of every kind that is asked for, until it is covered no longer', () => {
  const documents = fc.array(
    fc.record({
      kind: fc.constantFrom(...DOSSIER_KINDS),
      validFrom: fc.integer({ min: 0, max: 20 }),
      validUntil: fc.integer({ min: 1, max: 30 }),
      status: fc.constantFrom('valid' as const, 'valid' as const, 'suspended' as const),
    }),
    { maxLength: 8 },
  );
  const kinds = fc.subarray([...DOSSIER_KINDS]);
  fc.assert(
    fc.property(documents, kinds, fc.integer({ min: 0, max: 30 }), (own, asked, now) => {
      const has = (kind: string, at: number): boolean =>
        own.some((each) => each.kind === kind && isValidAt(each, at));
      expect(lackAt(asked, own, now) === null).toBe(asked.every((kind) => has(kind, now)));
      for (const kind of asked) {
        const until = coveredUntil(
          own.filter((each) => each.kind === kind),
          now,
        );
        expect(until !== null).toBe(has(kind, now));
        if (until === null) continue;
        for (let at = now; at < until; at += 1) expect(has(kind, at)).toBe(true);
        expect(has(kind, until)).toBe(false);
      }
    }),
    { seed, numRuns: 500 },
  );
});
