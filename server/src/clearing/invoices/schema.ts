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
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import {
  HANDS_OUT,
  INVOICE_STATES,
  type Invoice,
  type InvoiceTitle,
  stateOf,
  type TaxSetting,
} from './invoice.ts';
import type { TaxedUse } from './read-tax.ts';
import { BASIS_POINTS } from './tax.ts';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2027-01-31'] });
const Rate = Type.Integer({ minimum: 0, maximum: BASIS_POINTS });
/** Of something undone it is below zero. */
const SignedFen = Type.Integer();

const rates = {
  from: { ...Day, description: 'By the programme’s time zone.' },
  standardBasisPoints: { ...Rate, description: 'Goods; 1300 unless it is set.' },
  reducedBasisPoints: { ...Rate, description: 'Goods of the lower rate; 900 unless it is set.' },
  serviceBasisPoints: { ...Rate, description: 'Services; 600 unless it is set.' },
  actor: text(100),
};
export const SetTaxRates = object(
  { programme: Type.Optional(Code), ...rates },
  { title: 'SetTaxRates' },
);
export const TaxRatesShown = object(
  { programme: Code, number: Type.Integer(), ...rates, madeAt: InstantText },
  { title: 'TaxRates' },
);
export const TaxRatesPage = pageOf(TaxRatesShown, 'TaxRatesPage');

const title = {
  title: { ...text(100), description: 'The name that invoices bear.' },
  taxNumber: Type.String({
    pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$',
    examples: ['91350100M000100Y43'],
    description: 'The unified social credit code; its check character is checked (GB 32100-2015).',
  }),
  address: text(200),
  phone: text(40),
  bank: text(100),
  bankAccount: Type.String({ pattern: '^\\d{6,32}$', examples: ['1001234567890123456'] }),
  handsOut: {
    ...Type.Enum([...HANDS_OUT]),
    description: 'What it hands out for points, by which its own sales are taxed.',
  },
  actor: text(100),
};
export const SetInvoiceTitle = object(
  {
    programme: Type.Optional(Code),
    merchantId: Type.Optional({
      ...idOf('merchant'),
      description: 'Absent: the platform, which invoices the fees.',
    }),
    ...title,
  },
  { title: 'SetInvoiceTitle' },
);
export const InvoiceTitleShown = object(
  {
    programme: Code,
    merchantId: nullable(idOf('merchant')),
    number: Type.Integer({ description: 'Of this version, from 1.' }),
    ...title,
    madeAt: InstantText,
  },
  { title: 'InvoiceTitle' },
);
export const InvoiceTitlePage = pageOf(InvoiceTitleShown, 'InvoiceTitlePage');

export const MakeInvoices = object({ actor: text(100) }, { title: 'MakeInvoices' });
export const InvoicesMade = object(
  {
    made: Type.Integer(),
    waiting: Type.Array(idOf('merchant'), {
      description: 'Those with a fee that did not say in whose name it is invoiced.',
    }),
  },
  { title: 'InvoicesMade' },
);

const amounts = {
  grossFen: { ...SignedFen, description: 'With tax.' },
  netFen: SignedFen,
  taxFen: SignedFen,
};
const invoice = {
  id: idOf('invoice'),
  periodId: idOf('clearingPeriod'),
  merchantId: idOf('merchant'),
  state: {
    ...Type.Enum([...INVOICE_STATES]),
    description: '`reversed` and `cancelled`: another one may be made.',
  },
  cancelled: { ...nullable(Type.String()), description: 'Why it is never to be issued.' },
  redLetter: { ...Type.Boolean(), description: 'More of the fee was undone than done.' },
  rateBasisPoints: Rate,
  ...amounts,
  numbers: Type.Array(
    object({
      kind: Type.Enum(['issued', 'reversed']),
      number: Type.String(),
      issuedOn: Day,
      reason: nullable(Type.String()),
    }),
  ),
  madeAt: InstantText,
};
export const InvoiceShown = object(invoice, { title: 'Invoice' });
export const InvoicePage = pageOf(InvoiceShown, 'InvoicePage');
export const InvoiceWhole = object(
  {
    ...invoice,
    seller: InvoiceTitleShown,
    buyer: InvoiceTitleShown,
    lines: Type.Array(object({ place: Type.Integer(), pointType: Type.String(), ...amounts })),
  },
  { title: 'InvoiceWhole' },
);
export const InvoicingShown = object(
  {
    uninvoiced: Type.Array(object({ merchantId: idOf('merchant'), feeFen: SignedFen }), {
      description: 'Fees that no invoice was made of yet.',
    }),
    passThrough: Type.Array(
      object({
        merchantId: idOf('merchant'),
        owedFen: { ...SignedFen, description: 'What it pays for points it issued.' },
        dueFen: { ...SignedFen, description: 'What it receives for points it took.' },
      }),
      {
        description:
          'Collected and paid on behalf of others: no revenue of the platform, and not on its invoices.',
      },
    ),
  },
  { title: 'Invoicing' },
);

const told = {
  number: { ...text(40), description: 'The tax system’s, once in a programme.' },
  issuedOn: Day,
  actor: text(100),
};
export const CancelInvoice = object(
  { reason: text(200), actor: text(100) },
  { title: 'CancelInvoice' },
);
export const InvoiceIssued = object(told, { title: 'InvoiceIssued' });
export const InvoiceReversed = object({ ...told, reason: text(200) }, { title: 'InvoiceReversed' });

export const TaxedUseShown = object(
  {
    transactionId: idOf('transaction'),
    redemptionId: nullable(idOf('redemption')),
    kind: Type.Enum(['use', 'reversal', 'repayment']),
    at: InstantText,
    points: Type.Integer(),
    parts: Type.Array(
      object({
        treatment: {
          ...Type.Enum(['same_invoice_discount', 'deemed_sale', 'service']),
          description:
            '`same_invoice_discount`: its own points beside cash; `deemed_sale`: its own points alone; `service`: points that others pay it for.',
        },
        pointsFen: SignedFen,
        cashFen: SignedFen,
        ...amounts,
      }),
    ),
  },
  { title: 'TaxedUse' },
);
export const TaxedUsePage = pageOf(TaxedUseShown, 'TaxedUsePage');

export function showSetting(
  { number, from, rates, madeAt, actor }: TaxSetting,
  programme: string,
): Type.Static<typeof TaxRatesShown> {
  return {
    ...{ programme, number, from, actor, madeAt: showInstant(madeAt) },
    standardBasisPoints: rates.standard,
    reducedBasisPoints: rates.reduced,
    serviceBasisPoints: rates.service,
  };
}

export function showTitle(
  { merchant, madeAt, ...told }: InvoiceTitle,
  programme: string,
): Type.Static<typeof InvoiceTitleShown> {
  const { number, title, taxNumber, address, phone, bank, bankAccount, handsOut, actor } = told;
  return {
    ...{ programme, merchantId: merchant === PLATFORM ? null : showId('merchant', merchant) },
    ...{ number, title, taxNumber, address, phone, bank, bankAccount, handsOut, actor },
    madeAt: showInstant(madeAt),
  };
}

export function showInvoice(invoice: Invoice): Type.Static<typeof InvoiceShown> {
  const { grossFen, netFen, taxFen, rateBp, numbers } = invoice;
  return {
    id: showId('invoice', invoice.id),
    periodId: showId('clearingPeriod', invoice.period),
    merchantId: showId('merchant', invoice.merchant),
    ...{ state: stateOf(invoice), redLetter: grossFen < 0, rateBasisPoints: rateBp },
    ...{ grossFen, netFen, taxFen, numbers: [...numbers], cancelled: invoice.cancelled },
    madeAt: showInstant(invoice.madeAt),
  };
}

export function showTaxed(use: TaxedUse): Type.Static<typeof TaxedUseShown> {
  const { transaction, redemption, kind, at, points, parts } = use;
  return {
    transactionId: showId('transaction', transaction),
    redemptionId: redemption === null ? null : showId('redemption', redemption),
    ...{ kind, at: showInstant(at), points, parts: [...parts] },
  };
}
