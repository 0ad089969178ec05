import { localDate } from '../kernel/calendar.ts';
import type { Touched } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import { readSurvivorsOf } from '../members/merged.ts';
import { type Transaction, withTransaction } from '../platform/database.ts';
import { DEFAULT_POINT_TYPE, type Programme, pointTypeOf } from '../programs/programme.ts';
import type { MemberKey } from './day-store.ts';
import { writeCounted } from './day-store.ts';
import { COMMON, laddersAt } from './ladder.ts';
import { lockMembers } from './member-store.ts';
import { momentOf, reviewLocked, type TierDeps } from './review-members.ts';
import { type SchemeVersion, schemeAt } from './scheme.ts';
import { readSchemes } from './scheme-store.ts';

/**
 * Counts orders and activities as they are now, each for the programme's ladder and for its merchant's, as far as there are
 * tiers, and looks at the members whose figures changed. It may be told of one any number of times, before and after
 * returns of it, and by several at once: members are locked before deeds are read, and only the difference to what was
 * counted is added. What is told with its worth is not read: it is new, and counts unless somebody, who then knew more,
 * has counted it meanwhile; a return of it is told of by itself. As many statements for two ladders as for one.
 * `only`: for that ladder alone. Answers how often what was counted changed.
 */
export async function countDeeds(
  deps: TierDeps,
  touched: readonly Touched[],
  only?: Uuid,
): Promise<number> {
  let changed = 0;
  for (const id of new Set(touched.map(({ programme }) => programme))) {
    const own = touched.filter(({ programme }) => programme === id);
    changed += await withTransaction(deps.pool, (tx) => count(tx, deps, id, own, only));
  }
  return changed;
}

async function count(
  tx: Transaction,
  deps: TierDeps,
  id: number,
  touched: readonly Touched[],
  only: Uuid | undefined,
): Promise<number> {
  const { programmes, deeds } = deps;
  const programme = programmes.byId(id);
  const named = [COMMON, ...new Set(touched.map(({ merchant }) => merchant))];
  const asked = named.filter((ladder) => only === undefined || ladder === only);
  const schemes = await readSchemes(tx, id, asked);
  // Without tiers nothing is counted: once there is a scheme, a walk counts all that was before it.
  if (programme === undefined || schemes.size === 0) return 0;
  const laddersOf = ({ merchant }: Pick<Touched, 'merchant'>): Uuid[] =>
    laddersAt(merchant).filter((ladder) => schemes.has(ladder));
  const concerned = touched.filter((each) => laddersOf(each).length > 0);
  if (concerned.length === 0) return 0;
  const { locked, survivors } = await lockPersons(
    tx,
    concerned.flatMap((each) =>
      laddersOf(each).map((ladder) => ({ programme: id, ladder, member: each.member })),
    ),
  );
  const known = await readWorths(tx, deeds, concerned);
  const pointTypes = pointTypesOf(programme, schemes);
  const changed = await writeCounted(
    tx,
    known.flatMap((each) => {
      const { deed, member, at, spendFen, points, isNew } = each;
      const common = { deed, programme: id, member, spendFen, isNew };
      const day = localDate(at, programme.timeZone);
      return laddersOf(each).map((ladder) => {
        const earned = points.get(pointTypes.get(ladder) ?? 0) ?? 0;
        return { ...common, ladder, day, points: earned };
      });
    }),
  );
  const now = programmes.programmeClock(id);
  const versions = [...schemes.values()].flatMap((each) => schemeAt(each, now) ?? []);
  const moment = momentOf(deps, programme, versions, now);
  const wanted = new Set(
    changed.map(({ ladder, member }) => `${ladder} ${survivors.get(member) ?? member}`),
  );
  const members = locked.filter(
    ({ ladder, member }) => moment.versions.has(ladder) && wanted.has(`${ladder} ${member}`),
  );
  await reviewLocked(tx, moment, members);
  return changed.reduce((sum, each) => sum + each.deeds, 0);
}

/** What each deed is worth: as it is told, or as it is read. */
async function readWorths(tx: Transaction, deeds: TierDeps['deeds'], touched: readonly Touched[]) {
  const asked = new Set(touched.filter(({ worth }) => worth === undefined).map(({ deed }) => deed));
  const read = asked.size === 0 ? [] : await deeds.read(tx, [...asked]);
  const found = read.map((each) => ({ ...each, isNew: false }));
  const told = touched.flatMap(({ worth, ...each }) =>
    worth === undefined || asked.has(each.deed) ? [] : [{ ...each, ...worth, isNew: true }],
  );
  return [...told, ...found];
}

/** The numbers of the point types that ladders count. */
function pointTypesOf(
  programme: Programme,
  schemes: ReadonlyMap<Uuid, readonly SchemeVersion[]>,
): ReadonlyMap<Uuid, number> {
  return new Map(
    [...schemes].map(([ladder, [first]]) => {
      const code = first?.scheme.pointType ?? DEFAULT_POINT_TYPE;
      return [ladder, pointTypeOf(programme, code)?.id ?? 0];
    }),
  );
}

/** Locks these members and who they are now, which may change until the locks are held. */
async function lockPersons(tx: Transaction, keys: readonly MemberKey[]) {
  const owners = [...new Set(keys.map(({ member }) => member))];
  for (;;) {
    const survivors = await readSurvivorsOf(tx, owners);
    const locked = await lockMembers(
      tx,
      keys.flatMap((key) => {
        const survivor = survivors.get(key.member);
        if (survivor === undefined || survivor === key.member) return [key];
        return [key, { ...key, member: survivor }];
      }),
    );
    const now = await readSurvivorsOf(tx, owners);
    if (owners.every((owner) => now.get(owner) === survivors.get(owner)))
      return { locked, survivors };
  }
}
