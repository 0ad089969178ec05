import { setConnection } from '@hongmi/ui/connection.ts';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Act, Entry, Whom } from '../queue/entry.ts';
import { createSender, type Sender } from '../queue/keep-sending.ts';
import { createLookUp } from '../queue/look-up.ts';
import type { TillStorage } from '../queue/open-shelf.ts';
import { createSend, sentOf } from '../queue/send.ts';
import { type Outcome, sendWaiting } from '../queue/send-waiting.ts';
import { hongmi } from './api.ts';
import { dayIn, instantAt } from './clock.ts';
import type { Shop } from './shop.ts';

/** What is asked to be booked. `key` is made once for what a cashier does: pressing twice is once. */
interface Wish {
  readonly key: string;
  readonly act: Act;
  readonly whom: Whom | null;
  readonly shown: string | null;
  readonly lane: string;
  readonly isOffline: boolean;
}

/** A till that somebody works at: what they do is stored here first, and sent from here. */
export interface Till {
  readonly shop: Shop;
  readonly store: string | null;
  /** Everything of the last days, the latest first; the same list until something changes. */
  entries(): readonly Entry[];
  subscribe(listener: () => void): () => void;
  /**
   * Stores it, sends it, and answers how far it came after a moment: who has no answer by then is not kept waiting. Throws when it
   * cannot be stored.
   */
  book(wish: Wish): Promise<Entry>;
  /** Somebody has read why it could not be booked. */
  acknowledge(entry: Entry): Promise<void>;
  kick(): void;
  /** The programme's time. */
  now(): string;
  close(): void;
}

/** As long as a cashier waits for an answer before the till says "later". */
const PATIENCE_MS = 4_000;
const KEPT_MS = 7 * 86_400_000;
const TIDY_MS = 3_600_000;
const LOCK = 'hongmi-till';

export async function openTill(
  storage: TillStorage,
  shop: Shop,
  store: string | null,
): Promise<Till> {
  const send = createSend({ api: hongmi, find: storage.find, lookUp: createLookUp(hongmi) });
  // A session sends what its own person rang up: the register says who did it.
  const isOurs = (entry: Entry): boolean => entry.staff.id === shop.staff.id;
  const drain = () =>
    locked(async (): Promise<Outcome> => {
      if (!(await storage.waiting()).some(isOurs)) return 'idle';
      const why = await whyNotAs(shop.staff.id);
      return why ?? (await sendWaiting(storage, send, isOurs));
    });
  const sender: Sender = createSender(drain, { after, random: Math.random }, (outcome) => {
    if (outcome === 'signed_out') setConnection({ needsSignIn: true });
    // That somebody answers again is found out by asking (gate.tsx): a queue with nothing in it says nothing.
    if (outcome === 'unreachable') setConnection({ isReachable: false });
  });
  const now = (): string => instantAt(shop.offsetMs);
  const since = (): string => new Date(Date.parse(now()) - KEPT_MS).toISOString();
  let entries = await storage.since(since());
  const listeners = new Set<() => void>();
  const look = async (): Promise<void> => {
    entries = await storage.since(since());
    for (const each of listeners) each();
  };
  const stopWatching = storage.watch(() => void look());
  const tidy = (): Promise<void> => storage.forget(since());
  await tidy();
  // Tills stay open for weeks.
  const tidying = setInterval(() => void tidy(), TIDY_MS);
  const back = (): void => void sender.kick();
  addEventListener('online', back);
  back();
  return {
    ...{ shop, store, now },
    entries: () => entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async book(wish) {
      const { staff, merchantId } = shop;
      const stored = await storage.add({ ...wish, staff, merchantId, store, at: now() });
      const sent = sender.kick();
      // Of what is known to be cut off nobody waits for an answer.
      if (!wish.isOffline) await Promise.race([sent, patience()]);
      return (await storage.find(stored.key)) ?? stored;
    },
    async acknowledge(entry) {
      if (entry.state === 'refused') await storage.put({ ...entry, seen: true });
    },
    kick: back,
    close() {
      sender.stop();
      stopWatching();
      clearInterval(tidying);
      removeEventListener('online', back);
    },
  };
}

/** Why nothing can be sent as this person now: another may have signed in since, in this tab or in another. */
async function whyNotAs(staff: string): Promise<Outcome | undefined> {
  try {
    const session = await hongmi.whoAmI();
    return session.staff?.id === staff ? undefined : 'signed_out';
  } catch (error) {
    const { kind } = sentOf(error);
    return kind === 'refused' ? 'signed_out' : kind;
  }
}

/** One tab sends at a time. Where a browser has no locks (plain http) the keys alone see to it that each is booked once. */
function locked<T>(run: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? (navigator.locks.request(LOCK, run) as Promise<T>) : run();
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

const patience = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS);
  });

/** 128 random bits: of what is done, and so of what is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A number of the till's own for a bill, an order or a return: the programme's day, and 40 random bits that can be read aloud. */
export function newNumber(letter: string, { shop, now }: Till): string {
  const day = dayIn(shop.timeZone)(now());
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const drawn = [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${letter}${day.slice(2).replaceAll('-', '')}-${drawn}`;
}

const Context = createContext<Till | null>(null);
export const TillProvider = Context.Provider;

export function useTill(): Till {
  const till = useContext(Context);
  if (till === null) throw new Error('pages are shown at a till');
  return till;
}

export function useEntries(): readonly Entry[] {
  const till = useTill();
  return useSyncExternalStore(till.subscribe, till.entries);
}
