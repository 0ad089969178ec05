import Type from 'typebox';
import { KINDS } from '../ledger/command.ts';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import { Code, InstantText, idOf, object, PointsShown, pageOf } from '../platform/web/schema.ts';
import { TransactionRecorded } from './answer-schema.ts';

export const BalancesShown = object(
  {
    balances: Type.Array(
      object(
        {
          programme: Code,
          pointType: Code,
          available: Type.Integer({
            description: 'What can be spent now: available points less debt, never below 0.',
          }),
          pending: PointsShown,
          nextAvailableAt: Type.Optional(
            Type.String({
              ...InstantText,
              description: 'When the first pending points become available.',
            }),
          ),
          held: PointsShown,
          debt: PointsShown,
          lifetimeEarned: Type.Integer({ description: 'Net of returns.' }),
          lifetimeRedeemed: Type.Integer({ description: 'Net of refunds.' }),
          lifetimeExpired: PointsShown,
          final: Type.Optional(
            Type.Boolean({
              description:
                'With asOf: a cut lies after it, so nothing that comes can change it any more.',
            }),
          ),
          expiring: Type.Array(
            object({ at: InstantText, points: PointsShown }, { title: 'ExpiringPoints' }),
            {
              description:
                'By day in the programme’s time zone, soonest first, at most 24; `at` is the first moment of loss on that day.',
            },
          ),
        },
        { title: 'Balance' },
      ),
    ),
  },
  { title: 'Balances' },
);

const lot = {
  id: idOf('lot'),
  programme: Code,
  pointType: Code,
  memberId: idOf('member'),
  issuerId: idOf('merchant'),
  funders: Type.Optional(
    Type.Array(object({ merchantId: idOf('merchant'), share: Type.Integer() }), {
      description: 'Who pays for it, by shares; absent: the issuer alone.',
    }),
  ),
  ruleVersionId: Type.Optional({
    ...idOf('ruleVersion'),
    description: 'The version of the rule that gave it, whose terms it keeps; absent: no rule did.',
  }),
  transactionId: Type.String({ ...idOf('transaction'), description: 'What made it.' }),
  state: Type.Unsafe<'pending' | 'available' | 'expired' | 'spent'>({
    type: 'string',
    enum: ['pending', 'available', 'expired', 'spent'],
  }),
  issued: Type.Integer({
    description: 'Points granted, of which `amount` became the lot and the rest repaid debts.',
  }),
  amount: PointsShown,
  remaining: PointsShown,
  held: PointsShown,
  expired: PointsShown,
  returned: Type.Integer({ description: 'Asked back by returns.' }),
  availableAt: InstantText,
  expiresAt: Type.Optional(InstantText),
  slideMonths: Type.Optional(
    Type.Integer({
      description:
        'It slides: what its member does next extends it to the end of the month that is so many after.',
    }),
  ),
};
const LotShown = object(lot, { title: 'Lot' });
export const LotPage = pageOf(LotShown, 'LotPage');
export const TransactionPage = pageOf(TransactionRecorded, 'TransactionPage');

const Step = object(
  {
    transactionId: idOf('transaction'),
    kind: Type.String({ enum: Object.keys(KINDS) }),
    entry: Type.String({
      description:
        'What was done to the lot: issue, take, pin, unpin, capture, expire, recover, restore, …',
    }),
    points: PointsShown,
    remaining: Type.Integer({ description: 'What the lot held after it.' }),
    at: InstantText,
    recordedAt: InstantText,
    merchantId: Type.Optional(idOf('merchant')),
    orderId: Type.Optional(idOf('order')),
    orderNo: Type.Optional(Type.String()),
    returnId: Type.Optional(idOf('return')),
    transferId: Type.Optional(idOf('transfer')),
    moveId: Type.Optional(idOf('move')),
    activityId: Type.Optional(idOf('activity')),
    redemptionId: Type.Optional(idOf('redemption')),
    receiverId: Type.Optional(idOf('member')),
    holdId: Type.Optional(idOf('hold')),
    otherLotId: Type.Optional(
      Type.String({ ...idOf('lot'), description: 'The lot whose return or debt this was about.' }),
    ),
    expiresAt: Type.Optional(InstantText),
  },
  { title: 'TrailStep' },
);
export const TrailShown = object(
  {
    lot: LotShown,
    summary: object(
      {
        issued: PointsShown,
        remaining: PointsShown,
        repaidDebts: PointsShown,
        redeemed: Type.Array(object({ merchantId: idOf('merchant'), points: PointsShown })),
        expired: PointsShown,
        returned: PointsShown,
        adjusted: PointsShown,
        transferred: PointsShown,
        converted: PointsShown,
      },
      { title: 'TrailSummary', description: 'The parts and what remains add up to issued.' },
    ),
    steps: Type.Array(Step),
    nextCursor: orNull<string>(Type.String()),
  },
  { title: 'LotTrail' },
);

export const HeadsShown = object(
  {
    ledgerId: Type.String(),
    format: Type.Integer(),
    shards: Type.Integer(),
    heads: Type.Array(
      object(
        {
          shard: Type.Integer(),
          block: Type.Integer(),
          entries: Type.Integer(),
          hash: ReceiptShown.properties.hash,
          recordedAt: InstantText,
        },
        { title: 'Head' },
      ),
    ),
  },
  { title: 'LedgerHeads' },
);

export const StatementShown = object(
  {
    from: InstantText,
    to: InstantText,
    accounts: Type.Array(
      object(
        {
          programme: Code,
          pointType: Code,
          opening: Type.Integer({ description: 'The balance before `from`: points less debt.' }),
          closing: Type.Integer({ description: 'The balance before `to`.' }),
          final: Type.Boolean({
            description: 'A cut at `to` or later: nothing that comes can change it any more.',
          }),
        },
        { title: 'StatementAccount' },
      ),
    ),
    items: Type.Array(
      object(
        {
          transaction: TransactionRecorded,
          changes: Type.Array(object({ programme: Code, pointType: Code, points: PointsShown }), {
            description: 'What it did to the balance of each point type it touched.',
          }),
        },
        { title: 'StatementLine' },
      ),
      { description: 'What took effect from `from` until before `to`, in order; no refusals.' },
    ),
    nextCursor: orNull<string>(Type.String()),
  },
  {
    title: 'Statement',
    description: 'Over all pages, the changes of an account add up to closing less opening.',
  },
);
