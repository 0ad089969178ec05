import type { RatedLine } from './rating.ts';
import type { Scene } from './scene.ts';
import { tierFor } from './tier-asked.ts';

// The documented context. Text that is not known is empty; whole numbers are `int`, points and money in
// their smallest units; days and hours are of the programme's time zone.
export const LINE = {
  sku: 'string',
  brand: 'string',
  category: 'string',
  zone: 'string',
  /** A green certificate stands behind it. */
  green: 'bool',
  quantity: 'int',
  amountFen: 'int',
} as const;
export const ORDER = {
  netFen: 'int',
  quantity: 'int',
  store: 'string',
  channel: 'string',
  tenders: 'list<string>',
  lines: 'list<Line>',
} as const;
export const MEMBER = {
  /** The merchant's own, in a rule of a merchant that has tiers; else the programme's. */
  tier: 'string',
  creditBand: 'string',
  segments: 'list<string>',
  /** Days of the calendar since the member joined. */
  joinedDays: 'int',
  birthday: 'bool',
  birthMonth: 'bool',
} as const;
export const EVENT = { kind: 'string', attributes: 'map<string, dyn>' } as const;
export const TIME = {
  year: 'int',
  month: 'int',
  day: 'int',
  /** 1 Monday to 7 Sunday. */
  weekday: 'int',
  hour: 'int',
} as const;

type Values<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends 'int'
    ? bigint
    : Fields[Name] extends 'bool'
      ? boolean
      : Fields[Name] extends 'string'
        ? string
        : Fields[Name] extends 'list<string>'
          ? readonly string[]
          : Fields[Name] extends 'list<Line>'
            ? readonly LineSeen[]
            : ReadonlyMap<string, unknown>;
};

// The library tells types apart by their constructors; plain objects it would convert at each look.
class Seen<Fields> {
  constructor(values: Values<Fields>) {
    Object.assign(this, values);
  }
}
export class LineSeen extends Seen<typeof LINE> {}
export class OrderSeen extends Seen<typeof ORDER> {}
export class MemberSeen extends Seen<typeof MEMBER> {}
export class EventSeen extends Seen<typeof EVENT> {}
export class TimeSeen extends Seen<typeof TIME> {}

/** What expressions see of a scene. */
export interface Context {
  readonly order: OrderSeen;
  readonly member: MemberSeen;
  readonly event: EventSeen;
  readonly time: TimeSeen;
}

/** Made once, however many expressions look at a scene: those of rules of the merchant may see another tier. */
const contexts = new WeakMap<Scene, Context>();
const ofMerchants = new WeakMap<Scene, Context>();

/** What expressions of the merchant's own rules, or of others, see of a scene. */
export function contextOf(scene: Scene, isMerchants: boolean): Context {
  const isOther = isMerchants && scene.occasion.member.merchantTier !== undefined;
  const known = isOther ? ofMerchants : contexts;
  let context = known.get(scene);
  if (context === undefined) {
    context = makeContext(scene, isOther);
    known.set(scene, context);
  }
  return context;
}

function makeContext(scene: Scene, isMerchants: boolean): Context {
  const { occasion, goods, local } = scene;
  const { member } = occasion;
  return {
    order: new OrderSeen({
      netFen: BigInt(goods.fen),
      quantity: BigInt(goods.quantity),
      store: occasion.store ?? '',
      channel: occasion.channel ?? '',
      tenders: occasion.tenders,
      lines: scene.lines.map(lineSeen),
    }),
    member: new MemberSeen({
      tier: tierFor(member, isMerchants) ?? '',
      creditBand: member.creditBand ?? '',
      segments: member.segments,
      joinedDays: BigInt(scene.joinedDays),
      birthday: scene.isBirthday,
      birthMonth: scene.isBirthMonth,
    }),
    event: new EventSeen({ kind: occasion.on, attributes: attributesSeen(occasion.attributes) }),
    time: new TimeSeen({
      year: BigInt(local.year),
      month: BigInt(local.month),
      day: BigInt(local.day),
      weekday: BigInt(local.weekday),
      hour: BigInt(local.hour),
    }),
  };
}

function lineSeen(line: RatedLine): LineSeen {
  return new LineSeen({
    sku: line.sku,
    brand: line.brand ?? '',
    category: line.category ?? '',
    zone: line.zone ?? '',
    green: line.green === 'valid',
    quantity: BigInt(line.quantity),
    amountFen: BigInt(line.amountFen),
  });
}

function attributesSeen(
  attributes: Readonly<Record<string, string | number | boolean>>,
): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(attributes).map(([name, value]) => [
      name,
      Number.isSafeInteger(value) ? BigInt(value) : value,
    ]),
  );
}
