import type { Instant } from '../../kernel/clock.ts';
import { slidesTo } from '../../kernel/expiry-policy.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Command, Counted, Limit, TransferInCommand } from '../command.ts';
import { shardOwner } from '../cuts/cut.ts';
import { SLIDES } from './scenario.ts';
import type { Dice } from './simulation-dice.ts';
import { HASTE } from './simulation-time.ts';

/** A member, and what clients know of what was done to it. */
export interface Patron {
  readonly member: Uuid;
  readonly shard: number;
  /** Saves points: has more lots than a batch loads at first. */
  readonly isCollector: boolean;
  readonly merchants: readonly Uuid[];
  readonly earns: Uuid[];
  readonly burns: Uuid[];
  readonly holds: Uuid[];
  readonly answered: Uuid[];
  /** What others sent and is to be taken in, once; what this one sent and nobody will take in. */
  readonly arriving: Pick<TransferInCommand, 'from' | 'lots' | 'debt' | 'pointType'>[];
  readonly returning: Uuid[];
  /** Lots that were made of what arrived. */
  readonly arrived: Uuid[];
}

/** Whom commands are about, and what they may name. */
export interface Cast {
  readonly patrons: readonly Patron[];
  readonly budgets: readonly Uuid[];
}

export interface Drawn {
  readonly command: Command;
  /** It asks for an id that is taken, and can only fail. */
  readonly isDoomed: boolean;
}

const WEIGHTS = [
  ['issue', 24],
  ['burn', 19],
  ['hold', 9],
  ['capture', 8],
  ['release', 4],
  ['return', 7],
  ['refund', 7],
  ['adjust', 4],
  ['expire', 3],
  ['mature', 3],
  ['transfer_out', 5],
  ['transfer_return', 2],
  ['convert', 3],
  ['claw_back', 2],
] as const;
const POLICIES = ['pending_only', 'within_balance', 'debt', 'debt'] as const;
const POINTS_MAX = 60;
const SOON_MS = 4_000;
const RATE_MAX = 12;
const BUDGET_MS = 1_500;

/** A random command of one member under a fresh key. */
export function draw(cast: Cast, patron: Patron, key: string, now: Instant, dice: Dice): Drawn {
  const { member, shard } = patron;
  const at = now;
  const effectiveAt = dice.chance(12) ? at + HASTE * (dice.below(800) - 600) : null;
  const base = { key, programme: 1, pointType: dice.chance(8) ? 2 : 1, member, effectiveAt };
  const taken = dice.chance(1) ? dice.pick(patron.answered) : undefined;
  const id = taken ?? (dice.chance(70) ? newId(at, shard, dice.bytes) : undefined);
  const chosen = id === undefined ? {} : { id };
  const command = {
    ...base,
    ...chosen,
    ...body(cast, patron, base.pointType, at, dice),
  } as Command;
  return { command, isDoomed: taken !== undefined };
}

function body(cast: Cast, patron: Patron, pointType: number, now: Instant, dice: Dice): object {
  const arrived = dice.chance(25) ? patron.arriving.shift() : undefined;
  if (arrived !== undefined) return { kind: 'transfer_in', ...arrived };
  const merchant = dice.pick(patron.merchants);
  const points = 1 + dice.below(POINTS_MAX);
  const issue = {
    ...{ kind: 'issue', merchant, points, ...terms(cast, now, dice) },
    ...(dice.chance(30) ? { funders: funders(patron, dice) } : {}),
  };
  const kind = patron.isCollector && dice.chance(70) ? 'issue' : kindOf(dice);
  const earn = dice.pick(patron.earns);
  const burn = dice.pick(patron.burns);
  const hold = dice.pick(patron.holds);
  const part = dice.chance(50) ? {} : { points: 1 + dice.below(20) };
  switch (kind) {
    case 'burn':
      return {
        ...{ kind, merchant, points: patron.isCollector ? points * 20 : points },
        ...(dice.chance(15) ? { overdraftMax: 1 + dice.below(POINTS_MAX) } : {}),
      };
    case 'hold':
      return { kind, merchant, points, expiresAt: now + HASTE * dice.below(4 * SOON_MS) };
    case 'capture':
      return hold === undefined ? issue : { kind, hold, ...part };
    case 'release':
      return hold === undefined ? issue : { kind, hold, timeout: dice.chance(50) };
    case 'return':
      return earn === undefined
        ? issue
        : { kind, earn, points, policy: dice.pick(POLICIES), ...counted(cast, now, dice) };
    case 'refund':
      return burn === undefined
        ? issue
        : { kind, burn, graceMs: HASTE * dice.below(SOON_MS), ...part };
    case 'adjust':
      return { kind, merchant, points: dice.chance(50) ? points : -points };
    case 'expire':
      return { kind };
    case 'mature':
      return earn === undefined || dice.chance(50)
        ? { kind }
        : { kind, ...releasing(patron, earn, dice) };
    case 'transfer_out':
      return sending(cast, patron, points, dice) ?? issue;
    case 'transfer_return': {
      const [out] = patron.returning;
      // One that was given back stays there for a while, to be refused.
      if (dice.chance(70)) patron.returning.shift();
      const counters = dice.chance(50) ? ['day 0'] : [];
      return out === undefined
        ? issue
        : { kind, out, graceMs: HASTE * dice.below(SOON_MS), counters };
    }
    case 'claw_back': {
      const lot = dice.pick(patron.arrived);
      if (lot === undefined) return issue;
      const role = dice.chance(50) ? 'issuer' : 'adjustment';
      const arrived = [...new Set([lot, dice.pick(patron.arrived) as Uuid])];
      const about = { earn: earn ?? lot, lot, giver: { role, merchant }, arrived };
      const budget = budgetOf(cast, now, dice);
      const limits = dice.chance(50) ? { limits: [{ budget }] } : {};
      return { kind, points, policy: dice.pick(POLICIES), ...about, ...limits };
    }
    case 'convert': {
      const rate = { num: 1 + dice.below(RATE_MAX), den: 1 + dice.below(RATE_MAX) };
      return { kind, to: 3 - pointType, points, rate };
    }
    default:
      return issue;
  }
}

/** What an earn waited for, here or where its points have arrived. */
function releasing({ arrived }: Patron, earn: Uuid, dice: Dice): object {
  const lot = dice.pick(arrived);
  return lot === undefined || dice.chance(70) ? { earn } : { earn, arrived: [lot] };
}

/** To another member, of any shard: some points within limits, or now and then everything. */
function sending(
  { patrons }: Cast,
  { member }: Patron,
  points: number,
  dice: Dice,
): object | undefined {
  const to = dice.pick(patrons)?.member;
  if (to === undefined || to === member) return undefined;
  if (dice.chance(25)) return { kind: 'transfer_out', to };
  const limit = { counter: 'day 0', max: dice.below(400), mode: 'all' };
  const limits = dice.chance(50) ? { limits: [limit] } : {};
  return { kind: 'transfer_out', to, points, ...limits };
}

function kindOf(dice: Dice): string {
  let left = dice.below(100);
  for (const [kind, weight] of WEIGHTS) {
    if (left < weight) return kind;
    left -= weight;
  }
  throw new Error('the weights add up to 100');
}

/** All spend the same one for a while, so that they race for its last points; now and then one that is not there. */
function budgetOf({ budgets }: Cast, now: Instant, dice: Dice): Uuid {
  const current = budgets[Math.floor(now / (HASTE * BUDGET_MS)) % budgets.length] as Uuid;
  return dice.chance(4) ? newId(now, undefined, dice.bytes) : current;
}

/** What a return gives points back to. */
function counted(cast: Cast, now: Instant, dice: Dice): object {
  if (dice.chance(40)) return {};
  const name = dice.below(2);
  const counter: Counted = dice.chance(30)
    ? { counter: `times ${name}`, unit: 'times' }
    : { counter: `day ${name}` };
  const budget: Counted = { budget: budgetOf(cast, now, dice) };
  return { limits: dice.chance(30) ? [counter, budget] : [dice.chance(50) ? counter : budget] };
}

function terms(cast: Cast, now: Instant, dice: Dice): object {
  const mode = dice.chance(50) ? 'trim' : 'all';
  const limit: Limit = { counter: `day ${dice.below(2)}`, max: dice.below(400), mode };
  const times: Limit = { counter: `times ${dice.below(2)}`, max: dice.below(8), unit: 'times' };
  // Nothing but the budget may refuse after it was read, or others might have used it up before that is judged.
  if (dice.chance(20)) {
    const budget = budgetOf(cast, now, dice);
    const first = dice.chance(20) ? [limit] : [];
    return { limits: [...first, { budget, mode: dice.chance(50) ? 'trim' : 'all' }] };
  }
  return {
    ...lasting(now, dice),
    ...(dice.chance(20) ? { availableAt: now + HASTE * dice.below(SOON_MS) } : {}),
    ...(dice.chance(20) ? { limits: dice.chance(30) ? [times, limit] : [limit] } : {}),
  };
}

/** Who pays for a lot instead of who issues it: some of the merchants, by shares. */
function funders({ merchants }: Patron, dice: Dice): object[] {
  const some = dice.chance(70) ? merchants : merchants.slice(1);
  return some.map((merchant) => ({ merchant, share: 1 + dice.below(5) }));
}

/** As long as the member comes, or until an instant, or for ever. */
function lasting(now: Instant, dice: Dice): object {
  if (dice.chance(50))
    return dice.chance(50) ? { expiresAt: now + HASTE * dice.below(2 * SOON_MS) } : {};
  const slideMonths = dice.pick(SLIDES.months) as number;
  const expiresAt = slidesTo(slideMonths, now, SLIDES.timeZone);
  return { expiresAt, slideMonths, ...(dice.chance(10) ? { unasked: true } : {}) };
}

/** The end of a period: a marker for every shard, under one key. */
export function drawCut(shards: number, key: string, now: Instant, dice: Dice): Command[] {
  const effectiveAt = now - HASTE * dice.below(SOON_MS);
  return Array.from({ length: shards }, (_, shard) => ({
    kind: 'cut',
    key,
    programme: 1,
    pointType: 0,
    member: shardOwner(shard),
    effectiveAt,
  }));
}

/** Another request under the same key. */
export function reusing(command: Command): Command {
  return { ...command, effectiveAt: (command.effectiveAt ?? 0) + 1 };
}
