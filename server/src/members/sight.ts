import type { Uuid } from '../kernel/id.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Sight } from './member.ts';

/** Whether a member lets a merchant have what the platform knows of them. */
export type SharesWith = (member: Uuid, merchant: Uuid) => boolean | Promise<boolean>;

/**
 * How much the caller sees of a member. Names are whole to who keeps members for the operator; whoever only looks, a regulator
 * say, needs none; a merchant has those of who shares them with it.
 */
export async function sightOf(
  { merchant, programme, scopes }: Principal,
  member: Uuid,
  sharesWith: SharesWith,
): Promise<Sight> {
  const fullName =
    merchant === null ? scopes.has('members:write') : await sharesWith(member, merchant);
  return { own: programme?.code, fullName };
}
