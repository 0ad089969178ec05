import type { Booked, Entry, NewEntry, Refused } from './entry.ts';

/** Where entries are kept. What `put` and `add` have answered survives a crash. */
export interface Shelf {
  /** Stores a new entry behind all others; one whose key is there already stays as it is. */
  add(entry: NewEntry): Promise<Entry>;
  put(entry: Entry): Promise<void>;
  find(key: string): Promise<Entry | undefined>;
  /** What waits, in the order it happened. */
  waiting(): Promise<readonly Entry[]>;
}

/** What became of sending one entry. */
export type Sent =
  | { readonly kind: 'booked'; readonly booked: Booked }
  | { readonly kind: 'refused'; readonly why: Refused }
  /** Not now: what is behind it in its lane waits with it. */
  | { readonly kind: 'later' }
  /** Nobody answers: nothing else would be answered either. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'signed_out' };

export type Send = (entry: Entry) => Promise<Sent>;
/** `idle`: nothing waits that could be sent. */
export type Outcome = 'idle' | 'later' | 'unreachable' | 'signed_out';

/** More than any till rings up in a day; whoever comes here goes round in circles. */
const ROUNDS_MAX = 100_000;

/**
 * Sends what waits, one after the other, until nothing more can be sent now. Whatever happens between an answer and its being
 * written down, the entry still waits and is sent again under its key: so each is booked once, and never less than once.
 * One that is refused stands behind nothing: what is behind it is sent.
 */
export async function sendWaiting(
  shelf: Pick<Shelf, 'waiting' | 'put'>,
  send: Send,
  isOurs: (entry: Entry) => boolean,
): Promise<Outcome> {
  const held = new Set<string>();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const waiting = (await shelf.waiting()).filter(isOurs);
    const next = waiting.find(({ lane }) => !held.has(lane));
    if (next === undefined) return held.size > 0 ? 'later' : 'idle';
    const sent = await send(next);
    switch (sent.kind) {
      case 'booked': {
        const { booked } = sent;
        await shelf.put({ ...next, ...settled(next, booked), state: 'booked', booked });
        break;
      }
      case 'refused':
        await shelf.put({ ...next, state: 'refused', why: sent.why, seen: false });
        break;
      case 'later':
        held.add(next.lane);
        break;
      case 'unreachable':
      case 'signed_out':
        return sent.kind;
    }
  }
  throw new Error('a queue goes round in circles');
}

/** Whose it is is known now: no phone number is kept on, and goods come back when the code counts no more. */
function settled({ whom, lane }: Entry, { memberId }: Booked): Pick<Entry, 'whom' | 'lane'> {
  const isByPhone = whom !== null && 'phone' in whom;
  return {
    whom: memberId === null ? null : { memberId },
    lane: isByPhone ? (memberId ?? '') : lane,
  };
}
