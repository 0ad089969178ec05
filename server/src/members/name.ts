import Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import { InstantText, idOf, object, text } from '../platform/web/schema.ts';

/** What a member is called, as it was written. */
export const NameText = Type.Unsafe<string>({ ...text(60), examples: ['王小明'] });

/** Sealing binds a name to its member, as it does a phone. */
export const nameContext = (member: Uuid): string => `member.name ${member}`;

export const NewName = object({ name: NameText }, { title: 'NewName' });
export const NameKept = object(
  { memberId: idOf('member'), given: Type.Boolean(), at: InstantText },
  {
    title: 'NameKept',
    description: 'That a name is kept, or was deleted; never which one: answers are stored.',
  },
);

/** A name as it is compared: compatible forms are one, and case, spaces and the dots inside names do not count. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s·•‧・]/gu, '');
}

/** Marks the one character that a name begins with, so that it finds nobody who has it further on. */
const FIRST = '^';

/**
 * What finds a name: its first character, and each pair of neighbouring ones, once. A search for one character finds names
 * that begin with it; a longer one, all that contain it.
 */
function partsOf(folded: string): string[] {
  const characters = [...folded];
  const [first] = characters;
  if (first === undefined) return [];
  return [`${FIRST}${first}`, ...pairsOf(characters)];
}

function pairsOf(characters: readonly string[]): string[] {
  const pairs = characters.slice(1).map((character, place) => `${characters[place]}${character}`);
  return [...new Set(pairs)];
}

/** 32 bits: enough to tell the pairs of all names apart but for a few, which opening the names does. */
const gramOf = (sealer: Sealer, part: string): number =>
  sealer.index('member.name.gram', part).readInt32BE(0);

/** Under what a name is found. */
export function gramsOf(sealer: Sealer, name: string): number[] {
  return [...new Set(partsOf(foldName(name)).map((part) => gramOf(sealer, part)))];
}

/** More are not looked up together: what these leave is found out by opening the names. */
const ASKED_MAX = 4;

/** Under what all names are found that contain the text; of one character, those that begin with it. None: nobody is. */
export function askedGrams(sealer: Sealer, folded: string): number[] {
  const characters = [...folded];
  const parts = characters.length === 1 ? partsOf(folded) : pairsOf(characters);
  return [...new Set(parts.slice(0, ASKED_MAX).map((part) => gramOf(sealer, part)))];
}

/** Whether a search for `folded` means this name. */
export function nameMatches(name: string, folded: string): boolean {
  const own = foldName(name);
  return [...folded].length === 1 ? own.startsWith(folded) : own.includes(folded);
}

const STARS_MAX = 3;

/** A name for whoever has no right to all of it: `王*明`, `李*`. How long it is does not show beyond five characters. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  const [first = ''] = characters;
  if (characters.length < 2) return '*';
  const stars = '*'.repeat(Math.min(Math.max(characters.length - 2, 1), STARS_MAX));
  return characters.length === 2 ? `${first}${stars}` : `${first}${stars}${characters.at(-1)}`;
}

/** The name in a row of `member`; null: none was given. */
export function openName(sealer: Sealer, member: Uuid, sealed: Buffer | null): string | null {
  if (sealed === null) return null;
  const name = sealer.open(nameContext(member), sealed);
  if (name === undefined) throw new Error('a name does not open under the master key');
  return name;
}
