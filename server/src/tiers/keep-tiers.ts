import type { Instant } from '../kernel/clock.ts';
import { type Due, finishDue } from '../kernel/due.ts';
import type { Uuid } from '../kernel/id.ts';
import { eachAlone } from '../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { countDeeds } from './count-deeds.ts';
import { COMMON, type Ladder } from './ladder.ts';
import { areDue, makeDue, readDue, readMembersAfter } from './member-store.ts';
import { type Moment, momentOf, reviewMembers, type TierDeps } from './review-members.ts';
import { type SchemeVersion, schemeAt } from './scheme.ts';
import {
  FIRST,
  type KeptLadder,
  readLadders,
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
 * counts deeds that are older than the first scheme; of each ladder by itself. Answers how many members and deeds
 * that were. Deeds that were counted are looked at once more unless only the time changed (`again`): then a ladder
 * on which nobody is due costs nothing of its own.
 */
export async function keepTiers(deps: TierDeps, again = true): Promise<number> {
  const steps = [() => uniteTiers(deps), () => keepLadders(deps, again)];
  return await eachAlone(steps, (step) => step(), 'the tiers of a programme could not be kept');
}

async function keepLadders(deps: TierDeps, again: boolean): Promise<number> {
  const { pool, programmes } = deps;
  const held = (await readLadders(pool)).flatMap((ladder): Held[] => {
    const programme = programmes.byId(ladder.programme);
    // Another process made it a moment ago.
    if (programme === undefined) return [];
    const now = programmes.programmeClock(programme.id);
    const version = schemeAt(ladder.versions, now);
    if (version === undefined) return [];
    return [{ ...ladder, version, now, moment: momentOf(deps, programme, [version], now) }];
  });
  const due = await areDue(pool, held);
  const keep = (index: number): Promise<number> =>
    keepLadder(deps, held[index] as Held, { again, isDue: due[index] === true });
  return await eachAlone(held.keys(), keep, 'a ladder could not be kept');
}

/** A ladder that has a scheme now. */
interface Held extends KeptLadder {
  readonly version: SchemeVersion;
  readonly now: Instant;
  readonly moment: Moment;
}

async function keepLadder(
  deps: TierDeps,
  { version, moment, walk, ...ladder }: Held,
  { again, isDue }: { readonly again: boolean; readonly isDue: boolean },
): Promise<number> {
  const { pool } = deps;
  const isCounted = walk.rounds > 0 && !again;
  const isSeen = walk.scheme === version.number && walk.membersAfter === FIRST;
  const steps: (() => Promise<number>)[] = [];
  if (!isCounted) steps.push(() => recount(deps, ladder, again));
  if (!isSeen) steps.push(() => callAll(pool, moment, version));
  if (!isSeen || isDue) steps.push(() => reviewDue(pool, moment, ladder));
  return await eachAlone(steps, (step) => step(), 'a ladder could not be kept');
}

/** Whoever cannot be looked at keeps nobody else waiting. */
function reviewDue(pool: Pool, moment: Moment, ladder: Ladder): Promise<number> {
  const due: Due<Uuid> = {
    read: (but, limit) => readDue(pool, ladder, moment.now, but, limit),
    async finish(members) {
      await withTransaction(pool, (tx) => reviewMembers(tx, moment, ladder, members));
      return members;
    },
  };
  return finishDue(due, PAGE);
}

/** By every scheme that begins to hold every member is looked at once: their time has come. */
async function callAll(pool: Pool, { now }: Moment, version: SchemeVersion): Promise<number> {
  let walk = await readWalk(pool, version);
  let after = walk.scheme === version.number ? walk.membersAfter : FIRST;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const members = await readMembersAfter(pool, version, after, PAGE);
    after = members.length < PAGE ? FIRST : (members.at(-1) ?? FIRST);
    walk = { ...walk, scheme: version.number, membersAfter: after };
    const next: Walk = walk;
    await withTransaction(pool, async (tx) => {
      await makeDue(tx, version, members, now);
      await writeWalk(tx, version, next);
    });
    if (after === FIRST) break;
  }
  return 0;
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
