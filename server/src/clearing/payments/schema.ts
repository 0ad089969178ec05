import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { type Waiting, WHY_WAITING } from './make-run.ts';
import { endToEndId } from './pain.ts';
import {
  ACCOUNT_ROLES,
  type Instruction,
  type PaymentRun,
  type SettlementAccount,
} from './payment.ts';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2027-01-31'] });
const Role = Type.Enum([...ACCOUNT_ROLES]);
const Cnaps = Type.String({
  pattern: '^\\d{12}$',
  examples: ['102290000012'],
  description: 'The bank’s 12 digits in the national payment system (CNAPS).',
});
const bank = { holder: text(70), bank: text(70), cnaps: Cnaps };

export const SetSettlementAccount = object(
  {
    programme: Type.Optional(Code),
    role: {
      ...Role,
      description:
        '`merchant`, with `merchantId`; `operator`: where the platform’s own fees go; `custody`: of the bank or licensed payment company that holds the money. The platform holds none.',
    },
    merchantId: Type.Optional(idOf('merchant')),
    ...bank,
    accountNumber: Type.String({
      pattern: '^\\d{6,32}$',
      examples: ['6222000000000000'],
      description: 'Kept encrypted; shown with its last four digits only.',
    }),
    actor: text(100),
  },
  { title: 'SetSettlementAccount' },
);
export const SettlementAccountShown = object(
  {
    programme: Code,
    role: Role,
    merchantId: nullable(idOf('merchant')),
    number: Type.Integer({ description: 'Of this version, from 1.' }),
    ...bank,
    account: Type.String({ examples: ['************0000'] }),
    madeAt: InstantText,
    actor: text(100),
    confirmed: {
      ...nullable(object({ at: InstantText, actor: Type.String() })),
      description: 'By whom, other than wrote it; null: by nobody yet, and no money goes there.',
    },
  },
  { title: 'SettlementAccount' },
);
export const ConfirmSettlementAccount = object(
  {
    programme: Type.Optional(Code),
    role: Role,
    merchantId: Type.Optional(idOf('merchant')),
    number: Type.Integer({ minimum: 1, description: 'The version that was looked at.' }),
    accountNumber: Type.String({
      pattern: '^\\d{6,32}$',
      examples: ['6222000000000000'],
      description: 'As the second person knows it, from another source than the first one.',
    }),
    actor: text(100),
  },
  { title: 'ConfirmSettlementAccount' },
);
export const SettlementAccountPage = pageOf(SettlementAccountShown, 'SettlementAccountPage');

export const MakePaymentRun = object({ actor: text(100) }, { title: 'MakePaymentRun' });
const run = {
  id: idOf('paymentRun'),
  periodId: idOf('clearingPeriod'),
  number: Type.Integer({ description: 'Of the period, from 1.' }),
  madeAt: InstantText,
  actor: text(100),
};
export const PaymentRunShown = object(run, {
  title: 'PaymentRun',
  description:
    'Instructions for a bank or licensed payment company. The platform moves no money and holds none.',
});
export const PaymentRunMade = object(
  { ...run, instructions: Type.Integer() },
  { title: 'PaymentRunMade' },
);
export const InstructionShown = object(
  {
    place: Type.Integer(),
    endToEndId: Type.String({ description: 'How banks call it.' }),
    merchantId: { ...nullable(idOf('merchant')), description: 'null: the platform’s own fees.' },
    kind: {
      ...Type.Enum(['collect', 'pay_out']),
      description: '`collect`: from the merchant to custody; `pay_out`: from custody to it.',
    },
    fen: Fen,
    state: Type.Enum(['instructed', 'paid', 'rejected']),
    reference: nullable(Type.String()),
    reason: nullable(Type.String()),
    toldOn: nullable(Day),
  },
  { title: 'PaymentInstruction' },
);
export const InstructionPage = pageOf(InstructionShown, 'PaymentInstructionPage');
export const PeriodPaymentsShown = object(
  {
    runs: Type.Array(PaymentRunShown),
    offsets: Type.Array(
      object({
        merchantId: idOf('merchant'),
        depositsFen: {
          ...Fen,
          description: 'Of its debit, settled out of deposits that are in custody.',
        },
        nettedFen: {
          ...Fen,
          description: 'Of what it owed for points, settled against what it received.',
        },
        keptFen: {
          ...Fen,
          description:
            'Of what it was to receive, kept in custody for points that came back and were settled before.',
        },
        undoneFen: {
          ...Fen,
          description:
            'Of what was settled before, what it may not draw again: those points came back.',
        },
      }),
    ),
    waiting: Type.Array(
      object({
        merchantId: nullable(idOf('merchant')),
        fen: Type.Integer({ description: 'Above zero the merchant receives it.' }),
        why: Type.Enum([...WHY_WAITING]),
      }),
      {
        description:
          'What the next run would instruct, and who has no account for it yet, or none that a second person confirmed.',
      },
    ),
  },
  { title: 'PeriodPayments' },
);

export const ConfirmPayment = object(
  {
    place: Type.Integer({ minimum: 1, maximum: 9_999 }),
    outcome: Type.Enum(['paid', 'rejected']),
    reference: { ...text(140), description: 'The bank’s: once in a programme.' },
    reason: Type.Optional({ ...text(200), description: 'Of what was rejected.' }),
    toldOn: Day,
    actor: text(100),
  },
  { title: 'ConfirmPayment' },
);

const merchantOf = (merchant: SettlementAccount['merchant']): string | null =>
  merchant === PLATFORM ? null : showId('merchant', merchant);

export function showAccount(
  { confirmed, ...account }: SettlementAccount,
  programme: string,
): Type.Static<typeof SettlementAccountShown> {
  const { role, number, holder, bank, cnaps, actor } = account;
  return {
    ...{ programme, role, merchantId: merchantOf(account.merchant), number, holder, bank, cnaps },
    ...{ account: account.accountMasked, madeAt: showInstant(account.madeAt), actor },
    confirmed: confirmed === null ? null : { ...confirmed, at: showInstant(confirmed.at) },
  };
}

export function showRun({
  id,
  period,
  number,
  at,
  actor,
}: PaymentRun): Type.Static<typeof PaymentRunShown> {
  return {
    ...{ id: showId('paymentRun', id), periodId: showId('clearingPeriod', period), number },
    ...{ madeAt: showInstant(at), actor },
  };
}

export function showInstruction(
  run: PaymentRun,
  { place, merchant, kind, fen, confirmed }: Instruction,
): Type.Static<typeof InstructionShown> {
  return {
    ...{ place, endToEndId: endToEndId(run, place), merchantId: merchantOf(merchant), kind, fen },
    state: confirmed?.outcome ?? 'instructed',
    reference: confirmed?.reference ?? null,
    reason: confirmed?.reason ?? null,
    toldOn: confirmed?.toldOn ?? null,
  };
}

export const showWaiting = ({ merchant, fen, why }: Waiting) => ({
  ...{ merchantId: merchantOf(merchant), fen, why },
});
