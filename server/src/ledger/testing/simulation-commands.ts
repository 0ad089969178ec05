import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Command, Limit } from '../command.ts';
import type { Dice } from './simulation-dice.ts';

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
}

export interface Drawn {
  readonly command: Command;
  /** It asks for an id that is taken, and can only fail. */
  readonly isDoomed: boolean;
}

const WEIGHTS = [
  ['issue', 30],
  ['burn', 22],
  ['hold', 10],
  ['capture', 9],
  ['release', 4],
  ['return', 8],
  ['refund', 7],
  ['adjust', 4],
  ['expire', 3],
  ['mature', 3],
] as const;
const POLICIES = ['pending_only', 'within_balance', 'debt', 'debt'] as const;
const POINTS_MAX = 60;
const SOON_MS = 4_000;

/** A random command of one member under a fresh key. */
export function draw(patron: Patron, key: string, now: Instant, dice: Dice): Drawn {
  const { member, shard } = patron;
  const at = Math.floor(now);
  const effectiveAt = dice.chance(12) ? at + dice.below(800) - 600 : null;
  const base = { key, programme: 1, pointType: dice.chance(8) ? 2 : 1, member, effectiveAt };
  const taken = dice.chance(1) ? dice.pick(patron.answered) : undefined;
  const id = taken ?? (dice.chance(70) ? newId(at, shard, dice.bytes) : undefined);
  const chosen = id === undefined ? {} : { id };
  const command = { ...base, ...chosen, ...body(patron, at, dice) } as Command;
  return { command, isDoomed: taken !== undefined };
}

function body(patron: Patron, now: Instant, dice: Dice): object {
  const merchant = dice.pick(patron.merchants);
  const points = 1 + dice.below(POINTS_MAX);
  const issue = { kind: 'issue', merchant, points, ...terms(now, dice) };
  const kind = patron.isCollector && dice.chance(70) ? 'issue' : kindOf(dice);
  const earn = dice.pick(patron.earns);
  const burn = dice.pick(patron.burns);
  const hold = dice.pick(patron.holds);
  const part = dice.chance(50) ? {} : { points: 1 + dice.below(20) };
  switch (kind) {
    case 'burn':
      return { kind, merchant, points: patron.isCollector ? points * 20 : points };
    case 'hold':
      return { kind, merchant, points, expiresAt: now + dice.below(SOON_MS) };
    case 'capture':
      return hold === undefined ? issue : { kind, hold, ...part };
    case 'release':
      return hold === undefined ? issue : { kind, hold, timeout: dice.chance(50) };
    case 'return':
      return earn === undefined ? issue : { kind, earn, points, policy: dice.pick(POLICIES) };
    case 'refund':
      return burn === undefined ? issue : { kind, burn, graceMs: dice.below(SOON_MS), ...part };
    case 'adjust':
      return { kind, merchant, points: dice.chance(50) ? points : -points };
    case 'expire':
    case 'mature':
      return { kind };
    default:
      return issue;
  }
}

function kindOf(dice: Dice): string {
  let left = dice.below(100);
  for (const [kind, weight] of WEIGHTS) {
    if (left < weight) return kind;
    left -= weight;
  }
  throw new Error('the weights add up to 100');
}

function terms(now: Instant, dice: Dice): object {
  const limit: Limit = {
    counter: `day ${dice.below(2)}`,
    max: dice.below(400),
    mode: dice.chance(50) ? 'trim' : 'all',
  };
  return {
    ...(dice.chance(50) ? { expiresAt: now + dice.below(2 * SOON_MS) } : {}),
    ...(dice.chance(20) ? { availableAt: now + dice.below(SOON_MS) } : {}),
    ...(dice.chance(20) ? { limits: [limit] } : {}),
  };
}

/** Another request under the same key. */
export function reusing(command: Command): Command {
  return { ...command, effectiveAt: (command.effectiveAt ?? 0) + 1 };
}
