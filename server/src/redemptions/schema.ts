import Type from 'typebox';
import {
  AfterSalesSchema,
  CancellationSchema,
  FULFILMENTS,
  PointsPartSchema,
  VoucherSchema,
  words,
} from '../catalogue/terms-schema.ts';
import { REWARD_KINDS } from '../kernel/reward.ts';
import { DryRun, WasDryRun } from '../platform/web/rehearse.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  PointsShown,
  pageOf,
  text,
} from '../platform/web/schema.ts';
import { CashShown, DeviceShown } from './cash/schema.ts';
import { ProgressShown, SentAgainShown } from './deliveries/delivery-schema.ts';
import { ParticularsShown, ParticularsTold } from './particulars-schema.ts';
import { STAGES, STATES } from './steps.ts';

export const QUANTITY_MAX = 1_000;
const TYPES_MAX = 20;
/** A merchant's own number of a bill. */
const UseNo = Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' });
/** As it is shown, scanned or typed. */
const Told = Type.String({ minLength: 1, maxLength: 100 });

export const redemptionTold = {
  memberId: idOf('member'),
  rewardId: idOf('reward'),
  merchantId: { ...idOf('merchant'), description: 'Who hands it out, and gets the points.' },
  store: Type.Optional(Code),
  option: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 7,
      default: 0,
      description: 'The place of one of the prices.',
    }),
  ),
  quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: QUANTITY_MAX, default: 1 })),
  price: Type.Optional(
    Type.Array(PointsPartSchema, {
      minItems: 1,
      maxItems: TYPES_MAX,
      description: 'What the member was shown for all of it: another price is refused.',
    }),
  ),
  particulars: Type.Optional(ParticularsTold),
};
export const NewRedemption = object(
  {
    ...redemptionTold,
    cashFen: Type.Optional({
      ...Fen,
      description: 'What the member was shown in cash for all of it: another sum is refused.',
    }),
    payerOpenid: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Za-z_-]{1,128}$',
        description: 'Of what also costs cash: who pays, as WeChat names them to the app.',
      }),
    ),
    dryRun: DryRun,
  },
  { title: 'NewRedemption' },
);

const StateName = Type.Enum([...STATES], {
  description:
    'On its way: `reserved`, `paying`, `confirmed`, `refusing`, `timing_out`, `cancelling`; it goes on by itself.',
});

export const VoucherShown = object(
  {
    place: Type.Integer({ description: 'Of as many as were redeemed at once, from 0.' }),
    state: Type.Enum(['open', 'used', 'void']),
    name: words(200),
    form: VoucherSchema,
    expiresAt: { ...nullable(InstantText), description: 'Not included; null: without end.' },
    leftFen: { ...nullable(Fen), description: 'Of one that is used in parts.' },
    usedAt: Type.Optional({
      ...InstantText,
      description: 'Of a redemption that is looked at: when it was used, in parts the last time.',
    }),
    code: Type.Optional(Type.String()),
    qr: Type.Optional(Type.String({ description: 'The text of the picture that a till scans.' })),
  },
  { title: 'Voucher' },
);

export const RedemptionShown = object(
  {
    id: Type.Optional(idOf('redemption')),
    state: StateName,
    problem: Type.Optional(Type.String({ description: 'The code why it was refused.' })),
    memberId: idOf('member'),
    rewardId: idOf('reward'),
    rewardVersionId: idOf('rewardVersion'),
    promotionVersionId: nullable(idOf('promotionVersion')),
    name: words(200),
    kind: Type.Enum([...REWARD_KINDS]),
    terms: object(
      {
        fulfilment: Type.Enum([...FULFILMENTS]),
        cancellation: CancellationSchema,
        afterSales: AfterSalesSchema,
      },
      { description: 'What it goes by to its end, whatever became of the reward.' },
    ),
    option: Type.Integer(),
    quantity: Type.Integer(),
    merchantId: idOf('merchant'),
    store: nullable(Code),
    price: Type.Array(
      object({
        pointType: Code,
        points: PointsShown,
        feePoints: Type.Optional({
          ...PointsShown,
          description: 'What of it was kept when it was cancelled.',
        }),
        transactionId: Type.Optional(idOf('transaction')),
      }),
    ),
    cash: Type.Optional(CashShown),
    payment: Type.Optional(DeviceShown),
    askedAt: InstantText,
    deadline: Type.Optional({
      ...InstantText,
      description: 'Of one that is `paying`: until when it can be paid.',
    }),
    confirmedAt: nullable(InstantText),
    cancelledAt: Type.Optional({
      ...InstantText,
      description:
        'When the member, or the till, gave it up; absent: nobody did, or it was not noted then.',
    }),
    vouchers: Type.Array(VoucherShown),
    particulars: nullable(ParticularsShown),
    delivery: Type.Optional(ProgressShown),
    sentAgain: Type.Optional(
      Type.Array(SentAgainShown, {
        description: 'Sent once more for what was exchanged, in order.',
      }),
    ),
    dryRun: WasDryRun,
  },
  { title: 'Redemption' },
);

export const RedemptionPage = pageOf(RedemptionShown, 'RedemptionPage');
export const StateFilter = Type.Optional(StateName);
export const StageFilter = Type.Optional(
  Type.Enum([...STAGES], {
    description:
      '`to_use`: something that was handed out can still be used. `under_way`: it goes on by itself, or is still to be delivered. `over`: neither.',
  }),
);
export const CancelRedemption = object({ dryRun: DryRun }, { title: 'CancelRedemption' });

export const StockShown = object(
  {
    total: { ...nullable(Type.Integer()), description: 'Null: without limit.' },
    reserved: Type.Integer({ description: 'Of redemptions that are under way.' }),
    sold: Type.Integer(),
    left: { ...nullable(Type.Integer()), description: 'Null: without limit.' },
  },
  { title: 'RewardStock' },
);
export const SetStock = object(
  {
    total: {
      ...nullable(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      description: 'Null: without limit. Never below what is reserved and sold.',
    },
  },
  { title: 'SetRewardStock' },
);
export const ChangeStock = object(
  {
    by: Type.Integer({
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'So many more, below zero fewer, whatever was taken meanwhile.',
    }),
  },
  { title: 'ChangeRewardStock' },
);

const till = {
  code: Told,
  merchantId: idOf('merchant'),
  store: Type.Optional(Code),
};
export const CheckVoucher = object(
  { ...till, billFen: Type.Optional({ ...Fen, default: 0 }) },
  { title: 'CheckVoucher' },
);
export const VoucherChecked = object(
  {
    voucher: VoucherShown,
    offFen: { ...Fen, description: 'What it would take off the bill.' },
    leftFen: nullable(Fen),
  },
  { title: 'CheckedVoucher' },
);
export const UseVoucher = object(
  {
    ...till,
    useNo: UseNo,
    billFen: Type.Optional({ ...Fen, default: 0 }),
    at: Type.Optional({
      ...InstantText,
      description:
        'When it was used at a till that was cut off: at most 72 hours ago. It need not count any more.',
    }),
  },
  { title: 'UseVoucher' },
);
export const VoucherUseShown = object(
  {
    id: idOf('voucherUse'),
    merchantId: idOf('merchant'),
    useNo: UseNo,
    store: nullable(Code),
    billFen: Fen,
    offFen: Fen,
    usedAt: InstantText,
    undone: nullable(object({ at: InstantText, reason: text(200), actor: text(100) })),
    voucher: VoucherShown,
  },
  { title: 'VoucherUse' },
);
export const UndoVoucherUse = object(
  { reason: text(200), actor: text(100) },
  { title: 'UndoVoucherUse' },
);
