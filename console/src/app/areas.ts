import { wordsOf } from '@hongmi/ui/language.ts';
import type { Scope } from './session.ts';

/** A part of the console: an entry of the navigation and an address; its pages are in content.tsx. */
export interface Area {
  /** Below /console; its pages are below that. */
  readonly path: `/${string}`;
  readonly name: keyof (typeof areaWords)['zh'];
  readonly group: Group;
  /** Shown to those who have one of these. */
  readonly scopes: readonly Scope[];
}

export type Group = 'overview' | 'people' | 'offer' | 'money' | 'trust' | 'house';

export const areaWords = wordsOf({
  zh: {
    dashboard: '总览',
    members: '会员',
    adjustments: '更正审批',
    afterSales: '售后',
    rules: '积分规则',
    rewards: '礼品',
    campaigns: '活动',
    merchants: '商家与门店',
    clearing: '清算',
    books: '账务',
    reconcile: '对账',
    ledger: '账本',
    dossiers: '发行资质',
    staff: '员工',
    keys: 'API 密钥',
    audit: '审计日志',
    settings: '设置',
  },
  en: {
    dashboard: 'Overview',
    members: 'Members',
    adjustments: 'Corrections',
    afterSales: 'After-sales',
    rules: 'Earning rules',
    rewards: 'Rewards',
    campaigns: 'Campaigns',
    merchants: 'Merchants and stores',
    clearing: 'Clearing',
    books: 'Books',
    reconcile: 'Reconciliation',
    ledger: 'Ledger',
    dossiers: 'Issuer dossiers',
    staff: 'Staff',
    keys: 'API keys',
    audit: 'Audit log',
    settings: 'Settings',
  },
});

export const groupWords = wordsOf({
  zh: {
    overview: '',
    people: '会员',
    offer: '营销',
    money: '清算与账务',
    trust: '信任',
    house: '管理',
  },
  en: {
    overview: '',
    people: 'Members',
    offer: 'Marketing',
    money: 'Clearing and books',
    trust: 'Trust',
    house: 'Administration',
  },
});

/** In the order of the navigation. */
export const AREAS: readonly Area[] = [
  {
    path: '/',
    name: 'dashboard',
    group: 'overview',
    scopes: [],
  },
  {
    path: '/members',
    name: 'members',
    group: 'people',
    scopes: ['members:read'],
  },
  {
    path: '/adjustments',
    name: 'adjustments',
    group: 'people',
    scopes: ['points:adjust'],
  },
  {
    path: '/after-sales',
    name: 'afterSales',
    group: 'people',
    scopes: ['after-sales:read'],
  },
  {
    path: '/rules',
    name: 'rules',
    group: 'offer',
    scopes: ['rules:read'],
  },
  {
    path: '/rewards',
    name: 'rewards',
    group: 'offer',
    scopes: ['rewards:read'],
  },
  {
    path: '/campaigns',
    name: 'campaigns',
    group: 'offer',
    scopes: ['rewards:read'],
  },
  {
    path: '/clearing',
    name: 'clearing',
    group: 'money',
    scopes: ['clearing:read'],
  },
  {
    path: '/books',
    name: 'books',
    group: 'money',
    scopes: ['books:read'],
  },
  {
    path: '/reconcile',
    name: 'reconcile',
    group: 'money',
    scopes: ['books:read'],
  },
  {
    path: '/ledger',
    name: 'ledger',
    group: 'trust',
    scopes: ['ledger:read'],
  },
  {
    path: '/dossiers',
    name: 'dossiers',
    group: 'trust',
    scopes: ['dossiers:read'],
  },
  {
    path: '/merchants',
    name: 'merchants',
    group: 'house',
    scopes: ['merchants:read'],
  },
  {
    path: '/staff',
    name: 'staff',
    group: 'house',
    scopes: ['staff:read'],
  },
  {
    path: '/keys',
    name: 'keys',
    group: 'house',
    scopes: ['keys:read'],
  },
  {
    path: '/audit',
    name: 'audit',
    group: 'house',
    scopes: ['audit:read'],
  },
  {
    path: '/settings',
    name: 'settings',
    group: 'house',
    scopes: ['programmes:read'],
  },
];

export const GROUPS: readonly Group[] = ['overview', 'people', 'offer', 'money', 'trust', 'house'];

/** The area of an address. */
export function areaAt(path: string): Area | undefined {
  return AREAS.find((each) =>
    each.path === '/' ? path === '/' : path === each.path || path.startsWith(`${each.path}/`),
  );
}
