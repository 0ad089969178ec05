import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
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
import type { Share, Taker } from './drain.ts';
import type { GuardedPair } from './pair-store.ts';

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

export const AlertShown = object(
  {
    number: Type.Integer(),
    programme: Code,
    kind: Type.Enum(ALERT_KINDS),
    pointType: Code,
    taker: Owner,
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

export function showAlert(each: Alert, programme: Programme) {
  const { acknowledged } = each;
  return {
    number: each.number,
    programme: programme.code,
    kind: each.kind,
    pointType: codeOf(programme, each.pointType),
    taker: showOwner(each.taker),
    facts: { ...each.facts },
    firstSeenAt: showInstant(each.firstSeen),
    lastSeenAt: showInstant(each.lastSeen),
    resolvedAt: each.resolvedAt === null ? null : showInstant(each.resolvedAt),
    acknowledged:
      acknowledged === null ? null : { ...acknowledged, at: showInstant(acknowledged.at) },
  };
}
