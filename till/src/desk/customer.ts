import { memberCodeNumber } from '@hongmi/sdk/member-code';
import { hongmi } from '../app/api.ts';
import type { Shop } from '../app/shop.ts';
import type { Whom } from '../queue/entry.ts';
import type { Scanned } from './scanned.ts';

/** Who stands at the till. */
export interface Customer {
  readonly whom: Whom;
  /** What of the queue goes in order with them. */
  readonly lane: string;
  /** How they were named: the end of a phone number or code. */
  readonly shown: string;
  /** Undefined: nobody could be asked, or they did not agree that the merchant knows. */
  readonly name: string | undefined;
  /** What they have, by the codes of point types; undefined: nobody could be asked. */
  readonly available: Readonly<Record<string, number>> | undefined;
  /** Whether they showed their code: whoever says a phone number does not spend by it. */
  readonly isProven: boolean;
}

type ByCode = Extract<Scanned, { readonly kind: 'member' | 'phone' }>;

/** Somebody nobody can be asked about: they are looked up once the platform is there again. `at`: the programme's time. */
export function unknownCustomer(scanned: ByCode, at: string): Customer {
  const base = { name: undefined, available: undefined };
  if (scanned.kind === 'phone') {
    const { phone } = scanned;
    const shown = `${phone.slice(0, 3)}****${phone.slice(-4)}`;
    return { ...base, whom: { phone }, lane: `phone:${phone}`, shown, isProven: false };
  }
  const { code } = scanned;
  // Of one phone all codes begin alike: what one member does offline stays in order, and within their limit.
  const lane = `code:${memberCodeNumber(code) ?? code}`;
  const shown = `…${code.slice(-4)}`;
  return { ...base, whom: { code, at }, lane, shown, isProven: true };
}

/** Asks the platform who it is. Undefined: nobody. */
export async function findCustomer(
  scanned: ByCode,
  unknown: Customer,
  shop: Shop,
): Promise<Customer | undefined> {
  if (scanned.kind === 'member') {
    const { code } = scanned;
    const { merchantId } = shop;
    const { memberId, name, balances } = await hongmi.resolveMemberCode({ code, merchantId });
    return { ...unknown, whom: { memberId }, name: name ?? undefined, available: sumsOf(balances) };
  }
  const { items } = await hongmi.findMembers({ phone: scanned.phone });
  const [found] = items;
  if (found === undefined) return undefined;
  const { balances } = await hongmi.getBalance({ id: found.id });
  const own = balances.filter(({ programme }) => programme === shop.programme);
  return {
    ...unknown,
    whom: { memberId: found.id },
    lane: found.id,
    name: found.name ?? undefined,
    available: sumsOf(own),
  };
}

const sumsOf = (
  balances: readonly { readonly pointType: string; readonly available: number }[],
): Record<string, number> =>
  Object.fromEntries(balances.map(({ pointType, available }) => [pointType, available]));
