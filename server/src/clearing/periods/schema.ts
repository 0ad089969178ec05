import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import {
  Code,
  InstantText,
  idOf,
  nullable,
  object,
  PointsShown,
  pageOf,
} from '../../platform/web/schema.ts';
import { type Names, showParty } from './figures-csv.ts';
import {
  type Amounts,
  amountsFor,
  type Line,
  type Pair,
  type Period,
  type Position,
  showLine,
} from './period.ts';

/** A merchant, or `platform`. */
export const Party = Type.String({
  pattern: '^(platform|mer_[0-7][0-9a-hjkmnp-tv-z]{25})$',
  examples: ['platform', 'mer_01h455vb4pex5vsknk084sn02q'],
});
const Exact = Type.String({
  pattern: '^-?[0-9]+$',
  description: 'Micro-fen, a millionth of a fen; below zero when more was undone than done.',
});
const Money = Type.Integer({ description: 'In fen.' });

export const NewPeriod = object(
  {
    programme: Type.Optional(Code),
    until: Type.String({
      ...InstantText,
      description:
        'The end, not after now by the clock of the programme. It begins where the last one ended.',
    }),
  },
  { title: 'NewClearingPeriod' },
);

export const PeriodShown = object(
  {
    id: idOf('clearingPeriod'),
    programme: Code,
    number: Type.Integer({ minimum: 1 }),
    from: InstantText,
    until: Type.String({
      ...InstantText,
      description: 'What takes effect before it and not before `from` is in the period.',
    }),
    state: Type.Enum(['closing', 'closed']),
    cutId: idOf('cut'),
    begunAt: InstantText,
    closedAt: nullable(InstantText),
    figuresSha256: {
      ...nullable(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      description: 'Of the figures’ CSV; null until it is closed.',
    },
    verified: Type.Optional(
      Type.Boolean({
        description: 'With `verify`: whether the ledger gives the same figures now, to the byte.',
      }),
    ),
  },
  { title: 'ClearingPeriod' },
);
export const PeriodPage = pageOf(PeriodShown, 'ClearingPeriodPage');

const amounts = <T extends typeof Exact | typeof Money | typeof Carry>(type: T) =>
  object({ owed: nullable(type), due: nullable(type), fee: nullable(type) });
const Carry = Type.Integer({ description: 'In micro-fen, always less than a fen.' });

export const PairShown = object(
  {
    payer: Party,
    taker: Party,
    pointType: Code,
    points: PointsShown,
    exactMicroFen: amounts(Exact),
    fen: amounts(Money),
    carryMicroFen: amounts(Carry),
  },
  {
    title: 'ClearingPair',
    description:
      'Of points that a payer funded and a taker took: the payer owes the platform `owed`, the platform owes the taker `due` less `fee`. `fen` is paid, `carryMicroFen` is left for the next period. To a merchant, amounts of the other side are null.',
  },
);
export const PairPage = pageOf(PairShown, 'ClearingPairPage');

export const PositionShown = object(
  {
    merchant: Party,
    owedFen: Money,
    dueFen: Money,
    feeFen: Money,
    adjustedFen: Money,
    netFen: Type.Integer({
      description:
        'Due − owed − fee + adjusted: received above zero, paid below. All of a period sum to 0.',
    }),
  },
  { title: 'ClearingPosition' },
);
export const PositionPage = pageOf(PositionShown, 'ClearingPositionPage');

const Source = nullable(
  object({
    kind: Type.Enum(['order', 'return', 'transfer', 'move', 'activity', 'redemption']),
    id: Type.String(),
  }),
);
export const LineShown = object(
  {
    line: Type.String({ pattern: '^[0-9]+-[0-9]+-[0-9]+$', description: 'What disputes call it.' }),
    kind: Type.Enum(['use', 'reversal', 'repayment']),
    effectiveAt: InstantText,
    payer: Party,
    taker: Party,
    pointType: Code,
    points: PointsShown,
    exactMicroFen: amounts(Exact),
    transactionId: idOf('transaction'),
    source: Source,
    lotId: idOf('lot'),
    issuerId: idOf('merchant'),
    unitCostMicroFen: nullable(Type.Integer()),
    lotSource: Source,
  },
  {
    title: 'ClearingLine',
    description:
      'What one lot’s points that were used are worth between merchants. To a merchant, what is the other side’s alone is null.',
  },
);
export const LinePage = pageOf(LineShown, 'ClearingLinePage');

export function showPeriod(period: Period, names: Names): Type.Static<typeof PeriodShown> {
  return {
    id: showId('clearingPeriod', period.id),
    programme: names.programmeCode(period.programme),
    number: period.number,
    from: showInstant(period.from),
    until: showInstant(period.until),
    state: period.state,
    cutId: showId('cut', period.cut),
    begunAt: showInstant(period.begunAt),
    closedAt: period.closedAt === null ? null : showInstant(period.closedAt),
    figuresSha256: period.figuresHash?.toString('hex') ?? null,
  };
}

function showExact({ owed, due, fee }: Amounts<bigint | null>): Amounts<string | null> {
  const show = (amount: bigint | null): string | null => (amount === null ? null : String(amount));
  return { owed: show(owed), due: show(due), fee: show(fee) };
}

/** `whose`: for whom, so that it is told nothing of the other side; null: for who may see all. */
export const showPair = (
  pair: Pair,
  pointType: string,
  whose: Uuid | null,
): Type.Static<typeof PairShown> => ({
  payer: showParty(pair.payer),
  taker: showParty(pair.taker),
  pointType,
  points: pair.points,
  exactMicroFen: showExact(amountsFor(whose, pair, pair.exact)),
  fen: amountsFor(whose, pair, pair.fen),
  carryMicroFen: amountsFor(whose, pair, pair.carry),
});

export const showPosition = (position: Position): Type.Static<typeof PositionShown> => ({
  merchant: showParty(position.merchant),
  owedFen: position.owed,
  dueFen: position.due,
  feeFen: position.fee,
  adjustedFen: position.adjusted,
  netFen: position.net,
});

const showSource = (source: Line['source']): Type.Static<typeof Source> =>
  source === null ? null : { kind: source.kind, id: showId(source.kind, source.id) };

/** As {@link showPair}. What points were used for is known to who took them, what they were given for to who issued them. */
export function showLineOf(
  line: Line,
  pointType: string,
  whose: Uuid | null,
): Type.Static<typeof LineShown> {
  const isFor = (merchant: Uuid): boolean => whose === null || whose === merchant;
  return {
    line: showLine(line),
    kind: line.kind,
    effectiveAt: showInstant(line.effectiveAt),
    payer: showParty(line.payer),
    taker: showParty(line.taker),
    pointType,
    points: line.points,
    exactMicroFen: showExact(amountsFor(whose, line, line.exact)),
    transactionId: showId('transaction', line.transaction),
    source: isFor(line.taker) ? showSource(line.source) : null,
    lotId: showId('lot', line.lot),
    issuerId: showId('merchant', line.issuer),
    unitCostMicroFen: isFor(line.payer) ? line.unitCost : null,
    lotSource: isFor(line.issuer) ? showSource(line.lotSource) : null,
  };
}
