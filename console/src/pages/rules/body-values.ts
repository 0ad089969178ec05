import type { components } from '@hongmi/sdk';

type Schemas = components['schemas'];
export type RuleBody = Schemas['RuleBody'];
export type Conditions = Schemas['RuleConditions'];
export type RuleTerms = NonNullable<RuleBody['terms']>;
type Expiry = NonNullable<RuleTerms['expiry']>;
type Cap = NonNullable<RuleTerms['caps']>[number];

type Labels = readonly string[];
/** What antd leaves in a field that was emptied. */
type Nothing = null | undefined;

/** A rule as its form has it: flat, money in yuan, as people write it. What is empty is not asked for. */
export interface RuleValues {
  readonly name: string;
  readonly description?: string | Nothing;
  readonly on: RuleBody['on'];

  readonly earn: RuleBody['earn']['kind'];
  readonly points?: number | Nothing;
  /** Of `base` and `extra`: points for each so many yuan. */
  readonly perYuan?: number | Nothing;
  /** Of `times`: `2`, `1.5` or `4/3`. */
  readonly times?: string | Nothing;
  readonly per?: 'order' | 'item' | Nothing;

  readonly dates?: readonly [string | null, string | null] | Nothing;
  readonly weekdays?: readonly number[] | Nothing;
  readonly monthDays?: readonly number[] | Nothing;
  readonly hoursFrom?: string | Nothing;
  readonly hoursTo?: string | Nothing;
  readonly merchants?: Labels | Nothing;
  readonly merchantCategories?: Labels | Nothing;
  readonly stores?: Labels | Nothing;
  readonly channels?: Labels | Nothing;
  readonly tenders?: Labels | Nothing;
  readonly orderMinYuan?: number | Nothing;
  readonly orderMaxYuan?: number | Nothing;
  readonly skus?: Labels | Nothing;
  readonly brands?: Labels | Nothing;
  readonly categories?: Labels | Nothing;
  readonly zones?: Labels | Nothing;
  readonly green?: boolean | Nothing;
  readonly linesMinYuan?: number | Nothing;
  readonly linesMinQuantity?: number | Nothing;
  readonly tiers?: Labels | Nothing;
  readonly creditBands?: Labels | Nothing;
  readonly segments?: Labels | Nothing;
  readonly firstOrder?: boolean | Nothing;
  readonly birthday?: 'day' | 'month' | Nothing;
  readonly joinedWithinDays?: number | Nothing;
  readonly expression?: string | Nothing;

  readonly pointType?: string | Nothing;
  readonly expiry?: Expiry['kind'] | Nothing;
  readonly expiryYears?: number | Nothing;
  readonly expiryMonths?: number | Nothing;
  readonly expiryDays?: number | Nothing;
  readonly expiryAfter?: number | Nothing;
  readonly expiryPeriod?: 'month' | 'quarter' | 'year' | Nothing;
  readonly expiryDate?: string | Nothing;
  readonly pendingDays?: number | Nothing;
  readonly onCompletion?: boolean | Nothing;
  readonly caps?:
    | readonly { per: Cap['per']; points: number; campaign?: boolean | Nothing }[]
    | Nothing;
  readonly budget?: string | Nothing;
  readonly funders?: readonly { merchant: string; share: number }[] | Nothing;
  readonly priority?: number | Nothing;
  readonly group?: string | Nothing;
}

/** What the form shows of a body. {@link bodyOf} is its inverse. */
export function valuesOf({ when, earn, terms = {}, ...body }: RuleBody): RuleValues {
  const { dates, hours, orderFen, lines = {}, member = {}, ...conditions } = when;
  return {
    ...body,
    ...earnValues(earn),
    ...conditions,
    dates: dates && [dates.from ?? null, dates.to ?? null],
    hoursFrom: hours?.from,
    hoursTo: hours?.to,
    orderMinYuan: yuan(orderFen?.min),
    orderMaxYuan: yuan(orderFen?.max),
    skus: lines.skus,
    brands: lines.brands,
    categories: lines.categories,
    zones: lines.zones,
    green: lines.green,
    linesMinYuan: yuan(lines.minFen),
    linesMinQuantity: lines.minQuantity,
    ...member,
    pointType: terms.pointType,
    ...expiryValues(terms.expiry),
    pendingDays: terms.pendingDays,
    onCompletion: terms.available === 'on_completion' ? true : undefined,
    caps: terms.caps,
    budget: terms.budget,
    funders: terms.funders,
  };
}

/** The body that the form says. What was left empty is not in it, because the API refuses parts that say nothing. */
export function bodyOf(values: RuleValues): RuleBody {
  const { name, description, on, priority, group } = values;
  const terms = dense<RuleTerms>({
    pointType: values.pointType,
    expiry: expiryOf(values),
    pendingDays: values.pendingDays,
    available: values.onCompletion ? 'on_completion' : undefined,
    funders: listed(values.funders),
    caps: listed(
      values.caps?.map(({ per, points, campaign }) => ({
        per,
        points,
        ...(campaign ? { campaign: true as const } : {}),
      })),
    ),
    budget: values.budget,
  });
  return {
    name,
    ...dense({ description }),
    on,
    when: conditionsOf(values),
    earn: earnOf(values),
    ...(Object.keys(terms).length === 0 ? {} : { terms }),
    ...dense({ priority, group }),
  };
}

function conditionsOf(values: RuleValues): Conditions {
  const [from, to] = values.dates ?? [];
  const { hoursFrom, hoursTo } = values;
  return dense<Conditions>({
    merchants: listed(values.merchants),
    merchantCategories: listed(values.merchantCategories),
    stores: listed(values.stores),
    channels: listed(values.channels),
    tenders: listed(values.tenders),
    dates: some({ from, to }),
    weekdays: listed(values.weekdays),
    monthDays: listed(values.monthDays),
    // One of them alone is sent as it is: the API says what is missing.
    hours: some({ from: hoursFrom, to: hoursTo }) as Conditions['hours'],
    orderFen: some({ min: fen(values.orderMinYuan), max: fen(values.orderMaxYuan) }),
    lines: some({
      skus: listed(values.skus),
      brands: listed(values.brands),
      categories: listed(values.categories),
      zones: listed(values.zones),
      green: values.green ? (true as const) : undefined,
      minFen: fen(values.linesMinYuan),
      minQuantity: values.linesMinQuantity,
    }),
    member: some({
      tiers: listed(values.tiers),
      creditBands: listed(values.creditBands),
      segments: listed(values.segments),
      firstOrder: values.firstOrder ? (true as const) : undefined,
      birthday: values.birthday,
      joinedWithinDays: values.joinedWithinDays,
    }),
    expression: values.expression?.trim(),
  });
}

function earnValues(
  earn: RuleBody['earn'],
): Pick<RuleValues, 'earn' | 'points' | 'perYuan' | 'times' | 'per'> {
  switch (earn.kind) {
    case 'times':
      return { earn: earn.kind, times: timesText(earn.num, earn.den) };
    case 'fixed':
      return { earn: earn.kind, points: earn.points, per: earn.per };
    default:
      return { earn: earn.kind, points: earn.points, perYuan: yuan(earn.perFen) };
  }
}

function earnOf({ earn, points, perYuan, times, per }: RuleValues): RuleBody['earn'] {
  switch (earn) {
    case 'times':
      return { kind: earn, ...readTimes(times ?? '') };
    case 'fixed':
      return { kind: earn, points: points ?? 0, per: per ?? 'order' };
    default:
      return { kind: earn, points: points ?? 0, perFen: fen(perYuan) ?? 0 };
  }
}

/** How a multiplier may be written. */
export const TIMES = /^\s*(\d{1,4})(?:\.(\d{1,2})|\/(\d{1,4}))?\s*$/;

function readTimes(text: string): { num: number; den: number } {
  const [, whole = '0', decimals, den] = TIMES.exec(text) ?? [];
  if (den !== undefined) return { num: Number(whole), den: Number(den) };
  const places = 10 ** (decimals?.length ?? 0);
  return reduced(Number(whole) * places + Number(decimals ?? 0), places);
}

function timesText(num: number, den: number): string {
  return den !== 0 && (num * 100) % den === 0 ? String(num / den) : `${num}/${den}`;
}

function reduced(num: number, den: number): { num: number; den: number } {
  let [a, b] = [num, den];
  while (b !== 0) [a, b] = [b, a % b];
  return a === 0 ? { num, den } : { num: num / a, den: den / a };
}

function expiryValues(expiry: Expiry | undefined): Partial<RuleValues> {
  switch (expiry?.kind) {
    case undefined:
      return {};
    case 'none':
      return { expiry: expiry.kind };
    case 'end_of':
      return { expiry: expiry.kind, expiryPeriod: expiry.period, expiryAfter: expiry.after };
    case 'fixed':
      return { expiry: expiry.kind, expiryDate: expiry.date };
    case 'rolling': {
      const { kind, years, months, days } = expiry;
      return { expiry: kind, expiryYears: years, expiryMonths: months, expiryDays: days };
    }
  }
}

function expiryOf(values: RuleValues): Expiry | undefined {
  const { expiry: kind, expiryYears: years, expiryMonths: months, expiryDays: days } = values;
  switch (kind) {
    case null:
    case undefined:
      return undefined;
    case 'none':
      return { kind };
    case 'end_of':
      return { kind, period: values.expiryPeriod ?? 'year', after: values.expiryAfter ?? 0 };
    case 'fixed':
      return { kind, date: values.expiryDate ?? '' };
    case 'rolling':
      return { kind, ...dense({ years, months, days }) };
  }
}

const yuan = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : amount / 100;
const fen = (amount: number | Nothing): number | undefined =>
  amount === null || amount === undefined ? undefined : Math.round(amount * 100);

/** A list that has entries. */
function listed<T>(list: readonly T[] | Nothing): T[] | undefined {
  return list === null || list === undefined || list.length === 0 ? undefined : [...list];
}

/** What is said of something, without what is empty. */
function dense<T extends object>(said: { [K in keyof T]?: T[K] | Nothing }): T {
  const entries = Object.entries(said).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return Object.fromEntries(entries) as T;
}

/** The same, or nothing when all of it is empty. */
function some<T extends object>(said: { [K in keyof T]?: T[K] | Nothing }): T | undefined {
  const found = dense<T>(said);
  return Object.keys(found).length === 0 ? undefined : found;
}
