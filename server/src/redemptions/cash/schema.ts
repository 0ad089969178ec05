import Type from 'typebox';
import { Fen, InstantText, idOf, nullable, object, pageOf } from '../../platform/web/schema.ts';
import { REFUND_REASONS } from './payment.ts';

const RefundShown = object(
  {
    refundNo: Type.String({ description: 'Ours at the payment provider.' }),
    amountFen: Fen,
    reason: Type.Enum([...REFUND_REASONS]),
    state: Type.Enum(['sending', 'done', 'failed'], {
      description: '`failed`: the money did not leave; somebody must pay it by other means.',
    }),
    refused: {
      ...nullable(Type.String()),
      description: "The provider's code, when it did not take it the last time; it is sent again.",
    },
    askedAt: InstantText,
    endedAt: nullable(InstantText),
  },
  { title: 'CashRefund' },
);

/** Cash beside points, as a redemption shows it. */
export const CashShown = object(
  {
    askedFen: Fen,
    paidFen: Fen,
    refundedFen: { ...Fen, description: 'Given back or on its way.' },
    refunds: Type.Array(RefundShown),
  },
  { title: 'RedemptionCash' },
);

export const DeviceShown = object(
  {
    kind: Type.Literal('wechat_jsapi'),
    appId: Type.String(),
    timeStamp: Type.String(),
    nonceStr: Type.String(),
    package: Type.String(),
    signType: Type.String(),
    paySign: Type.String(),
  },
  {
    title: 'PaymentOnDevice',
    description: "What the payer's device hands to the provider, inside WeChat, to pay.",
  },
);

export const PaymentShown = object(
  {
    paymentNo: Type.String({ description: 'Ours at the payment provider.' }),
    redemptionId: idOf('redemption'),
    merchantId: idOf('merchant'),
    payee: Type.String({ description: "The merchant's account, as it was when it was asked for." }),
    state: Type.Enum(['open', 'paid', 'closed']),
    ...{ amountFen: Fen, paidFen: Fen, refundedFen: Fen },
    transactionNo: { ...nullable(Type.String()), description: "The provider's number." },
    askedAt: { ...InstantText, description: "By the machine's clock, as all times here." },
    paidAt: nullable(InstantText),
    refunds: Type.Array(RefundShown),
  },
  { title: 'Payment' },
);
export const PaymentPage = pageOf(PaymentShown, 'PaymentPage');
