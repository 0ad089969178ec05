import type { Instant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { endJoinings, type Joining, readJoinings, readLateJoinings } from '../members/joining.ts';
import type { ActivityRequest } from './candidates.ts';
import { listens } from './rate-activity.ts';
import type { ActivityDeps, TellActivities } from './tell-activities.ts';
import { toldItself } from './told-itself.ts';

/** Records the registration of everybody who joins a programme where a rule listens to it. */
export interface Registrations {
  /** For members that have just joined, at once. */
  give(members: readonly Uuid[]): Promise<void>;
  /** Those that a crash left behind. */
  readonly leftovers: Leftovers<Joining>;
}

export function createRegistrations(
  deps: Pick<ActivityDeps, 'pool' | 'clock' | 'programmes' | 'ruleBookOf'>,
  tellActivities: TellActivities,
): Registrations {
  const { pool, clock, programmes, ruleBookOf } = deps;

  /** When it was by the clock of the programme. */
  const joinedAt = ({ programme, since }: Joining): Instant =>
    since + programmes.programmeClock(programme) - clock.now();

  async function record(joinings: readonly Joining[]): Promise<void> {
    if (joinings.length === 0) return;
    const heard: Joining[] = [];
    for (const each of joinings) {
      const at = joinedAt(each);
      const book = await ruleBookOf(each.programme, at);
      if (listens(book, 'registration', each.merchant, at)) heard.push(each);
    }
    // What is refused was told before by somebody, or cannot be told at all: it is done with either way.
    if (heard.length > 0)
      await tellActivities.many(heard.map((each) => requestOf(each, joinedAt(each))));
    await endJoinings(pool, joinings);
  }

  return {
    give: async (members) => record(await readJoinings(pool, members)),
    leftovers: {
      read: (before, after, limit) => readLateJoinings(pool, before, after, limit),
      async finish(list) {
        await record(list);
        return list.length;
      },
    },
  };
}

function requestOf({ member, merchant }: Joining, at: Instant): ActivityRequest {
  const activityNo = `registration of ${showId('member', member)}`;
  return toldItself({ merchant, member, kind: 'registration', activityNo, at });
}
