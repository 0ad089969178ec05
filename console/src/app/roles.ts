import type { components } from '@hongmi/sdk';
import { wordsOf } from '@hongmi/ui/language.ts';

export type Role = components['schemas']['Role'];

/** What people are called by what they do here. */
export const roleWords = wordsOf({
  zh: {
    system_admin: '系统管理员',
    security_admin: '安全管理员',
    audit_admin: '审计管理员',
    operator: '运营',
    finance: '财务',
    merchant_manager: '店长',
    merchant_cashier: '收银员',
    merchant_finance: '商家财务',
    regulator: '监管',
    assessor: '评估机构',
  },
  en: {
    system_admin: 'System administrator',
    security_admin: 'Security administrator',
    audit_admin: 'Audit administrator',
    operator: 'Operator',
    finance: 'Finance',
    merchant_manager: 'Merchant manager',
    merchant_cashier: 'Cashier',
    merchant_finance: 'Merchant finance',
    regulator: 'Regulator',
    assessor: 'Assessor',
  },
});

/** Roles by where they are held; some can be held for the platform or for one programme. */
export const ROLES_AT = {
  platform: [
    ...(['operator', 'finance', 'regulator', 'assessor'] as const),
    ...(['system_admin', 'security_admin', 'audit_admin'] as const),
  ],
  programme: ['operator', 'finance'],
  merchant: ['merchant_manager', 'merchant_cashier', 'merchant_finance'],
} as const satisfies Record<string, readonly Role[]>;
export type Place = keyof typeof ROLES_AT;
