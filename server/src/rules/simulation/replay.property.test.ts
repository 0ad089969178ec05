import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { readId } from '../../kernel/id.ts';
import { splitByLargestRemainder } from '../../kernel/points.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import type { Limit } from '../../ledger/command.ts';
import { compileRules } from '../compile.ts';
import { rate } from '../rate.ts';
import type { Award, Occasion } from '../rating.ts';
import { Scene } from '../scene.ts';
import { limitsOf } from '../terms.ts';
import { anOrder, someVersions } from '../testing/arbitraries.ts';
import { anId } from '../testing/told.ts';
import { Replay } from './replay.ts';
import { resultOf } from './result.ts';
import type { PastOrder } from './simulation.ts';
import type { ReplayTerms } from './tally.ts';

const seed = testSeed('replay');
const MEMBERS = [anId(), anId(), anId()];
const TERMS: ReplayTerms = {
  timeZone: 'Asia/Shanghai',
  usualExpiry: () => null,
  guidanceOf: (code) => (code === 'points' ? { points: 3, fen: 10 } : null),
  budgets: new Map(),
};

const history = fc
  .array(fc.record({ member: fc.constantFrom(...MEMBERS), occasion: anOrder }), { maxLength: 25 })
  .map((orders) => orders.sort((a, b) => a.occasion.at - b.occasion.at));

function simulate(
  before: Parameters<typeof compileRules>[0],
  after: typeof before,
  orders: readonly PastOrder[],
) {
  const books = {
    before: compileRules(before),
    after: compileRules(after),
    drafts: new Set(after.map(({ id }) => id)),
  };
  const replay = new Replay(books, TERMS);
  for (const order of orders) replay.add(order);
  const result = resultOf(replay, books, TERMS);
  if (result === null) throw new Error('nothing here leaves the safe range');
  return result;
}

/** The slow and obvious way: every award that was ever granted, in a list. */
interface Granted {
  readonly member: Uuid;
  readonly occasion: Occasion;
  readonly award: Award;
  readonly points: number;
}

function grantAll(versions: Parameters<typeof compileRules>[0], orders: readonly PastOrder[]) {
  const book = compileRules(versions);
  const all: Granted[] = [];
  for (const { member, occasion } of orders) {
    const used = (limit: Limit): number => {
      if (!('counter' in limit)) throw new Error('no rule here has a budget');
      const counted = all.filter(
        (each) =>
          each.member === member &&
          each.points > 0 &&
          each.award.limits.some((other) => 'counter' in other && other.counter === limit.counter),
      );
      const isTimes = 'unit' in limit;
      const sum = counted.reduce((total, each) => total + each.points, 0);
      const rest = Math.max(0, limit.max - (isTimes ? counted.length : sum));
      return isTimes && rest > 0 ? Infinity : rest;
    };
    const scene = new Scene(occasion);
    const left = Object.fromEntries(
      versions
        .filter(
          ({ body: { group, terms } }) =>
            group !== undefined && terms?.caps?.some(({ per }) => per !== 'order') === true,
        )
        .map((each) => [each.rule, Math.min(...limitsOf(each, scene).map(used))] as const)
        .filter(([, points]) => Number.isFinite(points)),
    );
    const rating = rate(book, { ...occasion, member: { ...occasion.member, left } });
    if ('code' in rating) throw new Error('no order here is that large');
    for (const award of rating.awards) {
      let points = award.points;
      for (const limit of award.limits) {
        if (!('counter' in limit)) throw new Error('no rule here has a budget');
        const counted = all.filter(
          (each) =>
            each.member === member &&
            each.points > 0 &&
            each.award.limits.some(
              (other) => 'counter' in other && other.counter === limit.counter,
            ),
        );
        const isTimes = 'unit' in limit;
        const used = isTimes ? counted.length : counted.reduce((sum, each) => sum + each.points, 0);
        const left = Math.max(0, limit.max - used);
        points = isTimes && left > 0 ? points : Math.min(points, left);
      }
      all.push({ member, occasion, award, points });
    }
  }
  return all;
}

const sum = (granted: readonly Granted[]): number =>
  granted.reduce((total, { points }) => total + points, 0);

it('gives, by the rules that were in force, what rating and limits give one order after the other', () => {
  fc.assert(
    fc.property(someVersions, history, (versions, orders) => {
      const result = simulate(versions, versions, orders);
      const granted = grantAll(versions, orders);
      expect(result.orders).toBe(orders.length);
      for (const { pointType, before, after } of result.pointTypes) {
        const own = granted.filter(({ award }) => award.pointType === pointType);
        const asked = own.reduce((total, { award }) => total + award.points, 0);
        const points = sum(own);
        expect(before).toEqual({ awards: own.length, asked, points, cut: asked - points });
        expect(after).toEqual(before);
        const ofType = <T extends { readonly pointType: string }>(each: T) =>
          each.pointType === pointType;
        // Everything that splits them adds up to them.
        for (const parts of [
          result.rules.filter(ofType).map((each) => each.after.points),
          result.funders.filter(ofType).map((each) => each.after.points),
          result.liability.filter(ofType).map((each) => each.after),
        ])
          expect(parts.reduce((total, part) => total + part, 0)).toBe(points);
      }
      for (const rule of result.rules) {
        const id = rule.ruleVersionId === null ? null : readId('ruleVersion', rule.ruleVersionId);
        const own = granted.filter(
          ({ award }) => award.version === id && award.pointType === rule.pointType,
        );
        expect([rule.before.awards, rule.before.points]).toEqual([own.length, sum(own)]);
      }
      for (const { merchantId, pointType, before } of result.funders) {
        const merchant = readId('merchant', merchantId);
        const paid = granted
          .filter(({ award }) => award.pointType === pointType)
          .flatMap(({ award, occasion, points }) => {
            const funders = award.funders ?? [{ merchant: occasion.merchant, share: 1 }];
            const shares =
              points === 0
                ? []
                : splitByLargestRemainder(
                    points,
                    funders.map((each) => each.share),
                  );
            return shares.filter((_, place) => funders[place]?.merchant === merchant);
          })
          .reduce((total, share) => total + share, 0);
        const fen = pointType === 'points' ? Math.floor((paid * 10) / 3) : null;
        expect(before).toEqual({ points: paid, fen });
      }
      expect(result.members.every(({ winners, losers }) => winners + losers === 0)).toBe(true);
    }),
    { seed, numRuns: 300 },
  );
});

it('tells winners and losers by what each member gets from one set of rules and from the other', () => {
  let changes = 0;
  fc.assert(
    fc.property(someVersions, someVersions, history, (one, other, orders) => {
      const result = simulate(one, other, orders);
      const [was, is] = [grantAll(one, orders), grantAll(other, orders)];
      const types = new Set(
        [...was, ...is].filter(({ points }) => points > 0).map(({ award }) => award.pointType),
      );
      expect(result.members.map(({ pointType }) => pointType)).toEqual([...types].sort());
      for (const { pointType, winners, losers, biggestWinners, biggestLosers } of result.members) {
        const ofMember = (granted: readonly Granted[], member: Uuid) =>
          sum(
            granted.filter((each) => each.member === member && each.award.pointType === pointType),
          );
        const all = MEMBERS.map((member) => ({
          member: member as string,
          before: ofMember(was, member),
          after: ofMember(is, member),
        })).filter(({ before, after }) => before !== after);
        changes += all.length;
        expect(winners).toBe(all.filter(({ before, after }) => after > before).length);
        expect(losers).toBe(all.length - winners);
        const shown = [...biggestWinners, ...biggestLosers].map(({ memberId, ...points }) => ({
          member: readId('member', memberId),
          ...points,
        }));
        const byMember = (a: { member?: unknown }, b: { member?: unknown }): number =>
          String(a.member) < String(b.member) ? -1 : 1;
        expect(shown.sort(byMember)).toEqual(all.sort(byMember));
        for (const list of [biggestWinners, biggestLosers]) {
          const sizes = list.map(({ before, after }) => Math.abs(after - before));
          expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        }
      }
    }),
    { seed, numRuns: 300 },
  );
  expect(changes).toBeGreaterThan(0);
});
