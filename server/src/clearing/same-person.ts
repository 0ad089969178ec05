import type { Uuid } from '../kernel/id.ts';

/**
 * Whether somebody is not to decide about what another asked for: it is the same key, or the same name. Names are written by
 * hand, so their case and the spaces around them say nothing.
 */
export function isSamePerson(
  asked: { readonly by: Uuid; readonly actor: string },
  decides: { readonly by: Uuid; readonly actor: string },
): boolean {
  const named = (actor: string): string => actor.normalize('NFKC').trim().toLowerCase();
  return asked.by === decides.by || named(asked.actor) === named(decides.actor);
}
