import type { Instant } from '../kernel/clock.ts';
import { eachAlone } from '../kernel/leftovers.ts';
import { withTransaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import { countDeeds } from './count-deeds.ts';
import { readDue, readMembersAfter } from './member-store.ts';
import { momentOf, reviewMembers, type TierDeps } from './review-members.ts';
import { type SchemeVersion, schemeAt } from './scheme.ts';
import { FIRST, readSchemes, readWalk, type Walk, writeWalk } from './scheme-store.ts';
import { uniteTiers } from './unite-tiers.ts';

const PAGE = 500;
/** Of one round, so that other jobs have their turn: half a million deeds. */
const PAGES_MAX = 1_000;

/**
 * What the minute does: looks at members whose time has come, at all of them when another scheme begins to hold, and
 * counts deeds that are older than the first scheme. Answers how many members and deeds that were. Deeds that were
 * counted are looked at once more unless only the time changed (`again`).
 */
export async function keepTiers(deps: TierDeps, again = true): Promise<number> {
  const united = await uniteTiers(deps);
  const tiered = deps.programmes.all().filter((programme) => programme.tiered);
  const keep = (programme: Programme): Promise<number> => keepProgramme(deps, programme, again);
  return united + (await eachAlone(tiered, keep, 'the tiers of a programme could not be kept'));
}

async function keepProgramme(
  deps: TierDeps,
  programme: Programme,
  again: boolean,
): Promise<number> {
  const now = deps.programmes.programmeClock(programme.id);
  const version = schemeAt(await readSchemes(deps.pool, programme.id), now);
  if (version === undefined) return 0;
  const counted = await recount(deps, programme.id, again);
  const reviewed = await reviewAll(deps, programme, version, now);
  return counted + reviewed + (await reviewDue(deps, programme, version, now));
}

async function reviewDue(
  deps: TierDeps,
  programme: Programme,
  version: SchemeVersion,
  now: Instant,
): Promise<number> {
  const { pool } = deps;
  const moment = momentOf(deps, programme, version, now);
  let done = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const members = await readDue(pool, programme.id, now, PAGE);
    if (members.length > 0) await withTransaction(pool, (tx) => reviewMembers(tx, moment, members));
    done += members.length;
    if (members.length < PAGE) break;
  }
  return done;
}

/** Every member is looked at once by every scheme that begins to hold. */
async function reviewAll(
  deps: TierDeps,
  programme: Programme,
  version: SchemeVersion,
  now: Instant,
): Promise<number> {
  const { pool } = deps;
  const moment = momentOf(deps, programme, version, now);
  let done = 0;
  let walk = await readWalk(pool, programme.id);
  if (walk.scheme === version.number && walk.membersAfter === FIRST) return 0;
  let after = walk.scheme === version.number ? walk.membersAfter : FIRST;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const members = await readMembersAfter(pool, programme.id, after, PAGE);
    after = members.length < PAGE ? FIRST : (members.at(-1) ?? FIRST);
    walk = { ...walk, scheme: version.number, membersAfter: after };
    const next: Walk = walk;
    await withTransaction(pool, async (tx) => {
      if (members.length > 0) await reviewMembers(tx, moment, members);
      await writeWalk(tx, programme.id, next);
    });
    done += members.length;
    if (after === FIRST) break;
  }
  return done;
}

/**
 * Counts all deeds of a programme once, those that were there before its tiers; and then again, a page a minute, for
 * ever: what is counted is proved to be what orders and activities say, or is corrected.
 */
async function recount(deps: TierDeps, programme: number, again: boolean): Promise<number> {
  let done = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const walk = await readWalk(deps.pool, programme);
    if (walk.rounds > 0 && !again) break;
    const { deeds, last } = await deps.deeds.walk(deps.pool, programme, walk.deedsAfter, PAGE);
    const changed = await countDeeds(deps, deeds);
    const next: Walk = {
      ...walk,
      deedsAfter: last ?? FIRST,
      rounds: walk.rounds + (last === null ? 1 : 0),
      corrected: walk.corrected + (walk.rounds === 0 ? 0 : changed),
    };
    await withTransaction(deps.pool, (tx) => writeWalk(tx, programme, next));
    done += changed;
    if (next.rounds > 0) break;
  }
  return done;
}
