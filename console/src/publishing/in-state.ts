import type { PageOf } from '../design/column.ts';
import type { Published } from './version.ts';

/** The states that a list can be narrowed to. */
export const STATES = ['in_force', 'announced', 'draft'] as const;

/** Whether something of an item is in a state. */
function isIn({ current, announced, draft }: Published<unknown>, state: string): boolean {
  if (state === 'in_force') return current !== null;
  return state === 'announced' ? announced.length > 0 : draft !== null;
}

/**
 * The next page on which there is an item in this state, all of them without one: the API does not ask for states. Cursors are those
 * of the API, so that what is read next begins where this ended.
 */
export async function pageInState<Item extends Published<unknown>>(
  state: string | undefined,
  cursor: string | undefined,
  read: (cursor: string | undefined) => Promise<PageOf<Item>>,
): Promise<PageOf<Item>> {
  let from = cursor;
  for (;;) {
    const { items, nextCursor } = await read(from);
    const found = state === undefined ? items : items.filter((item) => isIn(item, state));
    if (found.length > 0 || nextCursor === null) return { items: found, nextCursor };
    from = nextCursor;
  }
}
