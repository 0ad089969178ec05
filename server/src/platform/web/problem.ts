import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../kernel/refusal.ts';
import { refusal as makeRefusal } from '../../kernel/refusal.ts';

/**
 * Every problem the API can answer with, and its HTTP status: the one table of codes. A code is stable
 * and part of the API; add a row when a feature makes a new one.
 */
export const PROBLEMS = {
  // The request itself
  invalid_request: [400, 'The request does not have the expected form'],
  invalid_json: [400, 'The body is not JSON'],
  invalid_text: [400, 'The request contains text that is not valid Unicode'],
  cursor_invalid: [400, 'The cursor was not made by this list'],
  idempotency_key_missing: [400, 'This request needs an Idempotency-Key header'],
  idempotency_key_invalid: [400, 'The Idempotency-Key header is not valid'],
  unauthenticated: [401, 'A valid API key is needed'],
  scope_missing: [403, 'The API key lacks a scope'],
  merchant_out_of_reach: [403, 'The API key belongs to another merchant'],
  not_found: [404, 'There is nothing here'],
  idempotency_key_reused: [422, 'The Idempotency-Key was used with another request'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be JSON in UTF-8'],
  too_many_attempts: [429, 'Too many failed attempts'],
  method_not_allowed: [405, 'This address does not take this method'],
  uri_too_long: [414, 'The address is too long'],
  header_too_large: [431, 'The headers are too large'],
  too_many_lines: [422, 'This has more lines than the format takes: ask for CSV, or for less'],
  internal_error: [500, 'Something went wrong inside the server'],
  unavailable: [503, 'The service is not available at the moment'],
  operator_only: [403, 'Only the operator may do this'],
  platform_only: [403, 'Only the operator of the whole platform may do this'],
  // Keys, programmes, merchants, members
  key_not_found: [404, 'There is no such API key'],
  key_is_root: [409, 'The root key cannot be revoked here'],
  programme_not_found: [404, 'There is no such programme'],
  programme_exists: [409, 'The programme exists already'],
  point_type_not_found: [404, 'The programme has no such point type'],
  point_type_exists: [409, 'The programme has this point type already'],
  too_many_point_types: [409, 'The programme can have no more point types'],
  points_never_expire: [409, 'These points never expire'],
  expiry_in_past: [422, 'Points would have lapsed before they are issued'],
  not_a_sandbox: [409, 'Only a sandbox programme has a clock that can be set'],
  clock_backwards: [409, 'A clock cannot be set back'],
  budget_not_found: [404, 'There is no such budget'],
  budget_exists: [409, 'A budget of this name exists already'],
  budget_below_spent: [409, 'More of the budget is spent already'],
  merchant_not_found: [404, 'There is no such merchant'],
  merchant_exists: [409, 'A merchant of this name exists already'],
  notice_needed: [422, 'Members must be told of this change earlier'],
  terms_in_past: [422, 'Terms count from now on, or from later'],
  change_announced: [409, 'A change is announced: another one counts from then on, or later'],
  store_not_found: [404, 'The merchant has no such store'],
  store_exists: [409, 'The merchant has a store of this code already'],
  member_not_found: [404, 'There is no such member'],
  member_exists: [409, 'A member with this phone or external id exists already'],
  membership_exists: [409, 'The member takes part in this programme already'],
  member_merged: [409, 'The member has become part of another one'],
  member_erased: [409, 'The texts about the member were erased'],
  notice_not_found: [404, 'There is no notice of this purpose yet'],
  notice_in_past: [422, 'A notice becomes valid now or later'],
  notice_out_of_order: [409, 'A notice becomes valid after the version before it'],
  notice_not_in_force: [409, 'Another version of the notice is in force'],
  guardian_required: [422, 'A guardian must agree for a member under 14'],
  consent_missing: [409, 'The member does not consent to this'],
  credit_band_not_found: [404, 'The member has no credit band'],
  segment_not_found: [404, 'There is no such segment, or the member is not in it'],
  segment_exists: [409, 'The programme has a segment of this code'],
  message_not_found: [404, 'There is no such message'],
  merge_with_oneself: [422, 'A member is merged with another one'],
  memberships_differ: [409, 'The survivor is not in all programmes of the other member'],
  // Rules
  rule_not_found: [404, 'There is no such rule'],
  rule_version_not_found: [404, 'There is no such version of a rule'],
  rule_exists: [409, 'There is a rule of this code already'],
  rule_has_no_draft: [409, 'The rule has no draft: it was published, or dropped'],
  rule_not_in_force: [409, 'Nothing of the rule is in force by then'],
  rule_limit_reached: [409, 'Its owner has as many rules in force as there may be'],
  rule_invalid: [422, 'The rule does not make sense'],
  rule_time_past: [422, 'A rule cannot be changed for the past'],
  simulation_not_found: [404, 'There is no such simulation'],
  simulation_running: [409, 'A simulation is under way already'],
  simulation_finished: [409, 'The simulation has ended'],
  simulation_period: [422, 'This history cannot be replayed'],
  simulation_of_orders: [422, 'Only rules about orders can be tried on history'],
  simulation_proves_nothing: [
    422,
    'The simulation does not prove that this is as good for members',
  ],
  // Rewards and their promotions
  reward_not_found: [404, 'There is no such reward'],
  reward_version_not_found: [404, 'There is no such version of a reward'],
  reward_exists: [409, 'There is a reward of this code already'],
  reward_has_no_draft: [409, 'The reward has no draft: it was published, or dropped'],
  reward_not_in_force: [409, 'Nothing of the reward is in force by then'],
  reward_limit_reached: [409, 'Its owner has as many rewards in force as there may be'],
  reward_invalid: [422, 'The reward does not make sense'],
  reward_time_past: [422, 'A reward cannot be changed for the past'],
  promotion_not_found: [404, 'There is no such promotion'],
  promotion_version_not_found: [404, 'There is no such version of a promotion'],
  promotion_exists: [409, 'There is a promotion of this code already'],
  promotion_has_no_draft: [409, 'The promotion has no draft: it was published, or dropped'],
  promotion_not_in_force: [409, 'Nothing of the promotion is in force by then'],
  promotion_limit_reached: [409, 'Its owner has as many promotions in force as there may be'],
  promotion_invalid: [422, 'The promotion does not make sense'],
  promotion_time_past: [422, 'A promotion cannot be changed for the past'],
  // Tiers
  tiers_not_found: [404, 'There are no such tiers yet'],
  tiers_invalid: [422, 'The tiers do not make sense'],
  tiers_in_past: [422, 'Tiers cannot be changed for the past'],
  tier_points_fixed: [409, 'Tiers count points of another type already'],
  tier_not_found: [422, 'There is no such tier'],
  tier_not_higher: [409, 'The member has this tier or a higher one'],
  tier_until_invalid: [422, 'A tier cannot be given until that day'],
  tier_service_not_found: [422, 'The member’s tier brings no such service'],
  tier_service_elsewhere: [422, 'The tier does not bring the service at this merchant'],
  tier_service_used_up: [409, 'The quota of the service is used up for now'],
  service_use_exists: [409, 'The merchant has another use of this number'],
  service_use_not_found: [404, 'There is no such use of a service'],
  service_use_undone: [409, 'The use was undone already, for another reason'],
  // Orders, returns of goods, transactions
  order_not_found: [404, 'There is no such order'],
  order_exists: [409, 'The merchant has another order of this number'],
  order_completed: [409, 'The order was completed before, at another time'],
  completed_before_paid: [422, 'An order is completed after it was paid'],
  return_not_found: [404, 'There is no such return'],
  return_exists: [409, 'The merchant has another return of this number'],
  return_not_waiting: [409, 'The return does not wait for its order any more'],
  return_withdrawn: [409, 'The return was withdrawn before its order came'],
  activity_not_found: [404, 'There is no such activity'],
  activity_exists: [409, 'The merchant has another activity of this number'],
  activity_once: [409, 'This happens once only, and was recorded before'],
  forgery_noted: [409, 'The evidence was noted as forged before, with other words'],
  certificate_not_found: [404, 'There is no such certificate'],
  certificate_exists: [409, 'The merchant has a certificate of this number of the issuing body'],
  certificate_revoked: [409, 'The certificate was revoked'],
  carbon_method_not_found: [404, 'There is no such method'],
  carbon_method_too_early: [
    422,
    'A method begins at an instant that has not come, after its predecessor',
  ],
  carbon_factors_swapped: [422, 'What is done instead may not emit more than what is usual'],
  carbon_out_of_range: [422, 'No activity saves that much'],
  transaction_not_found: [404, 'There is no such transaction'],
  hold_not_found: [404, 'There is no such hold'],
  lot_not_found: [404, 'There is no such lot'],
  finding_not_found: [404, 'There is no such finding'],
  finding_acknowledged: [409, 'The finding was acknowledged before'],
  already_claimed: [409, 'Another transaction has claimed this'],
  period_invalid: [422, 'The period ends before it begins'],
  cut_not_found: [404, 'There is no such cut'],
  cut_in_future: [422, 'The period is not over yet'],
  cut_not_after_last: [409, 'A later cut closed that time already'],
  clearing_period_not_found: [404, 'There is no such period of clearing'],
  programme_not_cleared: [409, 'The programme has no prices between merchants'],
  period_in_future: [422, 'The period of clearing is not over yet'],
  period_not_after_last: [409, 'A period ends after the last one, and after the last cut'],
  period_closed: [409, 'That time is closed, for good'],
  period_not_closed: [409, 'The period is not closed yet'],
  clearing_parties_invalid: [
    422,
    'One party pays another: merchants of the programme, or the platform',
  ],
  clearing_adjustment_not_found: [404, 'There is no such adjustment of clearing'],
  clearing_adjustment_decided: [409, 'The adjustment was decided, or needs no second person'],
  dispute_not_found: [404, 'There is no such dispute'],
  dispute_too_late: [422, 'The days to dispute a period are over'],
  dispute_too_much: [422, 'More is disputed, or upheld, than there is'],
  dispute_about_nothing: [422, 'The merchant has no such figures in the period'],
  dispute_exists: [409, 'The merchant disputes this already'],
  dispute_ended: [409, 'The dispute is over'],
  proposal_not_found: [404, 'There is no such proposal'],
  transfer_not_found: [404, 'There is no such transfer'],
  gift_to_oneself: [422, 'A gift goes to another member'],
  points_not_transferable: [422, 'Points of this type cannot be given away'],
  amount_out_of_range: [422, 'The lines add up to more than a number can show'],
  line_no_repeated: [422, 'Every line of an order has its own number'],
  order_line_not_found: [422, 'The order has no such line'],
  return_exceeds_order: [422, 'More comes back than is left of the line'],
  order_of_another_member: [422, 'The order is another member’s'],
  order_never_came: [422, 'The order of the return did not come in time'],
  attribute_reserved: [422, 'This attribute is given by the platform'],
  birthday_automatic: [422, 'The platform keeps birthdays'],
  no_evidence: [422, 'The activity has no evidence'],
  referral_incomplete: [422, 'A referral names the referred member, and nothing else does'],
  referral_of_oneself: [422, 'Nobody refers themselves'],
  backdating_not_allowed: [422, 'This time may not be said'],
  time_in_future: [422, 'This time has not come yet'],
  // Redemptions
  reward_out_of_stock: [409, 'Fewer are left of the reward'],
  redemption_limit_reached: [422, 'The member gets no more of the reward for now'],
  redemption_quota_reached: [422, 'The merchant gives out no more of the reward for now'],
  promotion_budget_spent: [
    422,
    'The last of the promotion’s budget was just spent; ask again for the plain price',
  ],
  stock_unlimited: [409, 'The reward has no limit that could be changed'],
  stock_below_taken: [409, 'More of the reward is taken already'],
  reward_elsewhere: [422, 'The reward is handed out elsewhere'],
  particulars_unfit: [422, 'The reward asks for other particulars'],
  slot_not_offered: [422, 'It cannot be booked then'],
  booking_too_late: [422, 'It is booked earlier than that'],
  reward_not_booked: [422, 'The reward is not booked'],
  days_invalid: [422, 'These are no days, or too many'],
  slot_full: [409, 'Fewer places are left then'],
  booking_not_movable: [422, 'Its terms do not let the booking be moved any more'],
  region_not_served: [422, 'It is not delivered there'],
  delivery_not_found: [404, 'There is no such delivery'],
  delivery_state: [409, 'The delivery is not that far, or is further'],
  payment_not_offered: [422, 'Cash cannot be paid there'],
  payer_needed: [422, 'What also costs cash needs to know who pays'],
  payment_refused: [422, 'The payment did not come about as asked'],
  payment_notice_refused: [401, 'The notice is not one of the payment provider’s'],
  cash_refund_exceeds_paid: [422, 'More cash would go back than is left of what was paid'],
  price_changed: [409, 'The price is another one now'],
  price_not_offered: [422, 'The reward has no such price for the member'],
  reward_not_for_member: [422, 'The member cannot have the reward now'],
  redemption_not_found: [404, 'There is no such redemption'],
  redemption_timed_out: [409, 'The redemption was not confirmed in time'],
  redemption_not_cancellable: [422, 'Its terms do not let the redemption be cancelled'],
  voucher_not_found: [404, 'There is no such voucher'],
  voucher_used: [409, 'The voucher was used'],
  voucher_void: [409, 'The voucher was cancelled'],
  voucher_expired: [422, 'The voucher has lapsed'],
  voucher_too_early: [422, 'The voucher does not count yet'],
  voucher_elsewhere: [422, 'The voucher counts at other stores'],
  bill_too_small: [422, 'The bill is too small for the voucher'],
  bill_offset_too_much: [422, 'The bill bears fewer units'],
  bill_offset_exists: [409, 'Points were taken off this bill already'],
  bill_not_offset: [422, 'It takes nothing off a bill'],
  bill_undone: [409, 'It is undone, or never came to pass'],
  bill_void_too_late: [422, 'A bill is undone on its own day; later its goods are returned'],
  bill_goods_returned: [409, 'Goods of the bill were returned already'],
  bill_return_exists: [409, 'The bill has another return of this number'],
  bill_return_too_much: [422, 'Fewer goods of the bill are left'],
  fund_not_found: [404, 'There is no such fund'],
  fund_not_receiving: [422, 'The fund takes no donations now'],
  fund_payment_exists: [409, 'The merchant has another payment of this reference'],
  fund_payment_too_much: [422, 'Less is owed to the fund'],
  donation_not_found: [404, 'There is no such donation'],
  donation_paid_over: [409, 'The donation was paid over to the fund'],
  voucher_use_exists: [409, 'The merchant has another use of this number'],
  voucher_use_not_found: [404, 'There is no such use of a voucher'],
  voucher_use_undone: [409, 'The use was undone already'],
  after_sales_case_not_found: [404, 'There is no such after-sales case'],
  after_sales_not_offered: [422, 'The terms of the redemption do not offer this'],
  after_sales_too_late: [422, 'The days that the terms give for this are over'],
  after_sales_units_taken: [409, 'These units are not there, came back, or are under another case'],
  after_sales_step_not_possible: [409, 'The case is not at a point where this can be said'],
  after_sales_words: [422, 'How it was paid for is no reason'],
  redemption_not_handed_out: [409, 'Nothing of the redemption was handed out, or it was cancelled'],
  redemption_has_case: [409, 'An after-sales case is about the redemption'],
  supplier_cancellation_not_found: [404, 'There is no such cancellation by a supplier'],
  // Funding, payments, invoices
  funding_account_not_found: [404, 'There is no such funding account'],
  funding_account_exists: [409, 'The merchant has a funding account in the programme already'],
  funding_reference_exists: [409, 'A transfer of this reference was booked before'],
  funding_too_little: [422, 'Less is in custody that is not drawn for points'],
  funding_too_much: [422, 'No account holds that much'],
  // The books
  book_period_not_found: [404, 'There is no such period of the books'],
  books_up_to_date: [409, 'Clearing has closed no period whose books are open'],
  book_estimate_backdated: [422, 'An estimate counts for books that are not closed yet'],
  book_value_backdated: [409, 'Closed books tell of points of this month already'],
  nothing_to_allocate: [422, 'Nothing that is sold has a value'],
  // What the ledger refuses
  insufficient_points: [422, 'Fewer points are available'],
  points_out_of_range: [422, 'More points than a number can show'],
  limit_reached: [422, 'The limit leaves less than that'],
  budget_exhausted: [422, 'The budget leaves less than that'],
  too_many_sliding_lots: [422, 'The account can have no more lots that slide'],
  expires_before_available: [422, 'The points would lapse before they can be spent'],
  hold_needs_end: [422, 'A hold ends at some time to come'],
  hold_closed: [422, 'The hold was captured or released'],
  hold_expired: [422, 'The hold has timed out'],
  hold_exceeded: [422, 'Less than that is held'],
  hold_not_due: [422, 'The hold has not timed out yet'],
  holds_open: [422, 'The account still has open holds'],
  not_an_earn: [422, 'Only an earn can be returned'],
  return_exceeds_earn: [422, 'More is returned than is left of the earn'],
  not_a_burn: [422, 'Only a burn or a capture can be refunded'],
  refund_exceeds_burn: [422, 'More is refunded than is left of the burn'],
  approval_required: [422, 'A correction this large takes two persons'],
  same_person: [422, 'Who proposed a correction cannot approve it'],
  overdraft_needs_max: [422, 'An agreed overdraft says how far it goes'],
  conversion_not_offered: [422, 'The programme does not offer this conversion'],
  too_few_to_convert: [422, 'So few points come to nothing in the other type'],
  nothing_due: [422, 'Nothing has lapsed'],
  nothing_to_transfer: [422, 'The account is empty'],
  transfer_returned: [422, 'The transfer was given back'],
  gift_too_large: [422, 'A gift is no larger than the programme says'],
  too_many_lots: [422, 'The points are of too many lots for one gift'],
  proof_too_long: [422, 'The next seal is too far away for a proof'],
  // Registrations
  member_ambiguous: [409, 'The phone and the external ids belong to different members'],
  phone_invalid: [422, 'This is not a phone number'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** An RFC 9457 problem; what a refusal's facts say stands beside these members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [fact: string]: unknown;
}

// A refusal whose code somebody forgot is still a refusal; problem.test.ts finds it.
const UNLISTED = [422, 'The request was refused'] as const;

/** The HTTP status a code is answered with. */
export function statusOf(code: string): number {
  return (PROBLEMS[code as ProblemCode] ?? UNLISTED)[0];
}

/** The problem that tells a refusal to the outside. */
export function problemOf(refusal: Refusal): Problem {
  const [status, title] = PROBLEMS[refusal.code as ProblemCode] ?? UNLISTED;
  const { code, message, errors } = refusal;
  return {
    ...refusal.facts,
    ...(errors === undefined ? {} : { errors }),
    type: `urn:hongmi:problem:${code}`,
    title,
    status,
    detail: message,
    code,
  };
}

/** A refusal whose code is in the table; `detail` tells this case, the table's title the kind. */
export function problem(code: ProblemCode, detail?: string, facts?: Refusal['facts']): Refusal {
  return makeRefusal(code, detail ?? PROBLEMS[code][1], facts);
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Ends the request with a problem: `return refuse(reply, problem('merchant_not_found'))`. */
export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendProblem(reply, problemOf(refusal));
}

export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  // A string is sent as it is: the route's response schema must not drop a problem's facts.
  return reply.code(body.status).type(PROBLEM_TYPE).send(JSON.stringify(body));
}
