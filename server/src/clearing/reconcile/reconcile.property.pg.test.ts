import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { bookDue } from '../../jobs/run-jobs.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { standardPrices } from '../books/test-books.ts';

type Body = Answered['body'];
const DAY = 24 * 3600_000;
const seed = testSeed('reconcile');

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const who = fc.nat(2);
const points = fc.integer({ min: 1, max: 400 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('issue' as const),
      ...{
        who,
        points: fc.integer({ min: 1, max: 2_000 }),
        at: fc.nat(2),
        days: fc.option(fc.integer({ min: 1, max: 40 })),
      },
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant('burn' as const), who, points, at: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('overdraw' as const), who, points, at: fc.nat(2) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('hold' as const), who, points, at: fc.nat(2) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('refund' as const), which: fc.nat(), points }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('return' as const), which: fc.nat(), points }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('give' as const), who, points }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('convert' as const), who, points }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('adjust' as const), who, points, up: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      days: fc.integer({ min: 1, max: 15 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('close' as const), isLate: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('price' as const),
      issue: fc.integer({ min: 0, max: 20_000_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('estimate' as const),
      breakagePpm: fc.integer({ min: 0, max: 500_000 }),
    }),
  },
);

test('ledger, clearing and books say the same, whatever was done in whatever order', async () => {
  let programmes = 0;
  let refused = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
      programmes += 1;
      const code = `any-${programmes}`;
      await t.ok('POST', '/programmes', {
        ...{ code, name: code, returnPolicy: 'debt', giftMax: 10_000, giftDayMax: 100_000 },
        pointTypes: [
          { code: 'points', name: 'points' },
          { code: 'miles', name: 'miles' },
        ],
        conversions: [{ from: 'points', to: 'miles', num: 3, den: 7 }],
      });
      const merchants = [];
      for (let index = 0; index < 3; index += 1)
        merchants.push(await t.merchant({ programme: code }));
      const members: string[] = [];
      for (let index = 0; index < 3; index += 1) {
        const id = await t.member();
        members.push(id);
        await t.ok('POST', `/members/${id}/memberships`, { programme: code });
      }
      t.clock.advance(DAY);
      await standardPrices(t, { issue: 7_654_321, reimbursement: 7_000_001, fee: 70_003 }, code);
      const [burns, earns]: [Body[], Body[]] = [[], []];
      const move = async (body: object, into: Body[] = []): Promise<Body> => {
        const answer = await t.call('POST', '/transactions', body);
        if (answer.status === 201 && answer.body.transaction.status === 'applied') {
          done += 1;
          into.push(answer.body.transaction);
          return answer.body.transaction;
        }
        refused += 1;
        return undefined;
      };
      for (const each of steps) {
        const memberId = 'who' in each ? members[each.who] : undefined;
        const merchantId = 'at' in each ? merchants[each.at] : merchants[0];
        if (each.does === 'issue') {
          const { days, points: count } = each;
          const expiresAt =
            days === null ? {} : { expiresAt: new Date(t.clock.now() + days * DAY).toISOString() };
          await move({ kind: 'issue', memberId, merchantId, points: count, ...expiresAt }, earns);
        } else if (each.does === 'burn')
          await move({ kind: 'burn', memberId, merchantId, points: each.points }, burns);
        else if (each.does === 'overdraw')
          await move(
            {
              ...{ kind: 'burn', memberId, merchantId, points: each.points },
              ...{ overdraft: 'debt', overdraftMax: 1_000 },
            },
            burns,
          );
        else if (each.does === 'hold') {
          const held = await move({
            ...{
              kind: 'hold',
              memberId,
              merchantId,
              points: each.points,
              expiresInSeconds: 864_000,
            },
          });
          if (held !== undefined && each.points % 3 > 0)
            await move(
              {
                ...{ kind: 'capture', memberId, holdId: held.holdId },
                ...(each.points > 3 ? { points: Math.floor(each.points / 2) } : {}),
              },
              burns,
            );
        } else if (each.does === 'refund' || each.does === 'return') {
          const list = each.does === 'refund' ? burns : earns;
          const about = list[each.which % Math.max(1, list.length)];
          if (about !== undefined)
            await move({
              ...{ kind: each.does, memberId: about.memberId, transactionId: about.id },
              points: 1 + (each.points % about.points),
            });
        } else if (each.does === 'give')
          await t.call('POST', '/transfers', {
            ...{ programme: code, giverId: memberId, receiverId: members[(each.who + 1) % 3] },
            ...{ points: each.points, purpose: 'family_gift' },
          });
        else if (each.does === 'convert')
          await move({
            ...{ kind: 'convert', memberId, programme: code, points: each.points },
            ...{ pointType: 'points', toPointType: 'miles' },
          });
        else if (each.does === 'adjust')
          await t.call('POST', '/adjustments', {
            ...{ memberId, merchantId, reason: 'test', actor: 'Lin' },
            points: each.up ? each.points : -each.points,
          });
        else if (each.does === 'wait') {
          t.clock.advance(each.days * DAY);
          await bookDue(t.jobs);
        } else if (each.does === 'price') {
          t.clock.advance(1_000);
          await standardPrices(t, { issue: each.issue }, code);
        } else if (each.does === 'estimate')
          await t.ok('POST', '/books/estimates', {
            ...{ programme: code, pointType: 'points', actor: 'Lin' },
            override: { breakagePpm: each.breakagePpm, reason: 'test' },
          });
        else {
          // Closed late, what was done since is of the next period, though the cut's markers come behind it.
          t.clock.advance(DAY);
          const until = t.clock.now();
          t.clock.advance(DAY);
          if (each.isLate)
            await move({ kind: 'issue', memberId: members[0], merchantId, points: 11 }, earns);
          const end = new Date(until).toISOString();
          await t.ok('POST', '/clearing/periods', { programme: code, until: end });
          await t.ok('POST', '/books/closings', { programme: code });
        }
      }
      const made = await t.ok('POST', '/clearing/reconciliation', { programme: code });
      expect(made.findings).toEqual([]);
    }),
    { seed, numRuns: 8 },
  );
  // Most of it must have happened, or nothing was tried.
  expect(done).toBeGreaterThan(refused);
}, 240_000);
