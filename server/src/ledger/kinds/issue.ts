import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import type { AdjustCommand, IssueCommand, NewLot } from '../command.ts';
import { countGranted, grantWithin } from '../limits.ts';
import { lapseOf, SLIDING_LOTS_MAX, tooManyLots } from '../slide.ts';
import { drawFunding, findFunding, findIssuing } from './funding.ts';
import { hasRoom, makeLot, outOfRange, plainLot } from './make-lot.ts';

/** Issues what the limits allow: debts are repaid first, the rest becomes a lot. Answers the points granted. */
export function issue(
  book: Book,
  account: MemberAccount,
  command: IssueCommand,
  at: Instant,
  newId: () => Uuid,
): number | Refusal {
  const { member, merchant, points, limits = [] } = command;
  const issuing = findIssuing(book, account, command, at);
  if ('code' in issuing) return issuing;
  const granted = grantWithin(book, member, points, limits);
  if (typeof granted !== 'number') return granted;
  if (account.earned + granted > POINTS_MAX) return outOfRange();
  const { funders, ruleVersion, evidence, slideMonths } = command;
  const unitCost = issuing.unitCost ?? command.unitCost;
  if (slideMonths !== undefined && (account.openSliding ?? 0) >= SLIDING_LOTS_MAX)
    return tooManyLots();
  const terms = {
    ...plainLot(merchant, Math.max(command.availableAt ?? at, at), lapseOf(command, at)),
    ...(slideMonths === undefined ? {} : { slideMonths }),
    ...(funders === undefined ? {} : { funders }),
    ...(ruleVersion === undefined ? {} : { ruleVersion }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(unitCost === undefined ? {} : { unitCost }),
  };
  const made = makeChecked(book, account, terms, 'issuer', granted, at, newId);
  if (typeof made === 'number') countGranted(book, member, granted, limits);
  return made;
}

/** An upward correction: a lot that is available at once. */
export function adjustUp(
  book: Book,
  account: MemberAccount,
  command: AdjustCommand,
  at: Instant,
  newId: () => Uuid,
): number | Refusal {
  const issuing = findIssuing(book, account, command, at);
  if ('code' in issuing) return issuing;
  const terms = {
    ...plainLot(command.merchant, at, command.expiresAt ?? null),
    unitCost: issuing.unitCost,
  };
  return makeChecked(book, account, terms, 'adjustment', command.points, at, newId);
}

function makeChecked(
  book: Book,
  account: MemberAccount,
  terms: NewLot,
  role: 'issuer' | 'adjustment',
  points: number,
  at: Instant,
  newId: () => Uuid,
): number | Refusal {
  if (!hasRoom(account, points)) return outOfRange();
  if (terms.expiresAt !== null && terms.expiresAt <= terms.availableAt) {
    return refusal('expires_before_available', 'the points would lapse before they could be spent');
  }
  const draws = findFunding(book, account, terms, points, at);
  if ('code' in draws) return draws;
  makeLot(book, account, terms, { role, owner: terms.issuer }, points, at, newId());
  drawFunding(book, draws);
  return points;
}
