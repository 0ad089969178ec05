import type { RefusedPart } from '@hongmi/sdk';
import { type Language, useLanguage } from '@hongmi/ui/language.ts';
import type { FieldName, Telling } from '../design/telling.ts';

// The API says it in English itself; what it says anew stands in English here too.
const CHINESE: Readonly<Record<string, string>> = {
  band_pays_more: '信用等级只能让它更便宜，不能更贵',
  budget_of_no_type: '请写明是哪一种积分的预算',
  donation_or_not: '捐赠只能给公益基金，基金也只收捐赠',
  ends_before_it_begins: '结束早于开始',
  fewer_days_than_lawful: '依法至少 7 天',
  foreign_merchant: '只能由本商家提供',
  free_for_everybody: '不要积分的礼品须写明给谁',
  goes_with_its_bill: '抵扣随账单一起退：不能单独取消或退换',
  lapses_while_offered: '券会在还能兑换时就过期',
  limit_twice: '同一周期的限兑写了两次',
  merchant_twice: '这个商家写了两次',
  no_open_price: '至少要有一种人人可用的付法',
  not_cheaper: '须比原价少',
  not_its_value: '现金价值应等于抵扣的金额',
  off_more_than_bill: '减得比账单还多',
  offset_for_cash: '抵扣账单不另收现金',
  parity_missing: '须写明花钱买时是怎样的',
  parity_of_other_kind: '这一种礼品不写这一项',
  point_type_twice: '同一种积分写了两次',
  quota_twice: '同一周期的配额写了两次',
  stricter_than_sold: '不得比花钱买的更严',
  too_many: '太多了',
  unknown_fund: '没有这个公益基金',
  unknown_reward: '归属方没有这个礼品',
  activity_not_fixed: '行为只能得固定的积分',
  base_depends_on_member: '代替比例的规则不得看会员是谁',
  base_in_group: '代替比例的规则按优先级取舍，不分组',
  budget_of_other_points: '这个预算是另一种积分的',
  campaign_per_order: '每单的上限只能按单条规则算',
  campaign_without_budget: '合计上限要先选预算',
  cap_twice: '同一周期的上限写了两次',
  completion_of_no_order: '只有消费才有“订单完成”',
  completion_without_end: '须写明最多几天后也可用',
  empty: '什么都没写',
  empty_list: '没有任何一项，请去掉',
  expires_before_available: '积分在可用之前就会过期',
  foreign_funder: '只能由本商家出资，其他商家须由平台安排',
  funder_twice: '同一出资方写了两次',
  impossible_date: '没有这一天',
  impossible_days: '在所选日期里没有这样的日子',
  impossible_range: '起止颠倒',
  impossible_time: '没有这个时刻',
  not_for_activities: '行为没有这个条件',
  not_for_merchants: '商家自己的规则不写这一项',
  points_out_of_range: '数字太大',
  referral_uncapped: '推荐须有每人终身上限',
  times_below_one: '不足一倍会扣会员的积分',
  unknown_budget: '没有这个可用的预算',
  unknown_merchant: '没有这个商家',
  unknown_point_type: '没有这种积分',
  unknown_store: '没有这家门店',
  unknown_tier: '没有这个等级',
  zero_cap: '上限为零就什么也得不到',
  zero_denominator: '不能除以零',
  zero_points: '什么也不会给',
  zero_share: '份额须大于零',
  expression_division_by_zero: '除以了零',
  expression_overflow: '数字太大',
  expression_always_fails: '永远算不出结果',
  expression_limit_exceeded: '写得太长或太复杂',
  expression_unknown_variable: '没有这个名字',
  expression_no_such_overload: '这里的类型不能这样用',
};

// Of words that a text may not have, which.
const CHINESE_OF_WORD: Readonly<Record<string, (word: string) => string>> = {
  forbidden_wording: (word) => `${word}是禁止的说法：不得承诺收益、返现，不得排除会员权利`,
  typed_claim: (word) => `${word}由系统算出，显示在价格旁：请去掉`,
};

const SAID: Readonly<Record<Language, (part: RefusedPart) => string>> = {
  zh: inChinese,
  en: inEnglish,
};

/**
 * How a form of terms tells what is wrong with them, in the language of the page. `fieldOf` gets pointers into the terms; `names`:
 * what is called what that no field has, by the beginnings of their pointers.
 */
export function useTelling(
  fieldOf: (pointer: string) => FieldName | undefined,
  names: Readonly<Record<string, string>>,
): Telling {
  const language = useLanguage();
  const say = SAID[language];
  return {
    fieldOf: (pointer) =>
      pointer.startsWith(BODY) ? fieldOf(pointer.slice(BODY.length)) : BESIDE[pointer],
    say(part, byName) {
      if (!byName) return say(part);
      const name = nameOf(part.path.replace(BODY, ''), names);
      return language === 'zh' ? `${name}：${say(part)}` : `${name}: ${say(part)}`;
    },
  };
}

const BODY = '/body';
/** What new items are asked for beside their terms. */
const BESIDE: Readonly<Record<string, FieldName>> = { '/code': 'code', '/merchantId': 'owner' };

/** By the longest beginning of its pointer that has a name; else, for who writes JSON, the pointer. */
function nameOf(pointer: string, names: Readonly<Record<string, string>>): string {
  for (let part = pointer; part !== ''; part = part.slice(0, part.lastIndexOf('/')))
    if (part in names) return names[part] ?? part;
  return pointer;
}

function inChinese({ code = '', message, at }: RefusedPart): string {
  const [word = ''] = /“.+?”/.exec(message) ?? [];
  const words =
    CHINESE_OF_WORD[code]?.(word) ??
    CHINESE[code] ??
    (code.startsWith('expression_') ? `表达式有误（${message}）` : `填写有误（${message}）`);
  return at === undefined ? words : `第 ${at.line} 行第 ${at.column} 列：${words}`;
}

function inEnglish({ message, at }: RefusedPart): string {
  return at === undefined ? message : `Line ${at.line}, column ${at.column}: ${message}`;
}
