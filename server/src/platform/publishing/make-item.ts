import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../database.ts';
import { problem } from '../web/problem.ts';
import { CODES } from './family.ts';
import { placeOf } from './place.ts';
import type { Caller } from './published.ts';
import type { Publishing } from './publishing.ts';
import { insertChange, insertItem, putDraft } from './store.ts';

/** What is to be made, and whose. */
interface Asked<Body> {
  readonly code: string;
  readonly programme?: string;
  readonly merchantId?: string;
  readonly body: Body;
}

/**
 * Makes an item with the draft of its first version; answers its id. A merchant's key makes that merchant's.
 *
 * Refused: `merchant_out_of_reach`, `merchant_not_found`, `programme_not_found`, what is wrong with the body, and
 * that there is one of this code.
 */
export async function makeItem<Body>(
  tx: Transaction,
  { family, check }: Publishing<Body>,
  asked: Asked<Body>,
  by: Caller,
): Promise<Uuid | Refusal> {
  const place = await placeOf(tx, asked, by.view);
  if ('message' in place) return place;
  const { programme, merchant } = place;
  const { body } = asked;
  const refusal = await check(tx, programme, merchant, body);
  if (refusal !== null) return refusal;
  const machine = by.clock.now();
  const made = { madeAt: machine + programme.clockOffsetMs, madeBy: by.key };
  const id = newId(machine);
  const item = { id, programme: programme.id, merchant, code: asked.code, ...made };
  const existing = await insertItem(tx, family, item);
  if (existing !== null) {
    const facts = { [`${family}Id`]: showId(family, existing) };
    const message = `there is a ${family} ${asked.code} already, of the same programme and owner`;
    return problem(CODES[family].exists, message, facts);
  }
  const draft = { of: id, id: newId(machine), number: 1, body, ...made };
  await putDraft(tx, family, draft);
  await insertChange(tx, family, {
    programme: programme.id,
    of: id,
    kind: 'made',
    draft,
    at: made.madeAt,
    by: by.key,
  });
  return id;
}
