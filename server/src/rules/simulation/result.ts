import type Type from 'typebox';
import { showId, type Uuid } from '../../kernel/id.ts';
import { toSafe } from '../../kernel/points.ts';
import type { Books, Replay } from './replay.ts';
import type { SimulationResult } from './result-schema.ts';
import type { Counted, ReplayTerms, Tally } from './tally.ts';

type Result = Type.Static<typeof SimulationResult>;
type Members = Result['members'][number];
type Change = Members['biggestLosers'][number];

/** Members that are named on either side. */
const BIGGEST_MAX = 100;
const NOTHING: Counted = { awards: 0, asked: 0, points: 0 };

/** What came of a replay, before and after; null when a figure leaves what a number can show. */
export function resultOf(replay: Replay, books: Books, terms: ReplayTerms): Result | null {
  const { before, after } = replay;
  const result: Result = {
    orders: replay.orders,
    refused: { before: before.refused, after: after.refused },
    pointTypes: pointTypesOf(before, after),
    rules: rulesOf(before, after, books),
    funders: fundersOf(before, after, terms),
    members: membersOf(replay),
    liability: liabilityOf(before, after),
    evidence: evidenceOf(replay),
  };
  return isSafe(result) ? result : null;
}

/** The keys of two tallies, each once, split at their only space. */
function keysOf(
  one: ReadonlyMap<string, unknown>,
  other: ReadonlyMap<string, unknown>,
): [key: string, first: string, second: string][] {
  return [...new Set([...one.keys(), ...other.keys()])].sort().map((key) => {
    const space = key.indexOf(' ');
    return [key, key.slice(0, space), key.slice(space + 1)];
  });
}

function countedOf({ awards, asked, points }: Counted) {
  return { awards, asked, points, cut: asked - points };
}

function pointTypesOf(before: Tally, after: Tally): Result['pointTypes'] {
  const sums = [before, after].map(({ byVersion }) => {
    const sum = new Map<string, Counted>();
    for (const [key, { awards, asked, points }] of byVersion) {
      const pointType = key.slice(key.indexOf(' ') + 1);
      const so = sum.get(pointType) ?? NOTHING;
      sum.set(pointType, {
        awards: so.awards + awards,
        asked: so.asked + asked,
        points: so.points + points,
      });
    }
    return sum;
  }) as [Map<string, Counted>, Map<string, Counted>];
  const codes = [...new Set(sums.flatMap((sum) => [...sum.keys()]))].sort();
  return codes.map((pointType) => ({
    pointType,
    before: countedOf(sums[0].get(pointType) ?? NOTHING),
    after: countedOf(sums[1].get(pointType) ?? NOTHING),
  }));
}

function rulesOf(before: Tally, after: Tally, books: Books): Result['rules'] {
  return keysOf(before.byVersion, after.byVersion).map(([key, id, pointType]) => {
    const rule = books.after.byVersion.get(id as Uuid) ?? books.before.byVersion.get(id as Uuid);
    return {
      ruleVersionId: id === '' ? null : showId('ruleVersion', id as Uuid),
      ruleId: rule === undefined ? null : showId('rule', rule.version.rule),
      code: rule?.version.code ?? null,
      name: rule?.version.body.name ?? null,
      pointType,
      before: countedOf(before.byVersion.get(key) ?? NOTHING),
      after: countedOf(after.byVersion.get(key) ?? NOTHING),
    };
  });
}

function fundersOf(before: Tally, after: Tally, terms: ReplayTerms): Result['funders'] {
  return keysOf(before.byFunder, after.byFunder).map(([key, merchant, pointType]) => {
    const costOf = (tally: Tally) => {
      const points = tally.byFunder.get(key) ?? 0;
      const guidance = terms.guidanceOf(pointType);
      if (guidance === null || !Number.isSafeInteger(points)) return { points, fen: null };
      const fen = (BigInt(points) * BigInt(guidance.fen)) / BigInt(guidance.points);
      return { points, fen: toSafe(fen) ?? null };
    };
    const merchantId = showId('merchant', merchant as Uuid);
    return { merchantId, pointType, before: costOf(before), after: costOf(after) };
  });
}

function membersOf(replay: Replay): Members[] {
  const { before, after } = replay;
  const codes = [...new Set([...before.byMember.keys(), ...after.byMember.keys()])].sort();
  return codes.map((pointType) => {
    const [was, is] = [before, after].map(({ byMember }) => byMember.get(pointType) ?? []);
    const changes: { member: number; before: number; after: number }[] = [];
    for (const member of replay.members.keys()) {
      const change = { member, before: was?.[member] ?? 0, after: is?.[member] ?? 0 };
      if (change.before !== change.after) changes.push(change);
    }
    // Of equal ones who bought first.
    changes.sort((a, b) => b.after - b.before - (a.after - a.before) || a.member - b.member);
    const show = ({ member, ...points }: (typeof changes)[number]): Change => ({
      memberId: showId('member', replay.members[member] as Uuid),
      ...points,
    });
    const winners = changes.filter((each) => each.after > each.before);
    const losers = changes.slice(winners.length).reverse();
    return {
      pointType,
      winners: winners.length,
      losers: losers.length,
      biggestWinners: winners.slice(0, BIGGEST_MAX).map(show),
      biggestLosers: losers.slice(0, BIGGEST_MAX).map(show),
    };
  });
}

function liabilityOf(before: Tally, after: Tally): Result['liability'] {
  return keysOf(before.byMonth, after.byMonth).map(([key, pointType, month]) => ({
    pointType,
    month: month === 'never' ? null : month,
    before: before.byMonth.get(key) ?? 0,
    after: after.byMonth.get(key) ?? 0,
  }));
}

function evidenceOf({ evidence: { worse, met, ratios } }: Replay): Result['evidence'] {
  const byName = (counts: ReadonlyMap<string, number>) =>
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    worse,
    met: byName(met).map(([version, orders]) => ({
      ruleVersionId: version === '' ? null : showId('ruleVersion', version as Uuid),
      orders,
    })),
    ratios: byName(ratios).map(([ratio, orders]) => {
      const [points = 0, perFen = 0] = ratio.split('/').map(Number);
      return { points, perFen, orders };
    }),
  };
}

/** Sums only grow: what once left the range of exact numbers is still outside. */
function isSafe(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every(isSafe);
}
