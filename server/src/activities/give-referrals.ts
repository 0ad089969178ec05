import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import {
  endInvited,
  type Invited,
  readInvited,
  readLateInvited,
} from '../members/invitations/store.ts';
import { readSurvivorsOf } from '../members/merged.ts';
import type { ActivityRequest } from './candidates.ts';
import { referralOffer } from './referral-offer.ts';
import type { ActivityDeps, TellActivities } from './tell-activities.ts';
import { toldItself } from './told-itself.ts';

/** Records the referral of everybody who became a member by an invitation, where a rule gives something for it. */
export interface Referrals {
  /** For members that have just joined, at once. */
  give(members: readonly Uuid[]): Promise<void>;
  /** Those that a crash left behind. */
  readonly leftovers: Leftovers<Invited>;
}

export function createReferrals(deps: ActivityDeps, tellActivities: TellActivities): Referrals {
  const { pool, clock, programmes } = deps;

  async function record(list: readonly Invited[]): Promise<void> {
    if (list.length === 0) return;
    const survivors = await readSurvivorsOf(
      pool,
      list.map(({ by }) => by),
    );
    const requests: ActivityRequest[] = [];
    for (const { member: referred, programme, by, since } of list) {
      const member = survivors.get(by) ?? by;
      // When it was by the clock of the programme.
      const at: Instant = since + programmes.programmeClock(programme) - clock.now();
      const offer = await referralOffer(deps, { member, programme, at });
      if (offer === undefined) continue;
      const { merchant } = offer;
      const activityNo = numberOf(referred);
      requests.push(
        toldItself({ ...{ merchant, member, activityNo, at, referred }, kind: 'referral' }),
      );
    }
    // What is refused was told before by somebody, or cannot be told at all: it is done with either way.
    if (requests.length > 0) await tellActivities.many(requests);
    await endInvited(pool, list);
  }

  return {
    give: async (members) => record(await readInvited(pool, members)),
    leftovers: {
      read: (before, after, limit) => readLateInvited(pool, before, after, limit),
      async finish(list) {
        await record(list);
        return list.length;
      },
    },
  };
}

/** Always the same for who was invited, and tells whoever invited them nothing about who that is. */
const numberOf = (referred: Uuid): string =>
  `invitation ${sha256(`invited ${referred}`).toString('hex').slice(0, 24)}`;
