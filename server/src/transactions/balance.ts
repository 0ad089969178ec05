import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Balance, BalanceReader, ProgrammeTime } from '../ledger/read-balance.ts';
import type { Memberships } from '../members/memberships.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';

export interface BalanceDeps {
  readonly programmes: ProgrammeRegistry;
  readonly memberships: Memberships;
  readonly balances: BalanceReader;
}

export interface BalanceShown
  extends Omit<Balance, 'programme' | 'pointType' | 'nextAvailableAt' | 'expiring'> {
  readonly programme: string;
  readonly pointType: string;
  readonly nextAvailableAt?: string;
  readonly expiring: { readonly at: string; readonly points: number }[];
}

const ZERO = {
  available: 0,
  pending: 0,
  held: 0,
  debt: 0,
  lifetimeEarned: 0,
  lifetimeRedeemed: 0,
  lifetimeExpired: 0,
};

/** The time in every programme, for deciding what is available, pending or lapsed. */
export function programmeTimes(programmes: ProgrammeRegistry): readonly ProgrammeTime[] {
  return programmes
    .all()
    .map(({ id, timeZone }) => ({ programme: id, now: programmes.programmeClock(id), timeZone }));
}

/**
 * A member's balance of every point type of the programmes they belong to, zero where they never had
 * points; undefined for an unknown member.
 */
export async function readBalances(
  deps: BalanceDeps,
  member: Uuid,
): Promise<BalanceShown[] | undefined> {
  const [found, joined] = await Promise.all([
    deps.balances.balancesOf(member),
    deps.memberships.of(member),
  ]);
  if (joined.length === 0 && found.length === 0) return undefined;
  const byType = new Map(found.map((balance) => [balance.pointType, balance]));
  const ids = new Set([...joined, ...found.map((balance) => balance.programme)]);
  return [...ids].flatMap((id) => {
    const programme = deps.programmes.byId(id);
    return (programme?.pointTypes ?? []).map(({ id: type, code }): BalanceShown => {
      const balance = byType.get(type);
      const codes = { programme: programme?.code ?? '', pointType: code };
      return balance === undefined
        ? { ...codes, ...ZERO, expiring: [] }
        : { ...codes, ...show(balance) };
    });
  });
}

function show({
  programme: _programme,
  pointType: _pointType,
  nextAvailableAt,
  expiring,
  ...amounts
}: Balance) {
  return {
    ...amounts,
    ...(nextAvailableAt === null ? {} : { nextAvailableAt: showInstant(nextAvailableAt) }),
    expiring: expiring.map(({ at, points }) => ({ at: showInstant(at), points })),
  };
}
