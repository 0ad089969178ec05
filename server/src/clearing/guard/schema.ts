import Type from 'typebox';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import {
  Code,
  InstantText,
  idOf,
  nullable,
  object,
  PointsShown,
  pageOf,
} from '../../platform/web/schema.ts';
import type { Programme } from '../../programs/programme.ts';
import { showOwner } from '../terms/schema.ts';
import { ALERT_KINDS, type Alert } from './alert-store.ts';
import { type Share, shareOf, type Taker } from './drain.ts';
import type { GuardedPair } from './pair-store.ts';
import { inFen, perPoint } from './reward-drain.ts';
import type { GuardedReward } from './reward-store.ts';

const Owner = {
  ...nullable(idOf('merchant')),
  description: 'null: whoever goes by the standard terms.',
};

const PairShown = object(
  {
    pointType: Code,
    payer: Owner,
    taker: Owner,
    marginMicroFen: Type.Integer({
      description:
        'Issue price − reimbursement + fee of what is in force, per point: what the platform is left with.',
    }),
    points: {
      ...PointsShown,
      description: 'Of the payer’s, that the taker took so far, less what came back.',
    },
    lastAt: nullable(InstantText),
  },
  { title: 'GuardedPair' },
);
export const PairPage = pageOf(PairShown, 'GuardedPairPage');

const TakerShown = object(
  {
    pointType: Code,
    taker: idOf('merchant'),
    costMicroFen: Type.Integer({
      description: 'Reimbursement − fee of what is in force, per point.',
    }),
    recent: { ...PointsShown, description: 'Taken in the last 30 days, less what came back.' },
    before: { ...PointsShown, description: 'In the 30 days before those.' },
    dearest: Type.Boolean(),
    drain: Type.Boolean({
      description:
        'It is the dearest, takes more than a third of all points, and more of them than before.',
    }),
  },
  { title: 'Taker' },
);
export const Takers = object({ items: Type.Array(TakerShown) }, { title: 'Takers' });

const PerPoint = (description: string) => ({
  ...nullable(Type.Integer()),
  description: `${description}, per point; rounded down. null: no more was taken than came back.`,
});

const RewardShown = object(
  {
    pointType: Code,
    rewardId: { ...nullable(idOf('reward')), description: 'null: points taken for no reward.' },
    code: { ...nullable(Code), description: 'Of the reward.' },
    taker: idOf('merchant'),
    points: { ...PointsShown, description: 'Taken in the last 30 days, less what came back.' },
    shareBasisPoints: Type.Integer({
      description: 'Of all points of this type that were taken, in hundredths of a per cent.',
    }),
    issuePriceMicroFen: PerPoint('What issuers owed for exactly these points'),
    reimbursementMicroFen: PerPoint('What the taker received'),
    feeMicroFen: PerPoint('What it paid of that'),
    marginMicroFen: PerPoint('What the platform is left with'),
    marginFen: Type.Integer({ description: 'The same of all these points, in fen.' }),
  },
  { title: 'GuardedReward' },
);
export const RewardPage = object(
  {
    items: Type.Array(RewardShown),
    nextCursor: nullable(Type.String()),
    asOf: {
      ...nullable(InstantText),
      description: 'When it was added up, which is every hour. null: not yet.',
    },
  },
  { title: 'GuardedRewardPage' },
);

export const AlertShown = object(
  {
    number: Type.Integer(),
    programme: Code,
    kind: Type.Enum(ALERT_KINDS),
    pointType: Code,
    taker: Owner,
    rewardId: {
      ...nullable(idOf('reward')),
      description: 'What the points are taken for; null: the alert is about no reward.',
    },
    facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    firstSeenAt: InstantText,
    lastSeenAt: InstantText,
    resolvedAt: { ...nullable(InstantText), description: 'null: it holds still.' },
    acknowledged: nullable(
      object({ at: InstantText, actor: Type.String(), reason: Type.String() }),
    ),
  },
  { title: 'GuardAlert' },
);
export const AlertPage = pageOf(AlertShown, 'GuardAlertPage');

const codeOf = ({ pointTypes }: Programme, pointType: number): string =>
  pointTypes.find(({ id }) => id === pointType)?.code ?? '';

export function showPair(each: GuardedPair, programme: Programme) {
  return {
    pointType: codeOf(programme, each.pointType),
    payer: showOwner(each.payer),
    taker: showOwner(each.taker),
    marginMicroFen: each.margin,
    points: each.points,
    lastAt: each.lastAt === null ? null : showInstant(each.lastAt),
  };
}

/** `share`: of the dearest of the same point type. */
export function showTaker(
  { pointType, taker, costMicroFen, recent, before }: Taker & { readonly pointType: number },
  share: Share | null,
  programme: Programme,
) {
  const isDearest = share?.taker === taker;
  return {
    ...{ pointType: codeOf(programme, pointType), taker: showOwner(taker) ?? '', costMicroFen },
    ...{ recent, before, dearest: isDearest, drain: isDearest && share.isDrain },
  };
}

const showReward = (reward: Uuid): string | null =>
  reward === PLATFORM ? null : showId('reward', reward);

export const showRefreshed = (at: Instant | null): string | null =>
  at === null ? null : showInstant(at);

export function showGuardedReward(each: GuardedReward, programme: Programme) {
  const { points, owed, due, fee, margin } = each;
  const of = (amount: bigint) => (points > 0 ? perPoint(amount, points) : null);
  return {
    ...{ pointType: codeOf(programme, each.pointType), rewardId: showReward(each.reward) },
    ...{ code: each.code, taker: showOwner(each.taker) ?? '', points },
    shareBasisPoints: shareOf(Math.max(0, points), each.allPoints),
    ...{ issuePriceMicroFen: of(owed), reimbursementMicroFen: of(due), feeMicroFen: of(fee) },
    ...{ marginMicroFen: of(margin), marginFen: inFen(margin) },
  };
}

export function showAlert(each: Alert, programme: Programme) {
  const { acknowledged } = each;
  return {
    number: each.number,
    programme: programme.code,
    kind: each.kind,
    pointType: codeOf(programme, each.pointType),
    taker: showOwner(each.taker),
    rewardId: showReward(each.reward),
    facts: { ...each.facts },
    firstSeenAt: showInstant(each.firstSeen),
    lastSeenAt: showInstant(each.lastSeen),
    resolvedAt: each.resolvedAt === null ? null : showInstant(each.resolvedAt),
    acknowledged:
      acknowledged === null ? null : { ...acknowledged, at: showInstant(acknowledged.at) },
  };
}
