import type { RefusedPart } from '@hongmi/sdk';
import { useLanguage } from '@hongmi/ui/language.ts';

// The API says it in English itself; what it says anew stands in English here too.
const CHINESE: Readonly<Record<string, string>> = {
  activity_not_fixed: '行为只能得固定的积分',
  base_depends_on_member: '代替比例的规则不得看会员是谁',
  base_in_group: '代替比例的规则按优先级取舍，不分组',
  budget_of_other_points: '这个预算是另一种积分的',
  campaign_per_order: '每单的上限只能按单条规则算',
  campaign_without_budget: '合计上限要先选预算',
  cap_twice: '同一周期的上限写了两次',
  completion_of_no_order: '只有消费才有“订单完成”',
  completion_without_end: '须写明最多几天后也可用',
  empty: '什么都没写，请去掉',
  empty_list: '没有任何一项，请去掉',
  expires_before_available: '积分在可用之前就会过期',
  forbidden_wording: '含有禁止的说法：不得承诺收益、返现，不得排除会员权利',
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

/** What is wrong with a part of a rule, in the language of the page; with its place in a text. */
export function useProblemWords(): (part: RefusedPart) => string {
  const language = useLanguage();
  return language === 'zh' ? inChinese : inEnglish;
}

function inChinese({ code = '', message, at }: RefusedPart): string {
  const words =
    CHINESE[code] ?? (code.startsWith('expression_') ? `表达式有误（${message}）` : message);
  return at === undefined ? words : `第 ${at.line} 行第 ${at.column} 列：${words}`;
}

function inEnglish({ message, at }: RefusedPart): string {
  return at === undefined ? message : `Line ${at.line}, column ${at.column}: ${message}`;
}
