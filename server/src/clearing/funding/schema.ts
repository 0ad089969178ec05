import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
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
import {
  availableFenOf,
  ENTRY_KINDS,
  FUNDING_FEN_MAX,
  type FundingAccount,
  type FundingEntry,
  isLow,
  MILLI_PER_FEN,
  withdrawableFenOf,
} from './account.ts';

/** Money in fen that an account can hold. */
const Money = Type.Integer({ minimum: 0, maximum: FUNDING_FEN_MAX });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2027-01-31'] });
const AlertFen = {
  ...Money,
  description: 'Less than this available: the account is low, and somebody is told.',
};

export const OpenFundingAccount = object(
  {
    programme: Type.Optional(Code),
    merchantId: idOf('merchant'),
    from: Type.Optional({
      ...InstantText,
      description:
        'What the merchant issues from then on is drawn from the account; absent: from now on.',
    }),
    alertFen: AlertFen,
    actor: text(100),
  },
  { title: 'OpenFundingAccount' },
);
export const ChangeFundingAccount = object(
  { alertFen: AlertFen },
  { title: 'ChangeFundingAccount' },
);

export const FundingAccountShown = object(
  {
    id: idOf('fundingAccount'),
    programme: Code,
    merchantId: idOf('merchant'),
    from: InstantText,
    alertFen: Fen,
    depositedFen: { ...Fen, description: 'Deposits less withdrawals.' },
    paidOutFen: {
      ...Fen,
      description: 'Of the deposits, what was paid out of custody for closed periods.',
    },
    keptFen: {
      ...Fen,
      description:
        'What stayed in custody of what it was to receive, for points that came back after they were paid.',
    },
    settledFen: {
      ...Fen,
      description: 'Of used points, what was settled otherwise: it may be drawn again.',
    },
    creditLineFen: { ...Fen, description: 'What its terms let the merchant owe.' },
    drawnFen: { ...Fen, description: 'Drawn for points issued, ever; rounded up.' },
    releasedFen: {
      ...Fen,
      description: 'Of it, for points that expired or were taken back: nobody will owe for them.',
    },
    usedFen: { ...Type.Integer(), description: 'Of it, for points that were used.' },
    outstandingFen: { ...Type.Integer(), description: 'Of it, for points that members have.' },
    availableFen: {
      ...Type.Integer(),
      description:
        'Deposits + settled + credit line + released − drawn, rounded down; below zero where a credit line was lowered.',
    },
    withdrawableFen: Fen,
    low: Type.Boolean(),
    lowSince: { ...nullable(InstantText), description: 'Since when that was noted.' },
    openedAt: InstantText,
    actor: text(100),
  },
  {
    title: 'FundingAccount',
    description:
      'What the ledger does counts at once; what became of points issued before, within a minute. The money is in custody with a bank or licensed company, never with the platform.',
  },
);
export const FundingAccountPage = pageOf(FundingAccountShown, 'FundingAccountPage');

export const BookFunding = object(
  {
    kind: Type.Enum(['deposit', 'withdrawal']),
    fen: { ...Money, minimum: 1 },
    reference: {
      ...text(140),
      description: 'The bank’s number of the transfer: of each kind booked once in a programme.',
    },
    paidOn: Day,
    actor: text(100),
  },
  { title: 'BookFunding' },
);
const entry = {
  id: idOf('fundingEntry'),
  kind: Type.Enum([...ENTRY_KINDS]),
  fen: Fen,
  reference: text(140),
  paidOn: Day,
  bookedAt: InstantText,
  actor: text(100),
};
export const FundingEntryShown = object(entry, { title: 'FundingEntry' });
export const FundingEntryBooked = object(
  { ...entry, account: FundingAccountShown },
  { title: 'FundingEntryBooked' },
);
export const FundingEntryPage = pageOf(FundingEntryShown, 'FundingEntryPage');

/** Outstanding is the rest of the others, so that what is shown adds up. */
export function showAccount(
  account: FundingAccount,
  programme: string,
): Type.Static<typeof FundingAccountShown> {
  const drawnFen = Math.ceil(account.drawnMilli / MILLI_PER_FEN);
  const releasedFen = Math.floor(account.releasedMilli / MILLI_PER_FEN);
  const usedFen = Math.floor(account.usedMilli / MILLI_PER_FEN);
  return {
    id: showId('fundingAccount', account.id),
    programme,
    merchantId: showId('merchant', account.merchant),
    from: showInstant(account.from),
    alertFen: account.alertFen,
    depositedFen: account.depositedFen - account.withdrawnFen,
    paidOutFen: account.paidOutFen,
    keptFen: account.keptFen,
    settledFen: account.settledFen,
    creditLineFen: account.creditFen,
    ...{ drawnFen, releasedFen, usedFen, outstandingFen: drawnFen - releasedFen - usedFen },
    availableFen: availableFenOf(account),
    withdrawableFen: withdrawableFenOf(account),
    low: isLow(account),
    lowSince: account.lowSince === null ? null : showInstant(account.lowSince),
    openedAt: showInstant(account.openedAt),
    actor: account.actor,
  };
}

export function showEntry(entry: FundingEntry): Type.Static<typeof FundingEntryShown> {
  const { kind, fen, reference, paidOn, actor } = entry;
  const id = showId('fundingEntry', entry.id);
  return { id, kind, fen, reference, paidOn, bookedAt: showInstant(entry.at), actor };
}
