import { LRUCache } from 'lru-cache';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { noteUses } from './store.ts';

const HOUR_MS = 3_600_000;
const KEYS_MAX = 10_000;
const WRITE_EVERY_MS = 10_000;

/** Notes when keys were used: within the hour, and at most one write for a key in each, however often it is used. */
export interface KeyUses {
  note(key: Uuid, now: Instant): void;
  /** Writes down what was noted; what cannot be written is noted again by the next use. */
  write(): Promise<void>;
  /** Writes what is left, and no more. */
  close(): Promise<void>;
}

export function openKeyUses(sql: Sql, onError: (error: unknown) => void): KeyUses {
  const noted = new LRUCache<Uuid, Instant>({ max: KEYS_MAX });
  let waiting = new Map<Uuid, Instant>();

  async function write(): Promise<void> {
    if (waiting.size === 0) return;
    const uses = waiting;
    waiting = new Map();
    try {
      await noteUses(sql, uses);
    } catch (error) {
      for (const key of uses.keys()) noted.delete(key);
      throw error;
    }
  }
  const timer = setInterval(() => void write().catch(onError), WRITE_EVERY_MS);
  timer.unref();
  return {
    note(key, now) {
      const last = noted.get(key);
      if (last !== undefined && now >= last && now - last < HOUR_MS) return;
      noted.set(key, now);
      waiting.set(key, now);
    },
    write,
    async close() {
      clearInterval(timer);
      await write().catch(onError);
    },
  };
}
