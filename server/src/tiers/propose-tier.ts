import { addToDate } from '../kernel/calendar.ts';
import type { Uuid } from '../kernel/id.ts';
import { readJoined } from '../members/joined.ts';
import { readSurvivorsOf } from '../members/merged.ts';
import type { Sql } from '../platform/database.ts';
import { readDays } from './day-store.ts';
import type { Ladder } from './ladder.ts';
import { type MemberTier, readTiersAfter } from './member-store.ts';
import { type Moment, versionOf } from './review-members.ts';
import { rankOf, type Tier, type TierScheme } from './scheme.ts';
import type { DayDone } from './standing.ts';

/** The days that are compared with as many before them. */
export const SPAN_DAYS = 60;
/** Fewer say nothing of a habit. */
const VISITS_MIN = 4;
/** So much more often is more than chance. */
const TIMES_MIN = 2;

/** How a member came lately, up to yesterday, and as many days before. */
export interface Trend {
  readonly recentVisits: number;
  readonly earlierVisits: number;
  readonly recentSpendFen: number;
}

/** A member who may deserve the next tier early. */
export interface Proposal extends Trend {
  readonly member: Uuid;
  readonly tier: string | null;
  readonly next: Tier;
}

export function trendOf(days: readonly DayDone[], today: string): Trend {
  const recent = addToDate(today, { days: -SPAN_DAYS });
  const earlier = addToDate(today, { days: -2 * SPAN_DAYS });
  const trend = { recentVisits: 0, earlierVisits: 0, recentSpendFen: 0 };
  for (const { day, orders, spendFen } of days) {
    if (day < earlier || day >= today) continue;
    const visits = orders > 0 ? 1 : 0;
    if (day < recent) trend.earlierVisits += visits;
    else {
      trend.recentVisits += visits;
      trend.recentSpendFen += spendFen;
    }
  }
  return trend;
}

/** The tier to give early to who comes much more often than before; null: none. */
export function proposedBy(
  scheme: TierScheme,
  { tier, floor }: Pick<MemberTier, 'tier' | 'floor'>,
  { recentVisits, earlierVisits }: Trend,
): Tier | null {
  // One that was given by hand is to be used first.
  if (floor !== null) return null;
  if (recentVisits < VISITS_MIN || recentVisits < TIMES_MIN * earlierVisits) return null;
  return scheme.tiers[rankOf(scheme, tier) + 1] ?? null;
}

const PAGE = 500;
/** Of one request. */
const PAGES_MAX = 20;

/**
 * Members behind `after`, by id, whom to give the next tier early; at most `limit`, of at most 10,000 that are looked
 * at. `last`: behind whom to go on; null: there are no more.
 */
export async function proposeTiers(
  sql: Sql,
  moment: Moment,
  ladder: Ladder,
  { after, limit }: { readonly after: Uuid; readonly limit: number },
): Promise<{ readonly proposals: Proposal[]; readonly last: Uuid | null }> {
  const proposals: Proposal[] = [];
  let last = after;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const members = await readTiersAfter(sql, ladder, last, PAGE);
    for (const proposal of await proposalsOf(sql, moment, ladder, members)) {
      proposals.push(proposal);
      if (proposals.length === limit) return { proposals, last: proposal.member };
    }
    last = members.at(-1)?.member ?? last;
    if (members.length < PAGE) return { proposals, last: null };
  }
  return { proposals, last };
}

async function proposalsOf(
  sql: Sql,
  moment: Moment,
  ladder: Ladder,
  found: readonly MemberTier[],
): Promise<Proposal[]> {
  const { programme, today } = moment;
  const { scheme } = versionOf(moment, ladder);
  const survivors = await readSurvivorsOf(
    sql,
    found.map(({ member }) => member),
  );
  // Who became part of another one counts there.
  const members = found.filter(({ member }) => survivors.get(member) === member);
  const joined = await readJoined(
    sql,
    members.map(({ member }) => ({ member, programme: programme.id })),
  );
  const from = addToDate(today, { days: -2 * SPAN_DAYS });
  const days = await readDays(
    sql,
    members.map(({ member }, index) => ({
      programme: programme.id,
      ladder: ladder.ladder,
      members: [member, ...(joined[index]?.absorbed ?? [])],
      from,
    })),
  );
  return members.flatMap((each, index) => {
    const trend = trendOf(days[index] ?? [], today);
    const next = proposedBy(scheme, each, trend);
    return next === null ? [] : [{ member: each.member, tier: each.tier, next, ...trend }];
  });
}
