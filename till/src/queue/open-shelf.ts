import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Entry } from './entry.ts';
import type { Shelf } from './send-waiting.ts';

interface Drawers extends DBSchema {
  entries: { key: string; value: Entry; indexes: { seq: number; state: string; at: string } };
  /** What the till has to know while it is cut off, by name. */
  facts: { key: string; value: unknown };
}

export interface TillStorage extends Shelf {
  /** Everything that happened since an instant, the latest first. */
  since(at: string): Promise<readonly Entry[]>;
  /** Forgets what was booked, or refused and seen, before an instant: what waits is never forgotten. */
  forget(before: string): Promise<void>;
  readFact(name: string): Promise<unknown>;
  keepFact(name: string, value: unknown): Promise<void>;
  /** Calls after every change, also by another tab. Returns how to stop. */
  watch(changed: () => void): () => void;
}

/** Written to disk before it is told as done: a confirmation that a power cut undoes would be a lie. */
const STRICT = { durability: 'strict' } as const;

export async function openStorage(name = 'hongmi-till'): Promise<TillStorage> {
  const db: IDBPDatabase<Drawers> = await openDB<Drawers>(name, 1, {
    upgrade(fresh) {
      const entries = fresh.createObjectStore('entries', { keyPath: 'key' });
      entries.createIndex('seq', 'seq', { unique: true });
      entries.createIndex('state', 'state');
      entries.createIndex('at', 'at');
      fresh.createObjectStore('facts');
    },
  });
  const listeners = new Set<() => void>();
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : undefined;
  const tell = (): void => {
    for (const each of listeners) each();
  };
  channel?.addEventListener('message', tell);
  const changed = (): void => {
    tell();
    channel?.postMessage('changed');
  };
  return {
    async add(entry) {
      const tx = db.transaction('entries', 'readwrite', STRICT);
      const known = await tx.store.get(entry.key);
      if (known !== undefined) return known;
      const last = await tx.store.index('seq').openKeyCursor(null, 'prev');
      const stored: Entry = { ...entry, seq: (last?.key ?? 0) + 1, state: 'waiting' };
      await tx.store.add(stored);
      await tx.done;
      changed();
      return stored;
    },
    async put(entry) {
      const tx = db.transaction('entries', 'readwrite', STRICT);
      await tx.store.put(entry);
      await tx.done;
      changed();
    },
    find: (key) => db.get('entries', key),
    async waiting() {
      const found = await db.getAllFromIndex('entries', 'state', 'waiting');
      return found.sort((a, b) => a.seq - b.seq);
    },
    async since(at) {
      const found = await db.getAllFromIndex('entries', 'at', IDBKeyRange.lowerBound(at));
      // Whatever still waits or was not seen belongs to every day until it does not.
      const open = await db.getAllFromIndex('entries', 'at', IDBKeyRange.upperBound(at, true));
      return [...open.filter(isOpen), ...found].sort((a, b) => b.seq - a.seq);
    },
    async forget(before) {
      const tx = db.transaction('entries', 'readwrite', STRICT);
      const old = IDBKeyRange.upperBound(before, true);
      for await (const cursor of tx.store.index('at').iterate(old))
        if (!isOpen(cursor.value)) await cursor.delete();
      await tx.done;
    },
    readFact: (fact) => db.get('facts', fact),
    async keepFact(fact, value) {
      await db.put('facts', value, fact);
      changed();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function isOpen(entry: Entry): boolean {
  return entry.state === 'waiting' || (entry.state === 'refused' && !entry.seen);
}
