import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import type { ConvertCommand } from '../command.ts';
import { CONVERSION, chooseTakes, type Take, takePart } from '../lots.ts';
import { hasRoom, makeLot, outOfRange } from './make-lot.ts';
import { insufficient } from './spend.ts';
import { isValueInRange, valueOutOfRange } from './value.ts';

/**
 * Turns points into points of another type; see {@link ConvertCommand}. Answers how many were turned: the
 * fewest that make as many of the other type as all that were asked for.
 */
export function convert(
  book: Book,
  account: MemberAccount,
  command: ConvertCommand,
  at: Instant,
  newId: () => Uuid,
): number | Refusal {
  const { num, den } = command.rate;
  const chosen = chooseTakes(account, command.points, at);
  if ('available' in chosen) return insufficient(chosen.available);
  const made = scale(command.points, num, den);
  if (made === 0n)
    return refusal('too_few_to_convert', 'these points make less than one of the other type', {
      least: Number(ceiling(1n, den, num)),
    });
  const target = book.account(command.member, command.to, command.programme);
  if (made > POINTS_MAX || !hasRoom(target, Number(made))) return outOfRange();
  if (isTooValuable(command, chosen.takes)) return valueOutOfRange();
  const turned = Number(ceiling(made, den, num));
  let left = turned;
  let before = 0n;
  for (const { lot, points } of chosen.takes) {
    const part = Math.min(points, left);
    if (part === 0) break;
    left -= part;
    takePart(book, account, lot, part, CONVERSION);
    // By what was turned so far, so that the parts add up whatever lots the points came from.
    const after = scale(turned - left, num, den);
    const share = Number(after - before);
    before = after;
    if (share === 0) continue;
    const terms = book.termsOf(lot);
    const unitCost = terms.unitCost === null ? null : costOfMade(terms.unitCost, command.rate);
    const moved = { ...terms, availableAt: at, expiresAt: lot.expiresAt, unitCost };
    makeLot(book, target, moved, CONVERSION, share, at, newId(), lot.id);
  }
  return turned;
}

/** What a made point costs: what those it was made of cost, rounded down. In micro-fen; not exact past what a number shows. */
function costOfMade(unitCost: number, { num, den }: ConvertCommand['rate']): number {
  return Number((BigInt(unitCost) * BigInt(den)) / BigInt(num));
}

/** Whether what is made of these lots is worth more than a number can show. */
function isTooValuable({ rate }: ConvertCommand, takes: readonly Take[]): boolean {
  return takes.some(({ lot: { unitCost }, points }) => {
    const cost = unitCost === null ? 0 : costOfMade(unitCost, rate);
    // The parts add up over all lots, so one may make a point more than its own points do.
    const most = Number(ceiling(BigInt(points), rate.num, rate.den)) + 1;
    return cost > Number.MAX_SAFE_INTEGER || !isValueInRange(most, cost);
  });
}

/** `floor(points × num / den)`, in integers of any size. */
function scale(points: number, num: number, den: number): bigint {
  return (BigInt(points) * BigInt(num)) / BigInt(den);
}

function ceiling(points: bigint, num: number, den: number): bigint {
  return (points * BigInt(num) + BigInt(den) - 1n) / BigInt(den);
}
