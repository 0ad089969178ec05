/**
 * What becomes of a redemption: its states, and the steps between them. Every state is durable, every step is taken
 * by whoever finds the redemption in the state that it leads from, and only one of them.
 *
 *     ▶ reserved ─────────────────── take ────────────────────▶ fulfilled ─ cancel ▶ cancelling ─ end ▶ cancelled
 *        │  │  ├── confirm ──▶ confirmed ──── fulfil ──────────────▲
 *        │  │  └─ ask ▶ paying ─▲   └─ give_up ─┐
 *        │  │             └──── give_up, time_out: as below
 *        │  ├─ give_up ───────────────────────┴▶ refusing ─ end ▶ refused
 *        │  ├─ refuse ─────────────────────────────────────────────▲
 *        │  └─ time_out ▶ timing_out ─ end ▶ timed_out
 *     ▶ refused
 *
 * It begins `reserved`, with its piece set aside, or `refused`, when there is none. One type of points is taken at once: before,
 * there is nothing to undo, and after it all is done. Several are held first (`confirm`), then captured (`fulfil`). While cash is
 * paid beside them they are held too (`ask`).
 *
 * Until it is confirmed it may still be undone by time; from then on it is the member's, and what is undone is undone by
 * its terms.
 */
export const STEPS = {
  reserved: {
    take: 'fulfilled',
    confirm: 'confirmed',
    ask: 'paying',
    refuse: 'refused',
    give_up: 'refusing',
    time_out: 'timing_out',
  },
  // It goes on by what is known of its payment alone.
  paying: { confirm: 'confirmed', give_up: 'refusing', time_out: 'timing_out' },
  // Given up only when points that were held are not held any more, after an outage longer than any hold.
  confirmed: { fulfil: 'fulfilled', give_up: 'refusing' },
  fulfilled: { cancel: 'cancelling' },
  refusing: { end: 'refused' },
  timing_out: { end: 'timed_out' },
  cancelling: { end: 'cancelled' },
  refused: {},
  timed_out: {},
  cancelled: {},
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type State = keyof typeof STEPS;
type StepsOf<S extends State> = S extends State ? keyof (typeof STEPS)[S] : never;
export type Step = StepsOf<State>;
export const STATES = Object.keys(STEPS) as State[];
/** Where a redemption begins. */
export const FIRST_STATES = ['reserved', 'refused'] as const satisfies readonly State[];

/** Where a step leads from here; undefined: it is not one that can be taken here. */
export function after(state: State, step: Step): State | undefined {
  return (STEPS[state] as Partial<Record<Step, State>>)[step];
}

/** Whether a step makes it the member's: it says when. */
export const confirms = (step: Step): boolean => step === 'confirm' || step === 'take';

/** Whether nothing is to be done by itself: it came to its end, or is the member's. */
export function isAtRest(state: State): boolean {
  return state === 'fulfilled' || isOver(state);
}

/** Whether nothing can become of it any more. */
export function isOver(state: State): boolean {
  return Object.keys(STEPS[state]).length === 0;
}

/** Whether it comes to nothing, or has: nothing of it is the member's any more. */
export function isUndone(state: State): boolean {
  return UNDONE.has(state);
}
const UNDONE: ReadonlySet<State> = new Set([
  ...(['refusing', 'timing_out', 'cancelling'] as const),
  ...(['refused', 'timed_out', 'cancelled'] as const),
]);

/** What a redemption has of the stock: nothing, something set aside, or something that was given out. */
export type Has = 'nothing' | 'reserved' | 'sold';

/** `isConfirmed`: whether it ever was; what is undone gives back what it had until it is over. */
export function hasOfStock(state: State, isConfirmed: boolean): Has {
  if (isOver(state) && state !== 'fulfilled') return 'nothing';
  return isConfirmed ? 'sold' : 'reserved';
}

/** Where something is for who redeemed it: to be used, on its way, or neither. */
export const STAGES = ['to_use', 'under_way', 'over'] as const;
export type Stage = (typeof STAGES)[number];
