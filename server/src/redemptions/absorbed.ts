import type { Uuid } from '../kernel/id.ts';
import { readAbsorbed } from '../members/merged.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';

/** Who became part of a member: what they had of a reward counts on the member's limits. Asked together with all who ask at once. */
export function createAbsorbedOf(sql: Sql): (member: Uuid) => Promise<readonly Uuid[]> {
  const lane = createLane<Uuid, readonly Uuid[]>({
    maxBatch: 500,
    maxQueue: 20_000,
    async run(members) {
      const found = await readAbsorbed(sql, members);
      return members.map((member) =>
        found.filter(({ survivor }) => survivor === member).map(({ absorbed }) => absorbed),
      );
    },
  });
  return (member) => lane.push(member);
}
