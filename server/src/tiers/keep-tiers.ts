import { eachAlone } from '../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { countDeeds } from './count-deeds.ts';
import { COMMON, type Ladder } from './ladder.ts';
import { readDue, readMembersAfter } from './member-store.ts';
import { type Moment, momentOf, reviewMembers, type TierDeps } from './review-members.ts';
import type { SchemeVersion } from './scheme.ts';
import {
  FIRST,
  readLadders,
  readVersionAt,
  readWalk,
  type Walk,
  writeWalk,
} from './scheme-store.ts';
import { uniteTiers } from './unite-tiers.ts';

const PAGE = 500;
/** Of one round, so that other jobs have their turn: half a million deeds. */
const PAGES_MAX = 1_000;

/**
 * What the minute does: looks at members whose time has come, at all of them when another scheme begins to hold, and
 * counts deeds that are older than the first scheme; of each
 * ladder by itself. Answers how many members and deeds that were. Deeds that were
 * counted are looked at once more unless only the time changed (`again`).
 */
export async function keepTiers(deps: TierDeps, again = true): Promise<number> {
  const united = await uniteTiers(deps);
  const keep = (ladder: Ladder): Promise<number> => keepLadder(deps, ladder, again);
  const ladders = await readLadders(deps.pool);
  return united + (await eachAlone(ladders, keep, 'the tiers of a programme could not be kept'));
}

async function keepLadder(deps: TierDeps, ladder: Ladder, again: boolean): Promise<number> {
  const { pool, programmes } = deps;
  const programme = programmes.byId(ladder.programme);
  // Another process made it a moment ago.
  if (programme === undefined) return 0;
  const now = programmes.programmeClock(programme.id);
  const version = await readVersionAt(pool, ladder, now);
  if (version === undefined) return 0;
  const counted = await recount(deps, ladder, again);
  const moment = momentOf(deps, programme, [version], now);
  const reviewed = await reviewAll(pool, moment, version);
  return counted + reviewed + (await reviewDue(pool, moment, ladder));
}

async function reviewDue(pool: Pool, moment: Moment, ladder: Ladder): Promise<number> {
  let done = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const members = await readDue(pool, ladder, moment.now, PAGE);
    if (members.length > 0)
      await withTransaction(pool, (tx) => reviewMembers(tx, moment, ladder, members));
    done += members.length;
    if (members.length < PAGE) break;
  }
  return done;
}

/** Every member is looked at once by every scheme that begins to hold. */
async function reviewAll(pool: Pool, moment: Moment, version: SchemeVersion): Promise<number> {
  let done = 0;
  let walk = await readWalk(pool, version);
  if (walk.scheme === version.number && walk.membersAfter === FIRST) return 0;
  let after = walk.scheme === version.number ? walk.membersAfter : FIRST;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const members = await readMembersAfter(pool, version, after, PAGE);
    after = members.length < PAGE ? FIRST : (members.at(-1) ?? FIRST);
    walk = { ...walk, scheme: version.number, membersAfter: after };
    const next: Walk = walk;
    await withTransaction(pool, async (tx) => {
      if (members.length > 0) await reviewMembers(tx, moment, version, members);
      await writeWalk(tx, version, next);
    });
    done += members.length;
    if (after === FIRST) break;
  }
  return done;
}

/**
 * Counts all deeds of a ladder once, those that were there before its tiers; and then again, a page a minute, for
 * ever: what is counted is proved to be what orders and activities say, or is corrected.
 */
async function recount(deps: TierDeps, of: Ladder, again: boolean): Promise<number> {
  const { programme, ladder } = of;
  let done = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const walk = await readWalk(deps.pool, of);
    if (walk.rounds > 0 && !again) break;
    const { deeds, last } = await deps.deeds.walk(deps.pool, programme, walk.deedsAfter, PAGE);
    const own = deeds.filter(({ merchant }) => ladder === COMMON || merchant === ladder);
    const changed = await countDeeds(deps, own, ladder);
    const next: Walk = {
      ...walk,
      deedsAfter: last ?? FIRST,
      rounds: walk.rounds + (last === null ? 1 : 0),
      corrected: walk.corrected + (walk.rounds === 0 ? 0 : changed),
    };
    await withTransaction(deps.pool, (tx) => writeWalk(tx, of, next));
    done += changed;
    if (next.rounds > 0) break;
  }
  return done;
}
