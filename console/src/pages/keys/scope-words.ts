import { wordsOf } from '@hongmi/ui/language.ts';
import type { Scope } from '../../app/session.ts';

type Part<S, At extends 0 | 1> = S extends `${infer Of}:${infer Do}` ? [Of, Do][At] : never;
export type Resource = Part<Scope, 0>;
export type Action = Part<Scope, 1>;

interface ScopeWords {
  readonly resources: Readonly<Record<Resource, string>>;
  readonly actions: Readonly<Record<Action, string>>;
}

/** What a scope is about, and what it lets one do: one that is missing does not compile. */
export const scopeWords = wordsOf<ScopeWords>({
  zh: {
    resources: {
      points: '积分',
      orders: '订单',
      activities: '行为',
      certificates: '绿色证书',
      carbon: '减排',
      members: '会员',
      notices: '告知书',
      consents: '同意',
      profiles: '信用档与人群',
      messages: '消息',
      tiers: '等级',
      redemptions: '兑换',
      'after-sales': '售后',
      funds: '公益基金',
      clearing: '清算',
      disputes: '争议',
      dossiers: '发行资质',
      funding: '资金账户',
      books: '账务',
      vouchers: '券',
      deliveries: '配送',
      merchants: '商家',
      stores: '门店',
      programmes: '项目',
      budgets: '预算',
      rules: '规则',
      rewards: '礼品与活动',
      ledger: '账本',
      metrics: '指标',
      staff: '员工',
      security: '登录安全',
      audit: '审计日志',
      insights: '总览',
      keys: 'API 密钥',
    },
    actions: {
      read: '查看',
      write: '写入',
      adjust: '手工更正',
      overdraft: '离线透支',
      backdate: '补记过去',
      erase: '清除文本',
      receive: '代收',
      use: '使用',
      answer: '答复',
      decide: '裁决',
      pay: '支付',
      handle: '处理',
      publish: '发布',
      cut: '截断',
    },
  },
  en: {
    resources: {
      points: 'Points',
      orders: 'Orders',
      activities: 'Activities',
      certificates: 'Green certificates',
      carbon: 'Carbon',
      members: 'Members',
      notices: 'Notices',
      consents: 'Consents',
      profiles: 'Credit bands and segments',
      messages: 'Messages',
      tiers: 'Tiers',
      redemptions: 'Redemptions',
      'after-sales': 'After-sales',
      funds: 'Funds',
      clearing: 'Clearing',
      disputes: 'Disputes',
      dossiers: 'Issuer dossiers',
      funding: 'Funding accounts',
      books: 'Books',
      vouchers: 'Vouchers',
      deliveries: 'Deliveries',
      merchants: 'Merchants',
      stores: 'Stores',
      programmes: 'Programmes',
      budgets: 'Budgets',
      rules: 'Rules',
      rewards: 'Rewards and campaigns',
      ledger: 'Ledger',
      metrics: 'Metrics',
      staff: 'Staff',
      security: 'Security of sign-ins',
      audit: 'Audit log',
      insights: 'Overview',
      keys: 'API keys',
    },
    actions: {
      read: 'read',
      write: 'write',
      adjust: 'correct by hand',
      overdraft: 'overdraw at offline tills',
      backdate: 'book into the past',
      erase: 'erase texts',
      receive: 'receive for members',
      use: 'use',
      answer: 'answer',
      decide: 'decide',
      pay: 'pay',
      handle: 'handle',
      publish: 'publish',
      cut: 'cut',
    },
  },
});

/** The two halves of a scope. */
export function partsOf(scope: Scope): readonly [Resource, Action] {
  const [of, action] = scope.split(':');
  return [of as Resource, action as Action];
}
