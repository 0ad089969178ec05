import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
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
import type { Names } from '../periods/figures-csv.ts';
import { showParty } from '../periods/figures-csv.ts';

import { Party, PeriodShown, PositionShown, showPeriod, showPosition } from '../periods/schema.ts';
import type { Costed, IssuedPoints } from './issued-points.ts';
import type { Statement, StatementSum } from './statement.ts';
import type { StatementLine } from './statement-lines.ts';

const Exact = Type.String({ pattern: '^-?[0-9]+$', description: 'In micro-fen.' });
const Money = Type.Integer({ description: 'In fen.' });
const Name = Type.String();

const SumShown = object(
  {
    of: Type.Enum(['owed', 'due', 'fee']),
    counterparty: Party,
    counterpartyName: Name,
    pointType: Code,
    points: PointsShown,
    carriedInMicroFen: Exact,
    exactMicroFen: Exact,
    carryMicroFen: Exact,
    fen: Money,
  },
  {
    title: 'ClearingStatementSum',
    description:
      'What the merchant owes, is due or pays as a fee with another one: carried in + exact − carry = fen.',
  },
);
const CostedShown = object(
  { points: PointsShown, costMicroFen: Exact },
  { title: 'ClearingStatementPoints' },
);
const IssuedShown = object(
  {
    issuer: Party,
    issuerName: Name,
    pointType: Code,
    opening: CostedShown,
    issued: CostedShown,
    used: CostedShown,
    expired: CostedShown,
    other: CostedShown,
    closing: CostedShown,
  },
  {
    title: 'ClearingStatementIssued',
    description: 'closing = opening + issued − used − expired + other.',
  },
);
const AdjustmentShown = object(
  {
    id: idOf('clearingAdjustment'),
    payer: Party,
    payee: Party,
    fen: Money,
    reason: Type.String(),
    disputeId: nullable(idOf('dispute')),
    madeAt: InstantText,
  },
  { title: 'ClearingStatementAdjustment' },
);

export const StatementShown = object(
  {
    period: PeriodShown,
    merchant: Party,
    merchantName: nullable(Name),
    position: PositionShown,
    sums: Type.Array(SumShown),
    positions: Type.Array(PositionShown, { description: 'Of all, in the platform’s statement.' }),
    adjustments: Type.Array(AdjustmentShown),
    issued: Type.Array(IssuedShown),
  },
  { title: 'ClearingStatement' },
);

const StatementLineShown = object(
  {
    line: Type.String({ pattern: '^[0-9]+-[0-9]+-[0-9]+$', description: 'What disputes call it.' }),
    kind: Type.Enum(['use', 'reversal', 'repayment']),
    effectiveAt: InstantText,
    transactionId: idOf('transaction'),
    reference: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description:
        'What it was about, as far as the merchant may know: an id of an order, a redemption, ….',
    }),
    member: Type.String({
      description:
        'For the platform the member’s id; for a merchant a name that means nothing anywhere else.',
    }),
    lotId: idOf('lot'),
    payer: Party,
    taker: Party,
    pointType: Code,
    points: PointsShown,
    priceMicroFen: nullable(Type.Integer()),
    owedMicroFen: nullable(Exact),
    dueMicroFen: nullable(Exact),
    feeMicroFen: nullable(Exact),
  },
  { title: 'ClearingStatementLine' },
);
export const StatementLinePage = pageOf(StatementLineShown, 'ClearingStatementLinePage');

export function showStatement(
  statement: Statement,
  names: Names,
): Type.Static<typeof StatementShown> {
  const { period, merchant, position } = statement;
  const typeOf = (pointType: number): string => names.pointTypeCode(period.programme, pointType);
  const nameIn = (id: typeof merchant): string => statement.names.get(id) ?? showParty(id);
  const showSum = (sum: StatementSum): Type.Static<typeof SumShown> => ({
    of: sum.name,
    counterparty: showParty(sum.counterparty),
    counterpartyName: nameIn(sum.counterparty),
    pointType: typeOf(sum.pointType),
    points: sum.points,
    carriedInMicroFen: String(sum.carriedIn),
    exactMicroFen: String(sum.exact),
    carryMicroFen: String(sum.carry),
    fen: sum.fen,
  });
  const showIssued = (issued: IssuedPoints): Type.Static<typeof IssuedShown> => ({
    issuer: showParty(issued.issuer),
    issuerName: nameIn(issued.issuer),
    pointType: typeOf(issued.pointType),
    opening: showCosted(issued.opening),
    issued: showCosted(issued.issued),
    used: showCosted(issued.used),
    expired: showCosted(issued.expired),
    other: showCosted(issued.other),
    closing: showCosted(issued.closing),
  });
  return {
    period: showPeriod(period, names),
    merchant: showParty(merchant),
    merchantName: merchant === PLATFORM ? null : nameIn(merchant),
    position: showPosition(position),
    sums: statement.sums.map(showSum),
    positions: statement.positions.map(showPosition),
    adjustments: statement.adjustments.map(({ id, payer, payee, dispute, madeAt, ...rest }) => ({
      ...rest,
      id: showId('clearingAdjustment', id),
      payer: showParty(payer),
      payee: showParty(payee),
      disputeId: dispute === null ? null : showId('dispute', dispute),
      madeAt: showInstant(madeAt),
    })),
    issued: statement.issued.map(showIssued),
  };
}

const showCosted = ({ points, cost }: Costed): Type.Static<typeof CostedShown> => ({
  points,
  costMicroFen: String(cost),
});

const orNull = (amount: bigint | null): string | null => (amount === null ? null : String(amount));

export const showStatementLine = (
  line: StatementLine,
  pointType: string,
): Type.Static<typeof StatementLineShown> => ({
  line: line.line,
  kind: line.kind,
  effectiveAt: showInstant(line.effectiveAt),
  transactionId: showId('transaction', line.transaction),
  reference: line.reference,
  member: line.member,
  lotId: showId('lot', line.lot),
  payer: showParty(line.payer),
  taker: showParty(line.taker),
  pointType,
  points: line.points,
  priceMicroFen: line.price,
  owedMicroFen: orNull(line.owed),
  dueMicroFen: orNull(line.due),
  feeMicroFen: orNull(line.fee),
});
