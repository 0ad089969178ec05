import { MERCHANT_SCOPES, PLATFORM_SCOPES } from '../keys/api-key.ts';
import type { Scope } from '../platform/web/auth.ts';

/** How far somebody reaches: everything, what is in one programme, or one merchant. */
export type Reach = 'platform' | 'programme' | 'merchant';

interface RoleTerms {
  readonly reaches: readonly Reach[];
  readonly scopes: readonly Scope[];
  /** Where a password alone opens nothing. */
  readonly secondFactorAt: readonly Reach[];
  /** Where they give API keys to the systems of their own place; no key can have that right there, nor hand it on. */
  readonly keysAt?: readonly Reach[];
}

/** Of the members' side, what all who work with members read. */
const MEMBERS_READ = [
  'points:read',
  'orders:read',
  'activities:read',
  'members:read',
  'consents:read',
  'tiers:read',
  'redemptions:read',
  'after-sales:read',
] as const satisfies readonly Scope[];

/** What is offered and by which terms. */
const OFFERS_READ = [
  'merchants:read',
  'programmes:read',
  'budgets:read',
  'rules:read',
  'rewards:read',
  'certificates:read',
  'carbon:read',
] as const satisfies readonly Scope[];

const MONEY_READ = [
  'clearing:read',
  'funding:read',
  'books:read',
  'dossiers:read',
] as const satisfies readonly Scope[];

/**
 * What people do here, and what each of them may. One person has one role, so that nobody administers the system, its security
 * and its audit at once; and the three who do reach no points.
 */
export const ROLES = {
  system_admin: {
    reaches: ['platform'],
    scopes: ['staff:write', 'staff:read', 'programmes:read', 'merchants:read'],
    secondFactorAt: ['platform'],
  },
  security_admin: {
    reaches: ['platform'],
    scopes: ['keys:write', 'keys:read', 'security:write', 'staff:read'],
    secondFactorAt: ['platform'],
  },
  audit_admin: {
    reaches: ['platform'],
    scopes: ['audit:read'],
    secondFactorAt: ['platform'],
  },
  operator: {
    reaches: ['platform', 'programme'],
    scopes: [
      ...MEMBERS_READ,
      ...OFFERS_READ,
      ...MONEY_READ,
      'points:write',
      'points:adjust',
      'orders:write',
      'activities:write',
      'certificates:write',
      'carbon:write',
      'members:write',
      'members:erase',
      'notices:write',
      'consents:write',
      'profiles:write',
      'profiles:read',
      'messages:read',
      'messages:write',
      'tiers:write',
      'tiers:use',
      'merchants:write',
      'stores:write',
      'programmes:write',
      'budgets:write',
      'rules:write',
      'rules:publish',
      'rewards:write',
      'rewards:publish',
      'redemptions:write',
      'vouchers:use',
      'deliveries:handle',
      'after-sales:write',
      'after-sales:answer',
      'after-sales:decide',
      'funds:write',
      'dossiers:write',
      'ledger:read',
      'ledger:write',
      'insights:read',
    ],
    secondFactorAt: ['platform'],
    keysAt: ['programme'],
  },
  finance: {
    reaches: ['platform', 'programme'],
    scopes: [
      ...OFFERS_READ,
      ...MONEY_READ,
      'points:read',
      'redemptions:read',
      'clearing:write',
      'funding:write',
      'books:write',
      'dossiers:write',
      'funds:write',
      'ledger:read',
      'ledger:write',
      'ledger:cut',
      'insights:read',
    ],
    secondFactorAt: ['platform'],
  },
  merchant_manager: {
    reaches: ['merchant'],
    scopes: [
      ...MEMBERS_READ,
      ...OFFERS_READ,
      'points:write',
      'orders:write',
      'activities:write',
      'members:write',
      'consents:write',
      'tiers:use',
      'stores:write',
      'rules:write',
      'rules:publish',
      'rewards:write',
      'rewards:publish',
      'redemptions:write',
      'vouchers:use',
      'deliveries:handle',
      'after-sales:write',
      'after-sales:answer',
      'funds:pay',
      'clearing:read',
      'disputes:write',
      'dossiers:read',
      'funding:read',
      'staff:write',
      'staff:read',
      'audit:read',
      'insights:read',
    ],
    secondFactorAt: [],
    keysAt: ['merchant'],
  },
  merchant_cashier: {
    reaches: ['merchant'],
    scopes: [
      'points:read',
      'orders:write',
      'orders:read',
      'members:write',
      'members:read',
      'consents:read',
      'merchants:read',
      'programmes:read',
      'rewards:read',
      'rules:read',
      'tiers:use',
      'tiers:read',
      'redemptions:write',
      'redemptions:read',
      'vouchers:use',
      'deliveries:handle',
      'after-sales:write',
      'after-sales:read',
    ],
    secondFactorAt: [],
  },
  merchant_finance: {
    reaches: ['merchant'],
    scopes: [
      'merchants:read',
      'programmes:read',
      'budgets:read',
      'rules:read',
      'rewards:read',
      'clearing:read',
      'disputes:write',
      'dossiers:read',
      'funding:read',
      'funds:pay',
      'insights:read',
    ],
    secondFactorAt: [],
  },
  regulator: {
    reaches: ['platform'],
    scopes: [
      ...OFFERS_READ,
      ...MONEY_READ,
      'points:read',
      'members:read',
      'consents:read',
      'redemptions:read',
      'after-sales:read',
      'ledger:read',
      'insights:read',
    ],
    secondFactorAt: [],
  },
  assessor: {
    reaches: ['platform'],
    scopes: [
      'merchants:read',
      'programmes:read',
      'rules:read',
      'rewards:read',
      'certificates:read',
      'carbon:read',
      'dossiers:read',
      'ledger:read',
      'insights:read',
    ],
    secondFactorAt: [],
  },
} as const satisfies Record<string, RoleTerms>;

export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** Administrators of the system, of its security and of its audit: no person is two of them. */
export const ADMINISTRATORS: readonly Role[] = ['system_admin', 'security_admin', 'audit_admin'];

/** Where somebody works: at a merchant, for a programme, or for the platform. */
export interface Place {
  readonly merchant: string | null;
  readonly programme: number | null;
}

export function reachOf({ merchant, programme }: Place): Reach {
  if (merchant !== null) return 'merchant';
  return programme === null ? 'platform' : 'programme';
}

/** Whether there is such a role there. */
export function isRoleAt(role: Role, reach: Reach): boolean {
  const reaches: readonly Reach[] = ROLES[role].reaches;
  return reaches.includes(reach);
}

/**
 * The scopes of a role where it is held: never more than an API key of the same reach can have, but for giving such keys. A key
 * that makes keys would go on when whoever made it is long gone.
 */
export function scopesOf(role: Role, reach: Reach): Scope[] {
  const { scopes, keysAt = [] }: RoleTerms = ROLES[role];
  const fitting = scopes.filter((scope) => isOfReach(scope, reach));
  return keysAt.includes(reach) ? [...fitting, 'keys:write', 'keys:read'] : fitting;
}

function isOfReach(scope: Scope, reach: Reach): boolean {
  if (reach === 'merchant') return MERCHANT_SCOPES.has(scope);
  return reach === 'platform' || !PLATFORM_SCOPES.has(scope);
}

/** Whether a password alone opens nothing for them. */
export function needsSecondFactor(role: Role, reach: Reach): boolean {
  const places: readonly Reach[] = ROLES[role].secondFactorAt;
  return places.includes(reach);
}
