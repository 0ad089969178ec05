import { readActiveAt } from '../activities/read-active-at.ts';
import { readSpokeOf } from '../consents/store.ts';
import type { Uuid } from '../kernel/id.ts';
import { readDealtAt } from '../ledger/read-dealt-at.ts';
import { readAbsorbed } from '../members/merged.ts';
import type { KnownTo } from '../members/search-members.ts';
import { readJoinedAt } from '../members/search-store.ts';
import type { SharesWith } from '../members/sight.ts';
import { readBoughtAt } from '../orders/read-bought-at.ts';
import type { Sql } from '../platform/database.ts';

/**
 * Whom a merchant knows: who joined, bought or did something there, had points moved there, or shares with it what is known
 * of them; also as a member that has become part of them. Who did much is asked about last, when least are left.
 */
export function createKnownTo(sql: Sql, sharesWith: SharesWith): KnownTo {
  const readers = [readJoinedAt, readBoughtAt, readActiveAt, readDealtAt];
  return async (merchant, members) => {
    const whose = new Map<Uuid, Uuid>(members.map((member) => [member, member]));
    for (const { survivor, absorbed } of await readAbsorbed(sql, members))
      whose.set(absorbed, survivor);
    const known = new Set<Uuid>();
    for (const read of readers) {
      const left = [...whose].flatMap(([part, person]) => (known.has(person) ? [] : [part]));
      if (left.length === 0) return known;
      for (const part of await read(sql, merchant, left)) known.add(whose.get(part) ?? part);
    }
    // What all consents of a member come to is dear to find out: asked only of those who ever spoke of this merchant.
    const others = members.filter((member) => !known.has(member));
    const spoken = await readSpokeOf(sql, merchant, others);
    const shared = await Promise.all(spoken.map(async (member) => sharesWith(member, merchant)));
    spoken.forEach((member, place) => {
      if (shared[place] === true) known.add(member);
    });
    return known;
  };
}
