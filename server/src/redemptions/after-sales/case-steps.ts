/**
 * What becomes of an after-sales case: its states, and the steps between them.
 *
 *     opened ─ accept ▶ accepted ─ send ▶ sent ─ receive ▶ received ─ refund ▶ settling ─ end ▶ refunded
 *       │                  └───────── receive ───────────────┘  │
 *       ├─ refund ▶ settling, exchange ▶ exchanged, mend ▶ mended (so does received)
 *       ├─ refuse ▶ refused ─ appeal ▶ escalated (so does received)
 *       └─ escalate ▶ escalated (so do sent and received): nobody acted in time
 *     escalated ─ accept, refund, exchange, mend, as if it were just opened; or dismiss ▶ dismissed
 *
 * Until it is settled the member may withdraw it, unless what it is about is on its way back already, and a supplier who cancels
 * overtakes it. What waits for the merchant has a deadline. What waits for the member (accepted) or the operator (escalated) has none.
 */
export const CASE_STEPS = {
  opened: {
    ...{ accept: 'accepted', refund: 'settling', exchange: 'exchanged', mend: 'mended' },
    ...{ refuse: 'refused', escalate: 'escalated', withdraw: 'withdrawn', overtake: 'withdrawn' },
  },
  accepted: { send: 'sent', receive: 'received', withdraw: 'withdrawn', overtake: 'withdrawn' },
  sent: {
    ...{ receive: 'received', escalate: 'escalated' },
    ...{ withdraw: 'withdrawn', overtake: 'withdrawn' },
  },
  received: {
    ...{ refund: 'settling', exchange: 'exchanged', mend: 'mended' },
    ...{ refuse: 'refused', escalate: 'escalated', overtake: 'withdrawn' },
  },
  escalated: {
    ...{ accept: 'accepted', refund: 'settling', exchange: 'exchanged', mend: 'mended' },
    ...{ dismiss: 'dismissed', withdraw: 'withdrawn', overtake: 'withdrawn' },
  },
  refused: { appeal: 'escalated' },
  settling: { end: 'refunded' },
  refunded: {},
  exchanged: {},
  mended: {},
  dismissed: {},
  withdrawn: {},
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type CaseState = keyof typeof CASE_STEPS;
type StepsOf<S extends CaseState> = S extends CaseState ? keyof (typeof CASE_STEPS)[S] : never;
export type CaseStep = StepsOf<CaseState>;
export const CASE_STATES = Object.keys(CASE_STEPS) as CaseState[];

/** Where a step leads from here; undefined: it is not one that can be taken here. */
export function caseAfter(state: CaseState, step: CaseStep): CaseState | undefined {
  return (CASE_STEPS[state] as Partial<Record<CaseStep, CaseState>>)[step];
}

/** What a unit that is under a case is for other cases: theirs again once it ended without points back. */
export type Holds = 'nothing' | 'for now' | 'for ever';

const HOLDS: Readonly<Record<CaseState, Holds>> = {
  opened: 'for now',
  accepted: 'for now',
  sent: 'for now',
  received: 'for now',
  escalated: 'for now',
  settling: 'for ever',
  refunded: 'for ever',
  refused: 'nothing',
  exchanged: 'nothing',
  mended: 'nothing',
  dismissed: 'nothing',
  withdrawn: 'nothing',
};
export const holdsUnits = (state: CaseState): Holds => HOLDS[state];

/**
 * Whole days that the merchant has: more than 15 without a word count as a refusal (侵害消费者权益行为处罚办法 8, 9);
 * what came back is settled within 7 (消费者权益保护法 25, 实施条例 19).
 */
export const DAYS_TO_ACT: Partial<Record<CaseState, number>> = {
  opened: 15,
  sent: 15,
  received: 7,
};
