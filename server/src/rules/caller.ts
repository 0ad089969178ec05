import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { View } from './store.ts';

/** Who asks for a change, and when. */
export interface Caller {
  /** An API key. */
  readonly key: Uuid;
  readonly view: View;
  readonly clock: Clock;
}
