/**
 * What becomes of a redemption: its states, and the steps between them. Every state is durable, every step is taken
 * by whoever finds the redemption in the state that it leads from, and only one of them.
 *
 *     recorded ─ reserve ▶ reserved ─ hold ▶ held ─ confirm ▶ confirmed ─ fulfil ▶ fulfilled
 *        │                    │               │                   │                   │
 *        │ refuse             └─ give_up ─────┼── give_up ────────┘            cancel │
 *        ▼                          ▼         └─ time_out ▶ timing_out ─ end ▶ timed_out
 *     refused ◀──────── end ── refusing                     cancelling ◀──────────────┘ ─ end ▶ cancelled
 *
 * Until it is confirmed it may still be undone by time; from then on it is the member's, and what is undone is undone by
 * its terms.
 */
export const STEPS = {
  recorded: { reserve: 'reserved', refuse: 'refused' },
  reserved: { hold: 'held', give_up: 'refusing' },
  held: { confirm: 'confirmed', time_out: 'timing_out' },
  // Only when points that were held are not held any more, after an outage longer than any hold.
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

/** Where a step leads from here; undefined: it is not one that can be taken here. */
export function after(state: State, step: Step): State | undefined {
  return (STEPS[state] as Partial<Record<Step, State>>)[step];
}

/** Whether nothing is to be done by itself: it came to its end, or is the member's. */
export function isAtRest(state: State): boolean {
  return state === 'fulfilled' || isOver(state);
}

/** Whether nothing can become of it any more. */
export function isOver(state: State): boolean {
  return Object.keys(STEPS[state]).length === 0;
}

/** What a redemption has of the stock: nothing, something set aside, or something that was given out. */
export type Has = 'nothing' | 'reserved' | 'sold';

/** `isConfirmed`: whether it ever was; what is undone gives back what it had until it is over. */
export function hasOfStock(state: State, isConfirmed: boolean): Has {
  if (state === 'recorded' || (isOver(state) && state !== 'fulfilled')) return 'nothing';
  return isConfirmed ? 'sold' : 'reserved';
}
