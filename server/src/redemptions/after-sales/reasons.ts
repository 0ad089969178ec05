/** What a case asks for; `supplier`: nobody asked, who was to hand it out cannot. */
export const CASE_KINDS = ['return', 'exchange', 'quality', 'supplier'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];
/** What a member can ask for. */
export type ClaimKind = Exclude<CaseKind, 'supplier'>;

/** Why, by kind. The database knows the same and no other. */
export const REASONS = {
  return: ['changed_mind', 'not_needed', 'not_suited', 'other'],
  exchange: ['wrong_size', 'wrong_colour', 'wrong_kind', 'not_suited', 'other'],
  quality: [
    ...['faulty', 'damaged', 'expired', 'not_as_described', 'wrong_item', 'incomplete'],
    ...['not_delivered', 'not_honoured', 'poor_service', 'other'],
  ],
  supplier: [
    ...['event_cancelled', 'out_of_stock', 'cannot_honour', 'merchant_left', 'recalled', 'unsafe'],
    ...['force_majeure', 'other'],
  ],
} as const satisfies Readonly<Record<CaseKind, readonly string[]>>;
export type CaseReason = (typeof REASONS)[CaseKind][number];
export type SupplierReason = (typeof REASONS)['supplier'][number];

/**
 * Why a merchant, or the operator, says no. That it was paid in points is none of them: what is redeemed carries the same
 * duties as what is bought (消费者权益保护法 24–26).
 */
export const REFUSALS = [
  ...['no_fault_found', 'damaged_by_member', 'used_up', 'incomplete', 'not_ours', 'not_returned'],
  ...['perishable', 'custom_made', 'unsealed'],
] as const;
export type CaseRefusal = (typeof REFUSALS)[number];

/** How a case is made good. */
export const REMEDIES = ['refund', 'exchange', 'mend'] as const;
export type Remedy = (typeof REMEDIES)[number];

/** In the words of a refusal either: how it was paid for is no matter of it. */
const OF_POINTS = /积分|(?<![a-z])points?(?![a-z])/i;
export const speaksOfPoints = (note: string | null): boolean =>
  note !== null && OF_POINTS.test(note);
