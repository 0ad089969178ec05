import type { components } from '@hongmi/sdk';
import type { Format } from './format.ts';
import { wordsOf } from './language.ts';
import { USUAL_POINT_TYPE } from './point-type.ts';

type RuleBody = components['schemas']['RuleBody'];

const inPoints = (points: string): string => (points === '1' ? '1 point' : `${points} points`);

export const givesWords = wordsOf({
  zh: {
    ons: {
      order: '消费',
      registration: '注册',
      birthday: '生日',
      check_in: '签到',
      share: '分享',
      review: '评价',
      survey: '问卷',
      training: '培训',
      referral: '推荐',
      green: '绿色行为',
    },
    base: (points: string, per: string) => `每满 ${per} 得 ${points} 分，代替商家比例`,
    extra: (points: string, per: string) => `每满 ${per} 另得 ${points} 分`,
    times: (times: string) => `共得 ${times} 倍积分`,
    fixedOrder: (points: string) => `每次得 ${points} 分`,
    fixedItem: (points: string) => `每件得 ${points} 分`,
    ofType: (name: string) => `（${name}）`,
  },
  en: {
    ons: {
      order: 'purchases',
      registration: 'registration',
      birthday: 'birthday',
      check_in: 'check-in',
      share: 'sharing',
      review: 'reviews',
      survey: 'surveys',
      training: 'training',
      referral: 'referrals',
      green: 'green behaviour',
    },
    base: (points: string, per: string) =>
      `${inPoints(points)} for each ${per}, instead of the merchant’s ratio`,
    extra: (points: string, per: string) => `${inPoints(points)} on top for each ${per}`,
    times: (times: string) => `${times} times the points in all`,
    fixedOrder: (points: string) => `${inPoints(points)} each time`,
    fixedItem: (points: string) => `${inPoints(points)} for each item`,
    ofType: (name: string) => ` (${name})`,
  },
});

export type Plain<T> = T extends { readonly zh: infer S } ? S : never;

/** With what is said what a rule gives, and for what. */
export interface GivesTongue {
  readonly g: Plain<typeof givesWords>;
  readonly f: Format;
  readonly pointType: (code: string) => string;
  /** From the smallest unit of a type. */
  readonly points: (value: number, type: string) => string;
}

/** What a rule gives, in a few words: for lists and titles. */
export function givesInWords(
  { earn, terms }: RuleBody,
  { g, f, pointType, points }: GivesTongue,
): string {
  const given = (count: number): string => points(count, terms?.pointType ?? USUAL_POINT_TYPE);
  const type = terms?.pointType === undefined ? '' : g.ofType(pointType(terms.pointType));
  switch (earn.kind) {
    case 'times':
      return g.times(fraction(earn.num, earn.den)) + type;
    case 'fixed':
      return (
        (earn.per === 'item' ? g.fixedItem(given(earn.points)) : g.fixedOrder(given(earn.points))) +
        type
      );
    default:
      return g[earn.kind](given(earn.points), f.money(earn.perFen)) + type;
  }
}

/** 2, 1.5, 4/3 */
function fraction(num: number, den: number): string {
  return den !== 0 && (num * 100) % den === 0 ? String(num / den) : `${num}/${den}`;
}
