import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { Principal } from '../platform/web/auth.ts';
import { lastFourIndex, type Member, phoneIndex } from './member.ts';
import { readSurvivorsOf } from './merged.ts';
import { askedGrams, nameMatches, openName } from './name.ts';
import { readNamesakes } from './name-store.ts';
import { readByLastFour, readExact } from './search-store.ts';
import type { Sought } from './search-text.ts';
import { readMembers } from './store.ts';

/** Of these members, those that a merchant knows: its customers, and who shares with it what is known of them. */
export type KnownTo = (merchant: Uuid, members: readonly Uuid[]) => Promise<ReadonlySet<Uuid>>;

export interface SearchDeps {
  readonly sql: Sql;
  readonly sealer: Sealer;
  readonly knownTo: KnownTo;
}

export type FoundBy = 'id' | 'phone' | 'external_id' | 'phone_last_four' | 'name';
export interface Found {
  readonly member: Member;
  readonly by: FoundBy;
}

/** Where a page ended: after whom the list of many goes on. */
export interface SearchPage {
  readonly found: readonly Found[];
  /** Null: nobody is left to look at. */
  readonly next: Uuid | null;
}

/** How many are looked at at once where few of them are for the caller, and for one page at most. */
const LOOKED_AT_ONCE = 250;
const LOOKED_AT_MAX = 1_000;

interface Candidate {
  readonly id: Uuid;
  readonly by: FoundBy;
  /** Of whom a hash was found alone: whether the text means them. Opens their name, so it is asked of who may be shown. */
  readonly isMeant?: () => boolean;
}

/**
 * Finds whom one line of text may mean, as far as the caller reaches: first whom it names, then by age those whose phone ends so
 * or who have it in their name. Absorbed members are found as who they are now. A page holds `limit` of the many at most; it may
 * hold fewer and yet have a next one, where most of those looked at are not for the caller.
 */
export async function searchMembers(
  deps: SearchDeps,
  sought: Sought,
  { merchant, programme }: Pick<Principal, 'merchant' | 'programme'>,
  { after, limit }: { readonly after: Uuid | null; readonly limit: number },
): Promise<SearchPage> {
  const within = programme?.id ?? null;
  const atOnce = merchant === null ? limit + 1 : LOOKED_AT_ONCE;
  const show = (candidates: readonly Candidate[]) => reveal(deps, candidates, { merchant, within });
  const exact = after === null ? await show(await exactOf(deps, sought)) : [];
  const found = new Map(exact.map((each) => [each.member.id, each]));
  const many: { member: Member; by: FoundBy; at: Uuid }[] = [];
  let at = after;
  let lookedAt = 0;
  let isEnd = false;
  while (!isEnd && many.length < limit && lookedAt < LOOKED_AT_MAX) {
    const batch = await manyOf(deps, sought, {
      programme: within,
      after: at,
      limit: atOnce,
    });
    lookedAt += batch.read;
    isEnd = batch.read < atOnce;
    at = batch.last ?? at;
    many.push(...(await show(batch.candidates)).filter(({ member }) => !found.has(member.id)));
    for (const each of many) found.set(each.member.id, each);
  }
  const shown = many.slice(0, limit);
  const last = many.length > limit ? (shown.at(-1)?.at ?? null) : isEnd ? null : at;
  return { found: [...exact, ...shown], next: last };
}

async function exactOf({ sql, sealer }: SearchDeps, sought: Sought): Promise<Candidate[]> {
  const { id, phone, externalId } = sought;
  const index = phone === null ? null : phoneIndex(sealer, phone);
  return await readExact(sql, { id, externalId, phoneIndex: index });
}

/** The next of those whom the text may mean though it does not name them, with how many rows that took. */
async function manyOf(
  { sql, sealer }: SearchDeps,
  { lastFour, name }: Sought,
  page: { readonly programme: number | null; readonly after: Uuid | null; readonly limit: number },
): Promise<{
  readonly candidates: Candidate[];
  readonly read: number;
  readonly last: Uuid | null;
}> {
  if (lastFour !== null) {
    const ids = await readByLastFour(sql, lastFourIndex(sealer, lastFour), page);
    const candidates = ids.map((id) => ({ id, by: 'phone_last_four' as const }));
    return { candidates, read: ids.length, last: ids.at(-1) ?? null };
  }
  if (name === null) return { candidates: [], read: 0, last: null };
  const namesakes = await readNamesakes(sql, askedGrams(sealer, name), page);
  const candidates = namesakes.map(({ id, sealed }) => ({
    id,
    by: 'name' as const,
    isMeant: () => nameMatches(openName(sealer, id, sealed) ?? '', name),
  }));
  return { candidates, read: namesakes.length, last: namesakes.at(-1)?.id ?? null };
}

/** Those of the candidates that the caller may find, as who they are now, in order and once each. */
async function reveal(
  { sql, knownTo }: SearchDeps,
  candidates: readonly Candidate[],
  { merchant, within }: { readonly merchant: Uuid | null; readonly within: number | null },
): Promise<(Found & { readonly at: Uuid })[]> {
  if (candidates.length === 0) return [];
  const survivors = await readSurvivorsOf(
    sql,
    candidates.map(({ id }) => id),
  );
  const persons = [...new Set(survivors.values())];
  const known = merchant === null ? null : await knownTo(merchant, persons);
  const reached = known === null ? persons : persons.filter((id) => known.has(id));
  const members = await readMembers(sql, reached, within);
  const shown: (Found & { at: Uuid })[] = [];
  for (const { id, by, isMeant } of candidates) {
    const survivor = survivors.get(id);
    const member = survivor === undefined ? undefined : members.get(survivor);
    if (survivor === undefined || member === undefined || isMeant?.() === false) continue;
    members.delete(survivor);
    shown.push({ member, by, at: id });
  }
  return shown;
}
