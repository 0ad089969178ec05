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

/** Whether the caller may see what a transaction was about; what there is not is nobody's. */
export async function isReached(
  subjects: Subjects,
  principal: Principal,
  transaction: Uuid,
): Promise<boolean> {
  if (principal.merchant === null && principal.programme === null) return true;
  const subject = await subjects.find(transaction);
  return subject !== undefined && reaches(principal, subject);
}
