import { hongmi } from '../app/api.ts';
import type { Entry, Whom } from './entry.ts';
import { NotBooked } from './send.ts';

/** Finds whom an entry is for, that was rung up while nobody could be asked. */
export function lookUpAt(_merchantId: string): (whom: Whom, entry: Entry) => Promise<string> {
  return async (whom) => {
    if ('memberId' in whom) return whom.memberId;
    if ('code' in whom) throw new NotBooked('member_not_found', 'There is no such member');
    const { items } = await hongmi.findMembers({ phone: whom.phone });
    const [found] = items;
    if (found === undefined) throw new NotBooked('member_not_found', 'There is no such member');
    return found.id;
  };
}
