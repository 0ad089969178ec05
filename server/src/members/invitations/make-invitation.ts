import { randomInt } from 'node:crypto';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import { insertInvitation, readInvitation } from './store.ts';

/** Without those that are taken for one another when they are read aloud or typed. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
/** 31 letters, ten times: 49 bits, and each try costs a text message to a number that is nobody's yet. */
const LENGTH = 10;

/** The code of a member's invitation to a programme: the same one, however often it is asked for. */
export async function makeInvitation(
  tx: Transaction,
  member: Uuid,
  programme: number,
  at: Instant,
): Promise<string> {
  // Of so many there is always one that is nobody's.
  while (!(await insertInvitation(tx, { code: drawCode(), member, programme, at })));
  const code = await readInvitation(tx, member, programme);
  if (code === undefined) throw new Error('an invitation that was made is there');
  return code;
}

function drawCode(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
