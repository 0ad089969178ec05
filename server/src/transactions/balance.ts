import { type Instant, showInstant } from '../kernel/clock.ts';
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
  readonly final?: boolean;
}

/** An instant to look back at. */
export interface Past {
  readonly at: Instant;
  readonly balancesOf: (member: Uuid) => Promise<readonly Balance[]>;
  /** By programme: nothing that comes takes effect before. */
  readonly closed: ReadonlyMap<number, Instant>;
}

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
  past: Past | null = null,
): Promise<BalanceShown[] | undefined> {
  const balancesOf = (of: Uuid): Promise<readonly Balance[]> =>
    past === null ? deps.balances.balancesOf(of) : past.balancesOf(of);
  const [own, { programmes: joined, absorbed }] = await Promise.all([
    balancesOf(member),
    deps.memberships.of(member),
  ]);
  const found =
    absorbed.length === 0
      ? own
      : withLifetimes(own, (await Promise.all(absorbed.map(balancesOf))).flat());
  if (joined.length === 0 && found.length === 0) return undefined;
  const shown: BalanceShown[] = [];
  for (const id of programmesOf(joined, found)) {
    const programme = deps.programmes.byId(id);
    for (const { id: type, code } of programme?.pointTypes ?? []) {
      const balance = found.find((each) => each.pointType === type);
      const own = show(programme?.code ?? '', code, balance);
      shown.push(past === null ? own : { ...own, final: past.at < (past.closed.get(id) ?? 0) });
    }
  }
  return shown;
}

/** Lifetime figures stay where they were counted; a person's are those of all who have become one. */
function withLifetimes(own: readonly Balance[], absorbed: readonly Balance[]): Balance[] {
  const all = new Map(own.map((balance) => [balance.pointType, balance]));
  for (const part of absorbed) {
    const { lifetimeEarned, lifetimeRedeemed, lifetimeExpired, programme, pointType } = part;
    const sum = all.get(pointType) ?? { ...EMPTY, programme, pointType };
    all.set(pointType, {
      ...sum,
      lifetimeEarned: sum.lifetimeEarned + lifetimeEarned,
      lifetimeRedeemed: sum.lifetimeRedeemed + lifetimeRedeemed,
      lifetimeExpired: sum.lifetimeExpired + lifetimeExpired,
    });
  }
  return [...all.values()];
}

const EMPTY = {
  available: 0,
  pending: 0,
  nextAvailableAt: null,
  held: 0,
  debt: 0,
  lifetimeEarned: 0,
  lifetimeRedeemed: 0,
  lifetimeExpired: 0,
  expiring: [],
} satisfies Partial<Balance>;

function programmesOf(joined: readonly number[], found: readonly Balance[]): readonly number[] {
  if (found.every((balance) => joined.includes(balance.programme))) return joined;
  return [...new Set([...joined, ...found.map((balance) => balance.programme)])];
}

// Written out: copying the rest of an object takes longer than reading the balance it shows.
function show(programme: string, pointType: string, balance: Balance | undefined): BalanceShown {
  const next = balance?.nextAvailableAt ?? null;
  return {
    programme,
    pointType,
    available: balance?.available ?? 0,
    pending: balance?.pending ?? 0,
    ...(next === null ? undefined : { nextAvailableAt: showInstant(next) }),
    held: balance?.held ?? 0,
    debt: balance?.debt ?? 0,
    lifetimeEarned: balance?.lifetimeEarned ?? 0,
    lifetimeRedeemed: balance?.lifetimeRedeemed ?? 0,
    lifetimeExpired: balance?.lifetimeExpired ?? 0,
    expiring: balance?.expiring.map(({ at, points }) => ({ at: showInstant(at), points })) ?? [],
  };
}
