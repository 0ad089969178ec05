import { sha256 } from '../../kernel/hash.ts';
import { isUuid, type Uuid } from '../../kernel/id.ts';

/** Where a page ended: the sort key of its last item. */
export type CursorPosition = readonly (string | number)[];

const CHECK_BYTES = 6;

/**
 * An opaque position in the list `list`. Its checksum refuses typing errors and cursors of other lists;
 * it is no secret: a forged one only starts the same list, under the same rights, elsewhere.
 */
export function writeCursor(list: string, position: CursorPosition): string {
  const text = JSON.stringify(position);
  return Buffer.concat([check(list, text), Buffer.from(text)]).toString('base64url');
}

/** The position in a cursor, or undefined when it was not made by {@link writeCursor} for this list. */
export function readCursor(list: string, cursor: string): CursorPosition | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor) return undefined;
  const text = bytes.toString('utf8', CHECK_BYTES);
  if (!check(list, text).equals(bytes.subarray(0, CHECK_BYTES))) return undefined;
  return JSON.parse(text) as CursorPosition;
}

function check(list: string, text: string): Buffer {
  return sha256(`${list}\n${text}`).subarray(0, CHECK_BYTES);
}

/** Where a list by id starts: after the id in the cursor, or at its beginning; undefined when the cursor is bad. */
export function readPageStart(
  list: string,
  cursor: string | undefined,
): { readonly after: Uuid | null } | undefined {
  if (cursor === undefined) return { after: null };
  const id = readCursor(list, cursor)?.[0];
  return typeof id === 'string' && isUuid(id) ? { after: id } : undefined;
}

/** The cursor after the first `limit` of `found`, which was asked for one more; null when there are no more. */
export function writeNextCursor(
  list: string,
  found: readonly { readonly id: Uuid }[],
  limit: number,
): string | null {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return last === undefined ? null : writeCursor(list, [last.id]);
}

/** Where a list by number starts: after the number in the cursor, or at its beginning; undefined when the cursor is bad. */
export function readNumberStart(list: string, cursor: string | undefined): number | undefined {
  const after = cursor === undefined ? 0 : readCursor(list, cursor)?.[0];
  return Number.isSafeInteger(after) ? Number(after) : undefined;
}

/** The cursor after the first `limit` of `found`, as {@link writeNextCursor}, by their numbers. */
export function writeNextNumber(
  list: string,
  found: readonly { readonly number: number }[],
  limit: number,
): string | null {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return last === undefined ? null : writeCursor(list, [last.number]);
}
