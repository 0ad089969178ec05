import type { Uuid } from '../kernel/id.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Sight } from './member.ts';

/** Whether a member lets a merchant have what the platform knows of them. */
export type SharesWith = (member: Uuid, merchant: Uuid) => boolean | Promise<boolean>;

/** How much the caller sees of a member: a merchant, the name only of who shares it with that merchant. */
export async function sightOf(
  { merchant, programme }: Principal,
  member: Uuid,
  sharesWith: SharesWith,
): Promise<Sight> {
  const fullName = merchant === null || (await sharesWith(member, merchant));
  return { own: programme?.code, fullName };
}
