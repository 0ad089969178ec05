import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Sql } from '../platform/database.ts';
import { mergedAway, readAbsorbed } from './merged.ts';
import type { Members } from './registry.ts';
import { readMemberships } from './store.ts';

/** Who a member is, for what must reach all of a person and knows nothing of merges. */
export interface Person {
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  readonly absorbedBy: (member: Uuid) => Promise<readonly Uuid[]>;
  /** In a programme, by its number. */
  readonly takesPart: (member: Uuid, programme: number) => Promise<boolean>;
}

export function personOf(sql: Sql, members: Members): Person {
  return {
    hasMember: members.has,
    refusalOf: async (member) => mergedAway(await members.survivors(member)),
    absorbedBy: async (member) =>
      (await readAbsorbed(sql, [member])).map(({ absorbed }) => absorbed),
    takesPart: async (member, programme) =>
      (await readMemberships(sql, member, programme)).length > 0,
  };
}
