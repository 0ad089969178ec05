import Type from 'typebox';
import { DateText, words } from '../../catalogue/terms-schema.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
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
} from '../../platform/web/schema.ts';
import type { Fund } from './fund.ts';

const body = {
  name: words(100),
  organisation: text(200),
  certificate: object(
    { number: text(100), issuingBody: text(200), validUntil: DateText },
    { title: 'FundCertificate', description: 'Valid to the end of `validUntil`.' },
  ),
  from: DateText,
  until: Type.Optional(DateText),
};
const InProgramme = Type.Optional(Code);

export const SetFund = object(
  { programme: InProgramme, ...body, actor: text(100) },
  { title: 'SetFund' },
);
export const FundShown = object(
  {
    id: idOf('fund'),
    programme: Code,
    code: Code,
    ...body,
    closed: {
      ...nullable(Type.Enum(['not_begun', 'ended', 'certificate_lapsed'])),
      description: 'Why it takes nothing today; null: it does.',
    },
    changedAt: InstantText,
  },
  { title: 'Fund' },
);
export const FundPage = pageOf(FundShown, 'FundPage');

export const PayFund = object(
  {
    programme: InProgramme,
    merchantId: { ...idOf('merchant'), description: 'Who paid it: what it handed out.' },
    fen: { ...Fen, minimum: 1, description: 'Never more than it has not paid yet.' },
    reference: { ...text(200), description: 'Of the proof: once for each merchant.' },
    paidOn: DateText,
    actor: text(100),
  },
  { title: 'PayFund' },
);
export const PaymentShown = object(
  {
    id: idOf('fundPayment'),
    merchantId: idOf('merchant'),
    fen: Fen,
    reference: text(200),
    paidOn: DateText,
    actor: text(100),
    bookedAt: InstantText,
    owedFen: { ...Fen, description: 'What the merchant has not paid yet.' },
  },
  { title: 'FundPayment' },
);

const Points = Type.Array(object({ pointType: Code, points: PointsShown }));
const sums = {
  donations: Type.Integer(),
  donatedFen: Type.Integer(),
  donatedPoints: Points,
  givenBack: Type.Integer(),
  givenBackFen: Type.Integer(),
  givenBackPoints: Points,
  payments: Type.Integer(),
  paidFen: Type.Integer(),
};
export const StatementShown = object(
  {
    programme: Code,
    code: Code,
    name: words(100),
    organisation: text(200),
    months: Type.Array(
      object({
        month: Type.String({ examples: ['2027-06'] }),
        openingFen: Type.Integer(),
        ...sums,
        closingFen: Type.Integer({ description: 'Opening + donated − given back − paid over.' }),
      }),
      { description: 'Those in which something happened, by the time zone of the programme.' },
    ),
    owedFen: Type.Integer({ description: 'Donated and not paid over yet.' }),
  },
  { title: 'FundStatement' },
);

const donated = {
  receiptNo: idOf('donation'),
  programme: Code,
  fund: object({ code: Code, ...body }),
  points: Points,
  fen: Fen,
  donatedAt: InstantText,
  givenBackAt: nullable(InstantText),
};
export const DonationShown = object(donated, {
  title: 'Donation',
  description: 'The fund as it was then. Nobody learns who gave it.',
});
export const ReceiptShown = object(
  {
    ...donated,
    redemptionId: idOf('redemption'),
    memberId: idOf('member'),
    transactionIds: Type.Array(idOf('transaction'), {
      description: 'What the points are in the ledger: `GET /v1/transactions/{id}/proof`.',
    }),
  },
  { title: 'DonationReceipt' },
);

export function showFund(
  { id, code, body: told, changedAt }: Fund,
  programme: string,
  closed: string | null,
) {
  return {
    id: showId('fund', id),
    programme,
    code,
    ...told,
    closed: closed as Type.Static<typeof FundShown>['closed'],
    changedAt: showInstant(changedAt),
  };
}
