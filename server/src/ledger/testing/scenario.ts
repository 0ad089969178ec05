import fc from 'fast-check';
import { POINTS_MAX } from '../../kernel/points.ts';
import { KINDS, type Kind } from '../command.ts';

/** A command before it has a member, ids and a time: small numbers that a run turns into real ones. */
export interface Draft {
  readonly what: 'fresh';
  readonly kind: Kind;
  readonly member: number;
  readonly merchant: number;
  readonly pointType: number;
  readonly points: number;
  /** A return asks back the whole earn. */
  readonly asEarned: boolean;
  /** A capture or refund names no amount; a burn or hold takes all there was. */
  readonly whole: boolean;
  readonly down: boolean;
  /** Ticks from the programme's now; null: now. */
  readonly effective: number | null;
  readonly available: number | null;
  readonly expires: number | null;
  readonly ref: number;
  /** `own`: an earlier transaction this kind may act on; the others must be refused. */
  readonly aim: 'own' | 'other_kind' | 'other_account' | 'unknown';
  readonly limits: readonly {
    readonly counter: number;
    readonly max: number;
    readonly mode: 'trim' | 'all' | 'times';
  }[];
  readonly policy: 'pending_only' | 'within_balance' | 'debt';
  readonly timeout: boolean;
  /** What a burn may overdraw. */
  readonly overdraft: number | null;
  readonly rate: { readonly num: number; readonly den: number };
  readonly chooseId: boolean;
  /** By how many months the lot of an issue slides; null: it lapses when `expires` says. */
  readonly slides: number | null;
  /** Who pays for the lot of an issue, by shares: merchants by number; null: who issues it. */
  readonly funders: readonly number[] | null;
}

/**
 * `again` repeats an earlier command, perhaps after the programme's settings changed; `reuse` sends
 * another request under an earlier key.
 */
export type Step =
  | Draft
  | { readonly what: 'again'; readonly ref: number; readonly changed: boolean }
  | { readonly what: 'reuse'; readonly ref: number; readonly draft: Draft };

/** Commands handed to one ledger instance: in one `submitAll`, or each by its own `submit`. */
export interface DraftCall {
  readonly instance: number;
  readonly together: boolean;
  readonly steps: readonly Step[];
}

/** Calls made at the same moment, after both clocks moved. */
export interface Round {
  readonly advance: number;
  /** The machine's clock may also go backwards; recorded times must not. */
  readonly machine: number;
  readonly calls: readonly DraftCall[];
}

/** A row of the price list, with times in ticks from the beginning; merchant 0 stands for the standard terms. */
export interface DraftPrice {
  readonly merchant: number;
  readonly pointType: number;
  readonly from: number;
  readonly issuePrice: number;
  readonly reimbursement: number;
  /** Percent of it. */
  readonly fee: number;
  readonly closed: 'issuing' | 'accepting' | null;
  /** Issuing draws on what the merchant prepaid, taking on its quota; where all members are in one shard. */
  readonly isFunded: boolean;
  readonly hasQuota: boolean;
}

export interface Scenario {
  readonly members: number;
  readonly prices: readonly DraftPrice[];
  /** What each merchant prepaid, in thousandths of a fen, and takes of points. */
  readonly prepaid: number;
  readonly quota: number;
  /** Lots to begin with: a few, or of one member more than the ledger loads at first. */
  readonly prelude: readonly Pick<
    Draft,
    'member' | 'points' | 'available' | 'expires' | 'slides' | 'funders'
  >[];
  readonly rounds: readonly Round[];
}

/** One tick of the scenarios' clocks in milliseconds: coarse, so that instants often coincide, and months go by. */
export const TICK_MS = 10 * 24 * 60 * 60 * 1000;

/** By what the points of the scenarios' programme may slide. */
export const SLIDES = { timeZone: 'UTC', months: [1, 2, 5] } as const;

const slides = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constantFrom(...SLIDES.months) },
);

/** Shares of the merchants, some of nothing. */
const funders = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 })
      .filter((shares) => shares.some((share) => share > 0)),
  },
);

/** Small prices, so that rounding shows. */
const price: fc.Arbitrary<DraftPrice> = fc.record({
  merchant: fc.constantFrom(0, 0, 1, 2),
  pointType: fc.constantFrom(0, 0, 0, 1),
  from: fc.oneof(fc.integer({ min: -14, max: 24 }), fc.constant(-14)),
  issuePrice: fc.integer({ min: 0, max: 20 }),
  reimbursement: fc.integer({ min: 0, max: 20 }),
  fee: fc.integer({ min: 0, max: 100 }),
  closed: fc.constantFrom(null, null, null, null, 'issuing' as const, 'accepting' as const),
  isFunded: fc.boolean(),
  hasQuota: fc.constantFrom(false, false, true),
});

/** Cuts are no member's: cuts.property.pg.test.ts has them. */
const MEMBERS_KINDS = (Object.keys(KINDS) as Kind[]).filter((each) => each !== 'cut');
const kind: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Kind>('issue') },
  { weight: 6, arbitrary: fc.constant<Kind>('burn') },
  { weight: 4, arbitrary: fc.constant<Kind>('hold') },
  { weight: 5, arbitrary: fc.constant<Kind>('return') },
  { weight: 4, arbitrary: fc.constant<Kind>('refund') },
  { weight: 6, arbitrary: fc.constantFrom(...MEMBERS_KINDS) },
  { weight: 6, arbitrary: fc.constantFrom<Kind>('capture', 'capture', 'release') },
  { weight: 2, arbitrary: fc.constantFrom<Kind>('expire', 'mature') },
  { weight: 5, arbitrary: fc.constantFrom<Kind>('transfer_out', 'transfer_in', 'convert') },
  { weight: 1, arbitrary: fc.constant<Kind>('transfer_return') },
  { weight: 2, arbitrary: fc.constant<Kind>('claw_back') },
);

const points = fc.oneof(
  { weight: 14, arbitrary: fc.integer({ min: 1, max: 30 }) },
  { weight: 10, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(POINTS_MAX, POINTS_MAX - 1, POINTS_MAX - 50) },
);

const maybeTick = (min: number, max: number, nulls: number): fc.Arbitrary<number | null> =>
  fc.oneof(
    { weight: nulls, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.integer({ min, max }) },
  );

const draft: fc.Arbitrary<Draft> = fc.record({
  what: fc.constant('fresh' as const),
  kind,
  member: fc.nat(3),
  merchant: fc.nat(1),
  pointType: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1),
  points,
  asEarned: fc.boolean(),
  whole: fc.boolean(),
  down: fc.boolean(),
  effective: maybeTick(-12, 4, 12),
  available: maybeTick(-2, 10, 8),
  expires: maybeTick(-2, 16, 4),
  ref: fc.nat(1_000),
  aim: fc.oneof(
    { weight: 12, arbitrary: fc.constant('own' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'other_kind' as const,
        'other_account' as const,
        'unknown' as const,
      ),
    },
  ),
  limits: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({
          counter: fc.nat(1),
          max: fc.integer({ min: 0, max: 120 }),
          mode: fc.constantFrom('trim', 'trim', 'all', 'all', 'times'),
        }),
        { maxLength: 2 },
      ),
    },
  ),
  policy: fc.constantFrom('pending_only', 'within_balance', 'debt', 'debt'),
  timeout: fc.boolean(),
  overdraft: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: points },
  ),
  rate: fc.record({ num: fc.integer({ min: 1, max: 12 }), den: fc.integer({ min: 1, max: 12 }) }),
  chooseId: fc.constantFrom(true, true, true, false),
  slides,
  funders,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: draft },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('again' as const),
      ref: fc.nat(1_000),
      changed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('reuse' as const), ref: fc.nat(1_000), draft }),
  },
);

const round: fc.Arbitrary<Round> = fc.record({
  advance: fc.integer({ min: 0, max: 6 }),
  machine: fc.integer({ min: -3, max: 6 }),
  calls: fc.array(
    fc.record({
      instance: fc.nat(2),
      together: fc.constantFrom(true, true, false),
      steps: fc.array(step, { minLength: 1, maxLength: 14 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

const lot = (member: number, most: number): fc.Arbitrary<Scenario['prelude'][number]> =>
  fc.record({
    member: fc.nat(member),
    points: fc.integer({ min: 1, max: most }),
    available: maybeTick(0, 10, 12),
    expires: maybeTick(11, 40, 4),
    slides,
    funders,
  });

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  members: fc.constantFrom(1, 1, 2, 3, 4),
  prices: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(price, { minLength: 1, maxLength: 9 }) },
  ),
  prepaid: fc.integer({ min: 0, max: 12 }),
  quota: fc.integer({ min: 0, max: 600 }),
  prelude: fc.oneof(
    { weight: 3, arbitrary: fc.array(lot(3, 60), { minLength: 2, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.array(lot(0, 9), { minLength: 33, maxLength: 70 }) },
  ),
  rounds: fc.array(round, { minLength: 1, maxLength: 7, size: 'max' }),
});
