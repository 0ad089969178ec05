import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import type { ConvertCommand } from '../command.ts';
import { CONVERSION, chooseTakes, takePart } from '../lots.ts';
import { hasRoom, makeLot, outOfRange } from './make-lot.ts';
import { insufficient } from './spend.ts';

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
    const unitCost =
      terms.unitCost === null ? null : Number((BigInt(terms.unitCost) * BigInt(den)) / BigInt(num));
    const moved = { ...terms, availableAt: at, expiresAt: lot.expiresAt, unitCost };
    makeLot(book, target, moved, CONVERSION, share, at, newId(), lot.id);
  }
  return turned;
}

/** `floor(points × num / den)`, in integers of any size. */
function scale(points: number, num: number, den: number): bigint {
  return (BigInt(points) * BigInt(num)) / BigInt(den);
}

function ceiling(points: bigint, num: number, den: number): bigint {
  return (points * BigInt(num) + BigInt(den) - 1n) / BigInt(den);
}
