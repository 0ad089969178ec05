import Type from 'typebox';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { PRICE_MAX } from '../../ledger/price-list.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  Points,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { CYCLES, feeOf, SETTLEMENTS, type TermsVersion } from './terms.ts';

const Price = Type.Integer({ minimum: 0, maximum: PRICE_MAX });
const BASIS_MAX = 10_000;
const PAYMENT_DAYS_MAX = 365;
const POINT_TYPES_MAX = 20;

const pointTerms = {
  pointType: Code,
  issuePriceMicroFen: {
    ...Price,
    description:
      'What an issuer owes per point that is used, in micro-fen (a millionth of 0.01 yuan): ¥0.10 is 10,000,000.',
  },
  reimbursementMicroFen: { ...Price, description: 'What who takes a point receives for it.' },
  feeBasisPoints: Type.Integer({
    minimum: 0,
    maximum: BASIS_MAX,
    description:
      'Of the reimbursement, what who takes a point pays to the platform, rounded down to the micro-fen; 100 are 1 %.',
  }),
  acceptedPointsMax: Type.Optional({
    ...Points,
    description:
      'The most points the merchant takes in a calendar month of the programme’s time zone; not in standard terms.',
  }),
};
const agreed = {
  settlement: Type.Enum(SETTLEMENTS, {
    description:
      '`prefund`: issuing draws on what was paid in. `postpaid`: what is used is owed at the end of a period.',
  }),
  creditLimitFen: Type.Optional({
    ...nullable(Fen),
    description:
      'Of `postpaid`: what the points out there may cost at most; issuing then draws on the merchant’s account. null: without limit.',
  }),
  cycle: Type.Enum(CYCLES, {
    description: 'How often is settled: that of the standard terms counts for the programme.',
  }),
  paymentTermDays: Type.Integer({
    minimum: 0,
    maximum: PAYMENT_DAYS_MAX,
    description: 'Within how many days after the end of a period is paid.',
  }),
  note: Type.Optional(text(500)),
};

const Accepted = object(
  { reason: text(500) },
  {
    title: 'AcceptedNegativeMargin',
    description:
      'That some pair of merchants costs the platform something with each point, and why this is meant.',
  },
);
const ProgrammeCode = Type.Optional(Code);

export const PublishTerms = object(
  {
    programme: ProgrammeCode,
    merchantId: Type.Optional({
      ...idOf('merchant'),
      description: 'Absent: the standard terms, for all that have none of their own.',
    }),
    points: Type.Array(object(pointTerms, { title: 'PointTermsAsked' }), {
      minItems: 1,
      maxItems: POINT_TYPES_MAX,
    }),
    ...agreed,
    from: Type.Optional({
      ...InstantText,
      description: 'By the programme’s clock, not in the past. Without it, at once.',
    }),
    withdraws: Type.Optional(
      Type.Array(idOf('settlementTerms'), {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description:
          'Announced versions of the same merchant that shall not begin; those that would begin with this one or after it must be named.',
      }),
    ),
    acceptNegativeMargin: Type.Optional(Accepted),
    actor: text(100),
  },
  { title: 'PublishTerms' },
);

const State = Type.Enum(['announced', 'in_force', 'replaced', 'withdrawn']);
const terms = {
  id: idOf('settlementTerms'),
  programme: Code,
  merchantId: { ...nullable(idOf('merchant')), description: 'null: the standard terms.' },
  number: Type.Integer({ description: 'Among those of its merchant, from 1.' }),
  points: Type.Array(
    object(
      {
        ...pointTerms,
        feeMicroFen: Type.Integer({ description: 'What the fee comes to, per point.' }),
      },
      { title: 'PointTerms' },
    ),
  ),
  ...agreed,
  creditLimitFen: nullable(Fen),
  acceptNegativeMargin: Type.Optional(Accepted),
  from: InstantText,
  actor: Type.String(),
  publishedAt: InstantText,
  withdrawn: nullable(object({ at: InstantText, actor: Type.String(), reason: Type.String() })),
};
export const TermsShown = object(
  { ...terms, state: { ...State, description: 'Now, or at the instant that was asked about.' } },
  { title: 'SettlementTerms' },
);
export const TermsPage = pageOf(TermsShown, 'SettlementTermsPage');
export const TermsPublished = object(
  {
    ...terms,
    state: State,
    warnings: Type.Array(
      object(
        {
          code: Type.Enum(['negative_margin', 'conversion_gap']),
          pointType: Code,
          toPointType: { ...nullable(Code), description: 'Of a conversion: what is made.' },
          payer: {
            ...nullable(idOf('merchant')),
            description: 'null: who goes by the standard terms.',
          },
          taker: nullable(idOf('merchant')),
          marginMicroFen: Type.Integer({
            description: 'What the platform is left with per point; below zero, what it pays.',
          }),
        },
        { title: 'TermsWarning' },
      ),
    ),
  },
  { title: 'SettlementTermsPublished' },
);
export type TermsPublished = Type.Static<typeof TermsPublished>;

export const Withdraw = object({ reason: text(500), actor: text(100) }, { title: 'Withdraw' });

export const PriceShown = object(
  {
    pointType: Code,
    merchantId: {
      ...nullable(idOf('merchant')),
      description: 'null: whoever has no row of its own.',
    },
    from: InstantText,
    issuePriceMicroFen: Type.Integer(),
    reimbursementMicroFen: Type.Integer(),
    feeMicroFen: Type.Integer(),
    issuing: {
      ...nullable(Type.String()),
      description: 'The code with which issuing is refused from then on; null: it is not.',
    },
    accepting: nullable(Type.String()),
    funded: Type.Boolean({ description: 'Issuing draws on the merchant’s account.' }),
    quota: Type.Boolean({ description: 'Taking points draws on the month’s quota.' }),
  },
  { title: 'Price' },
);
export const PricePage = pageOf(PriceShown, 'PricePage');

/** A merchant as prices name it: null stands for the standard terms. */
export const showOwner = (merchant: Uuid | null): string | null =>
  merchant === null || merchant === PLATFORM ? null : showId('merchant', merchant);

/** A version as answers show it; `state` by what is in force at the instant that matters. */
export function showTerms(
  { body, ...version }: TermsVersion,
  programme: string,
  state: Type.Static<typeof State>,
): Type.Static<typeof TermsShown> {
  const { points, ...more } = body;
  const { withdrawn } = version;
  return {
    id: showId('settlementTerms', version.id),
    programme,
    merchantId: showOwner(version.merchant),
    number: version.number,
    points: points.map((each) => ({ ...each, feeMicroFen: feeOf(each) })),
    ...more,
    from: showInstant(version.from),
    actor: version.actor,
    publishedAt: showInstant(version.publishedAt),
    withdrawn: withdrawn === null ? null : { ...withdrawn, at: showInstant(withdrawn.at) },
    state,
  };
}

/** What a version is at an instant, given the one in force then. */
export function stateOf(
  version: TermsVersion,
  inForce: Uuid | undefined,
  at: Instant,
): Type.Static<typeof State> {
  if (version.withdrawn !== null) return 'withdrawn';
  if (version.from > at) return 'announced';
  return version.id === inForce ? 'in_force' : 'replaced';
}
