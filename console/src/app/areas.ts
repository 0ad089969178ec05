import { wordsOf } from '@hongmi/ui/language.ts';
import type { ComponentType } from 'react';
import type { Scope } from './session.ts';

/** A part of the console: an entry of the navigation, an address, and pages that are fetched when somebody goes there. */
export interface Area {
  /** Below /console; its pages are below that. */
  readonly path: `/${string}`;
  readonly name: keyof (typeof areaWords)['zh'];
  readonly group: Group;
  /** Shown to those who have one of these. */
  readonly scopes: readonly Scope[];
  /** A page or a small router of pages (wouter's nested `Route`s, relative to `path`). */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
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
    load: () => import('../pages/dashboard/area.tsx'),
  },
  {
    path: '/members',
    name: 'members',
    group: 'people',
    scopes: ['members:read'],
    load: () => import('../pages/members/area.tsx'),
  },
  {
    path: '/adjustments',
    name: 'adjustments',
    group: 'people',
    scopes: ['points:adjust'],
    load: () => import('../pages/adjustments/area.tsx'),
  },
  {
    path: '/after-sales',
    name: 'afterSales',
    group: 'people',
    scopes: ['after-sales:read'],
    load: () => import('../pages/after-sales/area.tsx'),
  },
  {
    path: '/rules',
    name: 'rules',
    group: 'offer',
    scopes: ['rules:read'],
    load: () => import('../pages/rules/area.tsx'),
  },
  {
    path: '/rewards',
    name: 'rewards',
    group: 'offer',
    scopes: ['rewards:read'],
    load: () => import('../pages/rewards/area.tsx'),
  },
  {
    path: '/campaigns',
    name: 'campaigns',
    group: 'offer',
    scopes: ['rewards:read'],
    load: () => import('../pages/campaigns/area.tsx'),
  },
  {
    path: '/ledger',
    name: 'ledger',
    group: 'trust',
    scopes: ['ledger:read'],
    load: () => import('../pages/ledger/area.tsx'),
  },
  {
    path: '/dossiers',
    name: 'dossiers',
    group: 'trust',
    scopes: ['dossiers:read'],
    load: () => import('../pages/dossiers/area.tsx'),
  },
  {
    path: '/clearing',
    name: 'clearing',
    group: 'money',
    scopes: ['clearing:read'],
    load: () => import('../pages/clearing/area.tsx'),
  },
  {
    path: '/staff',
    name: 'staff',
    group: 'house',
    scopes: ['staff:read'],
    load: () => import('../pages/staff/area.tsx'),
  },
  {
    path: '/merchants',
    name: 'merchants',
    group: 'house',
    scopes: ['merchants:read'],
    load: () => import('../pages/merchants/area.tsx'),
  },
  {
    path: '/keys',
    name: 'keys',
    group: 'house',
    scopes: ['keys:read'],
    load: () => import('../pages/keys/area.tsx'),
  },
  {
    path: '/audit',
    name: 'audit',
    group: 'house',
    scopes: ['audit:read'],
    load: () => import('../pages/audit/area.tsx'),
  },
  {
    path: '/settings',
    name: 'settings',
    group: 'house',
    scopes: ['programmes:read'],
    load: () => import('../pages/settings/area.tsx'),
  },
  {
    path: '/books',
    name: 'books',
    group: 'money',
    scopes: ['books:read'],
    load: () => import('../pages/books/area.tsx'),
  },
  {
    path: '/reconcile',
    name: 'reconcile',
    group: 'money',
    scopes: ['books:read'],
    load: () => import('../pages/reconcile/area.tsx'),
  },
];

export const GROUPS: readonly Group[] = ['overview', 'people', 'offer', 'money', 'trust', 'house'];

/** The area of an address. */
export function areaAt(path: string): Area | undefined {
  return AREAS.find((each) =>
    each.path === '/' ? path === '/' : path === each.path || path.startsWith(`${each.path}/`),
  );
}
