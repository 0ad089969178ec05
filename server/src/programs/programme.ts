import Type from 'typebox';
import Format from 'typebox/format';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import { expiresAt, type Slides } from '../kernel/expiry-policy.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { problem } from '../platform/web/problem.ts';
import { Code, InstantText, object, Points, text } from '../platform/web/schema.ts';
import {
  ChangeFrom,
  NewPointType,
  type PointType,
  PointTypeShown,
  showPointType,
} from './point-type.ts';

/** What happens to a return whose points were spent meanwhile; the ledger explains each. */
export const RETURN_POLICIES = ['pending_only', 'within_balance', 'debt'] as const;
export type ReturnPolicy = (typeof RETURN_POLICIES)[number];

/** What points of one type become in another: `floor(points × num / den)`. */
export interface ConversionRate {
  /** Codes of point types. */
  readonly from: string;
  readonly to: string;
  readonly num: number;
  readonly den: number;
}

/** A change of what it promises members: `before` and `after` have what changed. */
export interface DatedChange {
  /** By the programme's clock. */
  readonly from: Instant;
  readonly before: Type.Static<typeof ChangedSettings>;
  readonly after: Type.Static<typeof ChangedSettings>;
}

export interface Programme {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  /** IANA name; decides days, months and expiry. */
  readonly timeZone: string;
  /** A sandbox's clock can be set: it runs this far from the machine's. */
  readonly sandbox: boolean;
  readonly clockOffsetMs: number;
  readonly returnPolicy: ReturnPolicy;
  readonly refundGraceDays: number;
  /** Adjustments of more points than this need a second person. */
  readonly adjustLimit: number;
  /** The most points of one gift between members, and of one member's gifts of a day; 0: no gifts. */
  readonly giftMax: number;
  readonly giftDayMax: number;
  /** The most points that a merchant's tills may take of one member in a day while they are cut off, with nobody asked; 0: none. */
  readonly offlineDayMax: number;
  /** Days that members are told beforehand of a change of rules that may be worse for them. */
  readonly ruleNoticeDays: number;
  /** Whether merchants' keys may register members, or the operator alone. */
  readonly merchantsRegisterMembers: boolean;
  /** Whether whoever proves a phone number may become a member by it. */
  readonly membersJoinThemselves: boolean;
  /** Whether its members have tiers; once it has, for good. */
  readonly tiered: boolean;
  readonly pointTypes: readonly PointType[];
  readonly conversions: readonly ConversionRate[];
  /** Changes of what it promises members, the oldest first; some may begin later. */
  readonly changes: readonly DatedChange[];
  readonly createdAt: Instant;
}

/** What a programme decides by, and what of it may be changed; what was decided before stays as it was. */
export type Settings = Pick<
  Programme,
  | 'returnPolicy'
  | 'refundGraceDays'
  | 'adjustLimit'
  | 'giftMax'
  | 'giftDayMax'
  | 'offlineDayMax'
  | 'ruleNoticeDays'
  | 'merchantsRegisterMembers'
  | 'membersJoinThemselves'
  | 'conversions'
>;

/** The least notice of a change of rules that may be worse for members; only a sandbox may do with less. */
const RULE_NOTICE_DAYS_MIN = 7;

/** The programme every command belongs to that names none. */
export const DEFAULT_PROGRAMME = 'default';
export const DEFAULT_POINT_TYPE = 'points';
/** How many a programme may have. */
export const POINT_TYPES_MAX = 20;

/** The point type with this code. */
export function pointTypeOf(programme: Programme, code: string): PointType | undefined {
  return programme.pointTypes.find((each) => each.code === code);
}

/** When points of the type of this number that are earned at `earnedAt` lapse if nobody says otherwise; null: never. */
export function usualExpiry(
  programme: Pick<Programme, 'code' | 'pointTypes' | 'timeZone'>,
  pointType: number,
  earnedAt: Instant,
): Instant | null {
  const type = programme.pointTypes.find(({ id }) => id === pointType);
  if (type === undefined) throw new Error(`${programme.code} has no point type ${pointType}`);
  return expiresAt(type.expiryPolicy, earnedAt, programme.timeZone);
}

/** By how many months points of the type of this number slide with what their member does, if nobody says otherwise; null: they do not. */
export function usualSlide(
  programme: Pick<Programme, 'pointTypes'>,
  pointType: number,
): number | null {
  const policy = programme.pointTypes.find(({ id }) => id === pointType)?.expiryPolicy;
  return policy?.kind === 'sliding' ? policy.months : null;
}

/** How long points last that are earned at `at`; `expiresAt` is one of their own, and undefined where they are as is usual for their type. */
export function lastingOf(
  programme: Pick<Programme, 'code' | 'pointTypes' | 'timeZone'>,
  pointType: number,
  at: Instant,
  expiresAt?: Instant | null,
): { readonly expiresAt: Instant | null; readonly slideMonths: number | null } {
  if (expiresAt !== undefined) return { expiresAt, slideMonths: null };
  return {
    expiresAt: usualExpiry(programme, pointType, at),
    slideMonths: usualSlide(programme, pointType),
  };
}

/** By how many months points of any of its types may slide, and in which time zone; null: none do. */
export function slidingOf({
  timeZone,
  pointTypes,
}: Pick<Programme, 'timeZone' | 'pointTypes'>): Slides | null {
  const months = new Set(pointTypes.flatMap((each) => each.slideMonths));
  return months.size === 0 ? null : { timeZone, months: [...months] };
}

Format.Set('time-zone', isTimeZone);

/** True for an IANA time zone this machine knows; bare offsets have no rules for summer time and are refused. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const ReturnPolicyName = Type.Enum(RETURN_POLICIES);

const Conversion = object(
  { from: Code, to: Code, num: Points, den: Points },
  {
    title: 'ConversionRate',
    description:
      '`points` of `from` become `⌊points × num / den⌋` of `to`; what is left over stays.',
  },
);
const refundGraceDays = { minimum: 0, maximum: 3650 };
const points = { minimum: 0, maximum: POINTS_MAX };
const giftMax = {
  ...points,
  description: 'The most points of one gift between members; 0: no gifts.',
};
const giftDayMax = {
  ...points,
  description: 'The most points one member may give in a day, by the time zone of the programme.',
};
const offlineDayMax = {
  ...points,
  description:
    'The most points of one member that are final in a day where tills of a merchant took them off bills while they were cut off: what is missing becomes a debt. 0: none are.',
};
const merchantsRegisterMembers = {
  description: 'Whether merchants’ keys may register members, or the operator alone.',
};
const membersJoinThemselves = {
  description: 'Whether whoever proves a phone number may become a member by it.',
};
const ruleNoticeDays = {
  minimum: 0,
  maximum: 365,
  description:
    'Whole days between the publication of a change of rules that is not proven as good for members and its effect; at least 7 outside sandboxes.',
};
const Conversions = Type.Array(Conversion, { maxItems: 50 });

export const NewProgramme = object(
  {
    code: Code,
    name: text(100),
    timeZone: Type.Optional(
      Type.String({ format: 'time-zone', maxLength: 64, default: 'Asia/Shanghai' }),
    ),
    sandbox: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Its clock can be set, and its points mean nothing.',
      }),
    ),
    now: Type.Optional(
      Type.String({
        ...InstantText,
        description:
          'Of a sandbox: what its clock shows first, say a year ago, to play what happened since; absent: the machine’s time.',
      }),
    ),
    returnPolicy: Type.Optional(ReturnPolicyName),
    refundGraceDays: Type.Optional(Type.Integer({ ...refundGraceDays, default: 30 })),
    adjustLimit: Type.Optional(Type.Integer({ ...points, default: 10_000 })),
    giftMax: Type.Optional(Type.Integer({ ...giftMax, default: 10_000 })),
    giftDayMax: Type.Optional(Type.Integer({ ...giftDayMax, default: 20_000 })),
    offlineDayMax: Type.Optional(Type.Integer({ ...offlineDayMax, default: 0 })),
    ruleNoticeDays: Type.Optional(Type.Integer({ ...ruleNoticeDays, default: 7 })),
    merchantsRegisterMembers: Type.Optional(
      Type.Boolean({ ...merchantsRegisterMembers, default: true }),
    ),
    membersJoinThemselves: Type.Optional(
      Type.Boolean({ ...membersJoinThemselves, default: false }),
    ),
    pointTypes: Type.Optional(Type.Array(NewPointType, { minItems: 1, maxItems: POINT_TYPES_MAX })),
    conversions: Type.Optional(Conversions),
  },
  { title: 'NewProgramme' },
);

const settings = {
  returnPolicy: Type.Optional(ReturnPolicyName),
  refundGraceDays: Type.Optional(Type.Integer(refundGraceDays)),
  adjustLimit: Type.Optional(Type.Integer(points)),
  giftMax: Type.Optional(Type.Integer(giftMax)),
  giftDayMax: Type.Optional(Type.Integer(giftDayMax)),
  offlineDayMax: Type.Optional(Type.Integer(offlineDayMax)),
  ruleNoticeDays: Type.Optional(Type.Integer(ruleNoticeDays)),
  merchantsRegisterMembers: Type.Optional(Type.Boolean(merchantsRegisterMembers)),
  membersJoinThemselves: Type.Optional(Type.Boolean(membersJoinThemselves)),
  conversions: Type.Optional(Conversions),
};

/** Settings to change; absent ones stay. */
export const ProgrammeSettings = object(
  { ...settings, from: ChangeFrom },
  { title: 'ProgrammeSettings' },
);

/** What was changed. */
export const ChangedSettings = object(
  {
    ...settings,
    pointTypes: Type.Optional(
      Type.Array(PointTypeShown, {
        description: 'Those that changed; one that was added stands in `after` alone.',
      }),
    ),
  },
  { title: 'ChangedSettings' },
);

export const ProgrammeShown = object(
  {
    code: Code,
    name: Type.String(),
    timeZone: Type.String(),
    sandbox: Type.Boolean(),
    now: Type.String({ format: 'date-time', description: "The programme's own time." }),
    returnPolicy: ReturnPolicyName,
    refundGraceDays: Type.Integer(),
    adjustLimit: Type.Integer(),
    giftMax: Type.Integer(),
    giftDayMax: Type.Integer(),
    offlineDayMax: Type.Integer(),
    ruleNoticeDays: Type.Integer(),
    merchantsRegisterMembers: Type.Boolean(),
    membersJoinThemselves: Type.Boolean(),
    pointTypes: Type.Array(PointTypeShown),
    conversions: Type.Array(Conversion),
    announced: Type.Array(object({ from: InstantText, after: ChangedSettings }), {
      description: 'Changes of what members are promised that begin later.',
    }),
    createdAt: InstantText,
  },
  { title: 'Programme' },
);

/** What is wrong with conversions between these point types, or null. */
export function problemOfConversions(
  pointTypes: readonly { readonly code: string }[],
  conversions: readonly ConversionRate[],
): Refusal | null {
  const known = new Set(pointTypes.map((each) => each.code));
  const pairs = new Set(conversions.map(({ from, to }) => `${from} ${to}`));
  const makeSense = conversions.every(
    ({ from, to }) => from !== to && known.has(from) && known.has(to),
  );
  if (makeSense && pairs.size === conversions.length) return null;
  const message = 'a conversion is from one of these point types to another, and has one rate';
  return problem('invalid_request', message);
}

/** What is wrong with so many days of notice, or null. */
export function problemOfNotice(sandbox: boolean, ruleNoticeDays: number): Refusal | null {
  if (sandbox || ruleNoticeDays >= RULE_NOTICE_DAYS_MIN) return null;
  const message = `members are told of a change of rules at least ${RULE_NOTICE_DAYS_MIN} days before, but in a sandbox`;
  return problem('invalid_request', message);
}

/** A programme as answers show it; `now` is the machine's time. */
export function showProgramme(
  programme: Programme,
  now: Instant,
): Type.Static<typeof ProgrammeShown> {
  return {
    code: programme.code,
    name: programme.name,
    timeZone: programme.timeZone,
    sandbox: programme.sandbox,
    now: showInstant(now + programme.clockOffsetMs),
    returnPolicy: programme.returnPolicy,
    refundGraceDays: programme.refundGraceDays,
    adjustLimit: programme.adjustLimit,
    giftMax: programme.giftMax,
    giftDayMax: programme.giftDayMax,
    offlineDayMax: programme.offlineDayMax,
    ruleNoticeDays: programme.ruleNoticeDays,
    merchantsRegisterMembers: programme.merchantsRegisterMembers,
    membersJoinThemselves: programme.membersJoinThemselves,
    pointTypes: programme.pointTypes.map(showPointType),
    conversions: programme.conversions.map((rate) => ({ ...rate })),
    announced: programme.changes
      .filter(({ from }) => from > now + programme.clockOffsetMs)
      .map(({ from, after }) => ({ from: showInstant(from), after })),
    createdAt: showInstant(programme.createdAt),
  };
}
