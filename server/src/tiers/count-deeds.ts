import { localDate } from '../kernel/calendar.ts';
import type { Touched } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import { readSurvivorsOf } from '../members/merged.ts';
import { type Transaction, withTransaction } from '../platform/database.ts';
import { DEFAULT_POINT_TYPE, pointTypeOf } from '../programs/programme.ts';
import type { MemberKey } from './day-store.ts';
import { writeCounted } from './day-store.ts';
import { lockMembers } from './member-store.ts';
import { momentOf, reviewLocked, type TierDeps } from './review-members.ts';
import { schemeAt } from './scheme.ts';
import { readSchemes } from './scheme-store.ts';

/**
 * Counts orders and activities as they are now, and looks at the members whose figures changed. It may be told of one
 * any number of times, before and after returns of it, and by several at once: members are locked before deeds are
 * read, and only the difference to what was counted is added. What is told with its worth is not read: it is new, and
 * counts unless somebody, who then knew more, has counted it meanwhile; a return of it is told of by itself.
 * Answers how many changed what was counted.
 */
export async function countDeeds(deps: TierDeps, touched: readonly Touched[]): Promise<number> {
  let changed = 0;
  for (const id of new Set(touched.map(({ programme }) => programme))) {
    const own = touched.filter(({ programme }) => programme === id);
    changed += await withTransaction(deps.pool, (tx) => count(tx, deps, id, own));
  }
  return changed;
}

async function count(
  tx: Transaction,
  deps: TierDeps,
  id: number,
  touched: readonly Touched[],
): Promise<number> {
  const { programmes, deeds } = deps;
  const programme = programmes.byId(id);
  const schemes = await readSchemes(tx, id);
  const [first] = schemes;
  // Without tiers nothing is counted: once there is a scheme, a walk counts all that was before it.
  if (programme === undefined || first === undefined) return 0;
  const { locked, survivors } = await lockPersons(
    tx,
    id,
    touched.map(({ member }) => member),
  );
  const asked = new Set(touched.filter(({ worth }) => worth === undefined).map(({ deed }) => deed));
  const read = asked.size === 0 ? [] : await deeds.read(tx, [...asked]);
  const found = read.map((each) => ({ ...each, isNew: false }));
  const told = touched.flatMap(({ worth, ...each }) =>
    worth === undefined || asked.has(each.deed) ? [] : [{ ...each, ...worth, isNew: true }],
  );
  const pointType = pointTypeOf(programme, first.scheme.pointType ?? DEFAULT_POINT_TYPE)?.id ?? 0;
  const changed = await writeCounted(
    tx,
    [...told, ...found].map(({ deed, member, at, spendFen, points, isNew }) => {
      const day = localDate(at, programme.timeZone);
      const earned = points.get(pointType) ?? 0;
      return { deed, programme: id, member, day, spendFen, points: earned, isNew };
    }),
  );
  const now = programmes.programmeClock(id);
  const version = schemeAt(schemes, now);
  if (version !== undefined) {
    const wanted = new Set(
      changed.map((each: MemberKey): Uuid => survivors.get(each.member) ?? each.member),
    );
    const members = locked.filter(({ member }) => wanted.has(member));
    await reviewLocked(tx, momentOf(deps, programme, version, now), members);
  }
  return changed.reduce((sum, each) => sum + each.deeds, 0);
}

/** Locks these members and who they are now, which may change until the locks are held. */
async function lockPersons(tx: Transaction, programme: number, owners: readonly Uuid[]) {
  for (;;) {
    const survivors = await readSurvivorsOf(tx, owners);
    const persons = [...new Set([...owners, ...survivors.values()])];
    const locked = await lockMembers(
      tx,
      persons.map((member) => ({ programme, member })),
    );
    const now = await readSurvivorsOf(tx, owners);
    if (owners.every((owner) => now.get(owner) === survivors.get(owner)))
      return { locked, survivors };
  }
}
