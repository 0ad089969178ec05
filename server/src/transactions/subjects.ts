import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import { findSubject, type Subject } from '../ledger/read.ts';
import type { Sql } from '../platform/database.ts';
import { type Principal, reaches } from '../platform/web/auth.ts';

/** About 10 MB when full. What a recorded transaction was about never changes. */
const KNOWN_MAX = 20_000;

/** Looks up what a transaction was about, for commands that act on it. */
export interface Subjects {
  find(id: Uuid): Promise<Subject | undefined>;
}

export function createSubjects(sql: Sql): Subjects {
  const known = new LRUCache<Uuid, Subject>({ max: KNOWN_MAX });
  return {
    async find(id) {
      const remembered = known.get(id);
      if (remembered !== undefined) return remembered;
      const found = await findSubject(sql, id);
      if (found !== undefined) known.set(id, found);
      return found;
    },
  };
}

/**
 * A record as the caller may see it: a member learns neither which person of the staff answers for it, nor who bears what it
 * costs, nor which other member it went to.
 */
export function seenBy<T extends object>(principal: Principal, shown: T): T {
  if (principal.member === null) return shown;
  const hidden = new Set(['actor', 'funders', 'receiverId', 'entries']);
  return Object.fromEntries(Object.entries(shown).filter(([field]) => !hidden.has(field))) as T;
}

/** Whether the caller may see what a transaction was about; what there is not is nobody's. */
export async function isReached(
  subjects: Subjects,
  principal: Principal,
  transaction: Uuid,
): Promise<boolean> {
  const { merchant, programme, member } = principal;
  if (merchant === null && programme === null && member === null) return true;
  const subject = await subjects.find(transaction);
  return subject !== undefined && reaches(principal, subject);
}
