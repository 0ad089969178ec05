import type { Hongmi } from '@hongmi/sdk';
import type { Entry, Whom } from './entry.ts';
import { NotBooked } from './send.ts';

type Api = Pick<Hongmi, 'findMembers' | 'resolveMemberCode'>;

/** Finds whom an entry is for, that was rung up while nobody could be asked: a code as of the time it was shown. */
export function createLookUp(api: Api): (whom: Whom, entry: Entry) => Promise<string> {
  return async (whom, { key, merchantId }) => {
    if ('memberId' in whom) return whom.memberId;
    if ('code' in whom) {
      const { code, at } = whom;
      const once = { idempotencyKey: `${key}-who` };
      return (await api.resolveMemberCode({ code, merchantId, at }, once)).memberId;
    }
    const { items } = await api.findMembers({ phone: whom.phone });
    const [found] = items;
    if (found === undefined) throw new NotBooked('member_not_found', 'There is no such member');
    return found.id;
  };
}
