import { formatOf } from '@hongmi/ui/format.ts';
import { givesInWords, givesWords } from '@hongmi/ui/gives-in-words.ts';
import { describe, expect, test } from 'vitest';
import type { RuleBody } from './body-values.ts';
import { ruleInWords, sentences, type Tongue } from './in-words.ts';
import { words } from './words.ts';

const tongueOf = (language: 'zh' | 'en'): Tongue => ({
  t: words[language],
  s: sentences[language],
  g: givesWords[language],
  f: formatOf(language),
  merchant: (id) => (id === 'mer_1' ? '瓜王' : id),
  pointType: (code) => (code === 'green' ? '绿色积分' : code),
  points: (value, type) => formatOf(language).points(value, type === 'fine' ? 2 : 0),
});

const melons: RuleBody = {
  name: '瓜季双倍',
  on: 'order',
  when: {
    dates: { from: '2027-06-01' },
    weekdays: [1, 5],
    lines: { categories: ['melon'], minFen: 3_000 },
    member: { firstOrder: true },
  },
  earn: { kind: 'times', num: 4, den: 3 },
  terms: {
    pointType: 'green',
    expiry: { kind: 'end_of', period: 'quarter', after: 1 },
    pendingDays: 7,
    caps: [{ per: 'month', points: 500 }],
    funders: [
      { merchant: 'seller', share: 3 },
      { merchant: 'mer_1', share: 1 },
    ],
  },
  group: 'season',
};

describe('a rule in words', () => {
  test('says all of it, in Chinese', () => {
    expect(ruleInWords(melons, tongueOf('zh'))).toEqual([
      '消费：共得 4/3 倍积分（绿色积分）',
      '日期：2027/06/01 起',
      '星期：周一和周五',
      '品类：melon',
      '这些商品：至少 ¥30.00',
      '只限首单',
      '有效期：到季末，再过 1 期',
      '7 天后可用',
      '每月至多 500 分',
      '由卖方 75%和瓜王 25%出资',
      '与“season”组的规则只取最多的一条',
    ]);
  });

  test('says all of it, in English', () => {
    const said = ruleInWords(melons, tongueOf('en'));
    expect(said).toHaveLength(11);
    expect(said[0]).toBe('purchases: 4/3 times the points in all (绿色积分)');
    expect(said).toContain('Categories: melon');
    expect(said).toContain('At most 500 points per month');
    expect(said).toContain('Paid by the seller 75% and 瓜王 25%');
  });

  test.each([
    [{ kind: 'extra', points: 1, perFen: 100 }, '1 point on top for each ¥1.00'],
    [{ kind: 'fixed', points: 1, per: 'order' }, '1 point each time'],
    [{ kind: 'base', points: 2, perFen: 100 }, /^2 points for each ¥1.00/],
  ] as const)('in English one point is one: %j', (earn, said) => {
    expect(givesInWords({ ...melons, earn, terms: {} }, tongueOf('en'))).toMatch(said);
  });

  test('without conditions says so', () => {
    const body: RuleBody = {
      name: 'x',
      on: 'registration',
      when: {},
      earn: { kind: 'fixed', points: 100, per: 'order' },
    };
    expect(ruleInWords(body, tongueOf('en'))).toEqual([
      'registration: 100 points each time',
      'Always, without conditions',
    ]);
  });

  test.each([
    [{ kind: 'base', points: 1, perFen: 100 }, '每满 ¥1.00 得 1 分，代替商家比例'],
    [{ kind: 'extra', points: 3, perFen: 250 }, '每满 ¥2.50 另得 3 分'],
    [{ kind: 'times', num: 3, den: 2 }, '共得 1.5 倍积分'],
    [{ kind: 'fixed', points: 5, per: 'item' }, '每件得 5 分'],
  ] as const)('%j gives %s', (earn, said) => {
    expect(givesInWords({ ...melons, earn, terms: {} }, tongueOf('zh'))).toBe(said);
  });
});
