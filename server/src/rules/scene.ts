import { daysBetween, type LocalTime, localDate, localTime } from '../kernel/calendar.ts';
import type { Occasion, RatedLine } from './rating.ts';

/** Lines of an order that a rule is about: their places in the scene, and what they come to. */
export interface Goods {
  readonly places: readonly number[];
  readonly fen: number;
  readonly quantity: number;
}

/** An occasion as rules look at it: what can be computed of it is, once and only when somebody asks. */
export class Scene {
  readonly occasion: Occasion;
  /** What is left of the order. */
  readonly lines: readonly RatedLine[];
  /** All of it. Its fen can leave the safe range; rate refuses such an order. */
  readonly goods: Goods;
  readonly #keys = new Map<string, readonly string[]>();
  #local: LocalTime | undefined;

  constructor(occasion: Occasion) {
    this.occasion = occasion;
    this.lines = occasion.lines.filter((line) => line.quantity > 0);
    this.goods = this.goodsOf(this.lines.map((_, place) => place));
  }

  goodsOf(places: readonly number[]): Goods {
    let fen = 0;
    let quantity = 0;
    for (const place of places) {
      const line = this.lines[place] as RatedLine;
      fen += line.amountFen;
      quantity += line.quantity;
    }
    return { places, fen, quantity };
  }

  /** What the clocks of the programme show. */
  get local(): LocalTime {
    this.#local ??= localTime(this.occasion.at, this.occasion.timeZone);
    return this.#local;
  }

  /** Days of the calendar since the member joined; below zero: not yet. */
  get joinedDays(): number {
    const { member, timeZone } = this.occasion;
    return daysBetween(localDate(member.joinedAt, timeZone), this.local.date);
  }

  get isBirthMonth(): boolean {
    return this.occasion.member.birthday?.slice(0, 2) === this.local.date.slice(5, 7);
  }

  /** Who was born on 29 February has the 28th in other years, so that the day stays in its month. */
  get isBirthday(): boolean {
    const { birthday } = this.occasion.member;
    const today = this.local.date.slice(5);
    if (birthday === '02-29' && !isLeap(this.local.year)) return today === '02-28';
    return birthday === today;
  }

  /** Different values of something that lines have. */
  valuesOf(name: 'sku' | 'brand' | 'category' | 'zone'): readonly string[] {
    let values = this.#keys.get(name);
    if (values === undefined) {
      const seen = new Set<string>();
      for (const line of this.lines) {
        const value = line[name];
        if (value !== null) seen.add(value);
      }
      values = [...seen];
      this.#keys.set(name, values);
    }
    return values;
  }
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
