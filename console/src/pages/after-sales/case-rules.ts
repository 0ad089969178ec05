import type { components } from '@hongmi/sdk';

export type Case = components['schemas']['AfterSalesCase'];
export type CaseState = Case['state'];
export type Remedy = NonNullable<Case['remedy']>;

/** In the order in which a case goes through them. */
export const STATES: readonly CaseState[] = [
  'opened',
  'accepted',
  'sent',
  'received',
  'escalated',
  'settling',
  'refunded',
  'exchanged',
  'mended',
  'refused',
  'dismissed',
  'withdrawn',
];

/** What somebody can say about a case: the merchant, the operator as judge, or somebody in the member's name. */
export type Action =
  | 'accept'
  | 'receive'
  | 'settle'
  | 'refuse'
  | 'forMember'
  | 'forMerchant'
  | 'send'
  | 'appeal'
  | 'withdraw';

/** Which of these the person may say at all. */
export interface Rights {
  readonly answers: boolean;
  readonly decides: boolean;
  readonly speaksForMember: boolean;
}

/** By state: what the merchant answers, and what may be said in the member's name. The operator decides what came there. */
const ANSWERS: Partial<Record<CaseState, readonly Action[]>> = {
  opened: ['accept', 'refuse'],
  accepted: ['receive'],
  sent: ['receive'],
  received: ['settle', 'refuse'],
};
const MEMBERS: Partial<Record<CaseState, readonly Action[]>> = {
  opened: ['withdraw'],
  accepted: ['send', 'withdraw'],
  sent: ['withdraw'],
  escalated: ['withdraw'],
  refused: ['appeal'],
};

/** What the person can say of a case as it stands; the API refuses what was said meanwhile. */
export function actionsOf({ state }: Pick<Case, 'state'>, rights: Rights): readonly Action[] {
  const decides = rights.decides && state === 'escalated';
  return [
    ...(rights.answers ? (ANSWERS[state] ?? []) : []),
    ...(decides ? (['forMember', 'forMerchant'] as const) : []),
    ...(rights.speaksForMember ? (MEMBERS[state] ?? []) : []),
  ];
}

/** How a case can be made good, by what it asks for. */
export const REMEDIES: Readonly<Record<Case['kind'], readonly Remedy[]>> = {
  return: ['refund'],
  exchange: ['refund', 'exchange'],
  quality: ['refund', 'exchange', 'mend'],
  supplier: ['refund'],
};

/** Why a merchant, or the operator, says no. */
export const REFUSALS = [
  'no_fault_found',
  'damaged_by_member',
  'used_up',
  'incomplete',
  'not_ours',
  'not_returned',
  'perishable',
  'custom_made',
  'unsealed',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export const SUPPLIER_REASONS = [
  'event_cancelled',
  'out_of_stock',
  'cannot_honour',
  'merchant_left',
  'recalled',
  'unsafe',
  'force_majeure',
  'other',
] as const;
export type SupplierReason = (typeof SUPPLIER_REASONS)[number];

const DAY_MS = 86_400_000;
const SOON_DAYS = 3;

/** How near a deadline is, by the programme's clock. */
export function urgencyOf(dueAt: string, now: string): 'past' | 'soon' | 'later' {
  const left = Date.parse(dueAt) - Date.parse(now);
  if (left <= 0) return 'past';
  return left <= SOON_DAYS * DAY_MS ? 'soon' : 'later';
}
