import { type Language, TAGS, useLanguage } from './language.ts';

/** An instant as the API gives it: ISO 8601 in UTC. */
type InstantText = string;

/** How numbers, money and times read in a language. */
export interface Format {
  /** A whole number with its groups: 12,345. */
  number(value: number): string;
  /** A large number in few characters, as beside an axis: 1.2K, 35万. */
  compact(value: number): string;
  /** Points of a type with decimals (`scale`), from its smallest unit. */
  points(value: number, scale?: number): string;
  /** The same with their sign where it matters: +120, −0.35. */
  signed(value: number, scale?: number): string;
  /** Money from fen: ¥1,234.56. */
  money(fen: number): string;
  /** Money from micro-fen, as prices per point are (1 fen = 1,000,000): ¥0.10, with as many places as it needs, four at most. */
  price(microFen: number): string;
  /** Money from micro-fen to the last place, as sums of shares come out before they are rounded: ¥16.66666667. */
  moneyExact(microFen: string | number): string;
  /** A share, 0.1234 as 12.3 %. */
  percent(share: number, places?: number): string;
  /** Day and time to the minute, in a time zone (the browser's when none is given). */
  instant(at: InstantText | Date, timeZone?: string): string;
  /** The same to the second, for evidence. */
  exact(at: InstantText | Date, timeZone?: string): string;
  day(at: InstantText | Date, timeZone?: string): string;
  /** A calendar date, `2026-03-01`, as a date of nowhere. */
  date(date: string): string;
  /** How long ago, or until: 3 days ago. */
  relative(at: InstantText | Date, now?: number): string;
  /** Several names as one enumeration. */
  list(names: readonly string[]): string;
  bytes(count: number): string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

const MINUS = '\u2212';

function createFormat(tag: string): Format {
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 });
  const yuan = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
  });
  const price = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  });
  const exact = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 8,
  });
  const ago = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const conjunction = new Intl.ListFormat(tag, { type: 'conjunction' });
  const formats = new Map<string, Intl.DateTimeFormat>();
  // English that nobody takes the day of for the month: 2026-03-01.
  const dayTag = tag === 'en' ? 'en-CA' : tag;
  const dateTime = (timeZone: string | undefined, options: Intl.DateTimeFormatOptions) => {
    const key = JSON.stringify([timeZone, options]);
    let format = formats.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(dayTag, { ...options, ...(timeZone && { timeZone }) });
      formats.set(key, format);
    }
    return format;
  };
  const DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const MINUTE = { ...DAY, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const minus = (text: string): string => text.replace(/^-/, MINUS);
  const points = (value: number, scale = 0): string =>
    minus(
      scale === 0
        ? whole.format(value)
        : new Intl.NumberFormat(tag, {
            minimumFractionDigits: scale,
            maximumFractionDigits: scale,
          }).format(value / 10 ** scale),
    );
  return {
    number: (value) => minus(whole.format(value)),
    compact: (value) => minus(compact.format(value)),
    points,
    signed: (value, scale) => `${value > 0 ? '+' : ''}${points(value, scale)}`,
    money: (fen) => minus(yuan.format(fen / 100)),
    price: (microFen) => minus(price.format(microFen / 100_000_000)),
    moneyExact(microFen) {
      const value = BigInt(microFen);
      const digits = String(value < 0n ? -value : value).padStart(9, '0');
      const text = `${value < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
      // As text, so that no place is lost on the way.
      return minus(exact.format(text as `${number}`));
    },
    percent: (share, places = 1) =>
      new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: places }).format(share),
    instant: (at, timeZone) => dateTime(timeZone, MINUTE).format(new Date(at)),
    exact: (at, timeZone) =>
      dateTime(timeZone, { ...MINUTE, second: '2-digit', timeZoneName: 'short' }).format(
        new Date(at),
      ),
    day: (at, timeZone) => dateTime(timeZone, DAY).format(new Date(at)),
    date: (date) => dateTime('UTC', DAY).format(new Date(`${date}T00:00:00Z`)),
    relative(at, now = Date.now()) {
      const difference = new Date(at).getTime() - now;
      const [unit, ms] = UNITS.find(([, each]) => Math.abs(difference) >= each) ?? [
        'minute',
        60_000,
      ];
      // Between a digit and a Chinese character stands a space, as everywhere here.
      return ago
        .format(Math.trunc(difference / ms), unit)
        .replace(/(?<=\d)(?=\p{Script=Han})/u, ' ');
    },
    list: (names) => conjunction.format(names),
    bytes: (count) =>
      new Intl.NumberFormat(tag, {
        style: 'unit',
        unit: count >= 1e6 ? 'megabyte' : 'kilobyte',
        maximumFractionDigits: 1,
      }).format(count / (count >= 1e6 ? 1e6 : 1e3)),
  };
}

const FORMATS = new Map<Language, Format>();

export function formatOf(language: Language): Format {
  let format = FORMATS.get(language);
  if (format === undefined) {
    format = createFormat(TAGS[language]);
    FORMATS.set(language, format);
  }
  return format;
}

export const useFormat = (): Format => formatOf(useLanguage());
