import { readId, type Uuid } from '../kernel/id.ts';
import { foldName } from './name.ts';
import { normalisePhone } from './phone.ts';

/** What one line of text may mean; all that is set is looked for. */
export interface Sought {
  readonly id: Uuid | null;
  /** E.164. */
  readonly phone: string | null;
  readonly externalId: string;
  /** Four digits; these and a name find many. */
  readonly lastFour: string | null;
  /** Folded; null where the text is a number or an id. */
  readonly name: string | null;
}

/** A name has no more. */
const NAME_MAX = 60;

/** Reads what was typed into the one box: an id, a phone number, its last four digits, an external id, or part of a name. */
export function readSought(typed: string): Sought {
  const text = typed.trim();
  const id = readId('member', text.toLowerCase()) ?? null;
  const plain = text.normalize('NFKC');
  const phone = normalisePhone(text) ?? null;
  const folded = foldName(text);
  const isName = id === null && !/^[+\d\s()-]*$/.test(plain) && [...folded].length <= NAME_MAX;
  return {
    id,
    phone,
    externalId: text,
    lastFour: /^\d{4}$/.test(plain) ? plain : null,
    name: isName && folded !== '' ? folded : null,
  };
}
