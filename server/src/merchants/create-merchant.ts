import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { newId, showId, type Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { Conflict } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { MerchantShown, NewMerchant } from './merchant.ts';
import { showMerchant } from './merchant.ts';
import { insertMerchant, insertTerm, readMerchantByName, readProgramme } from './store.ts';

/** Admits a merchant; its name is its own within the programme. */
export async function createMerchant(
  tx: Transaction,
  asked: Omit<Type.Static<typeof NewMerchant>, 'programme'> & { readonly programme: string },
  by: { readonly key: Uuid; readonly clock: Clock },
): Promise<Outcome<Type.Static<typeof MerchantShown>>> {
  const programmeCode = asked.programme;
  const programme = await readProgramme(tx, programmeCode);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const now = by.clock.now();
  const { name, category, earnRatio } = asked;
  const merchant = {
    id: newId(now),
    programme: programme.id,
    programmeCode,
    name,
    category,
    createdAt: now,
  };
  if (await insertMerchant(tx, merchant)) {
    const term = { from: now + programme.clockOffsetMs, earnRatio };
    await insertTerm(tx, merchant.id, { ...term, changedAt: now, changedBy: by.key });
    const { clockOffsetMs } = programme;
    const made = { ...merchant, terms: [term], clockOffsetMs };
    return { status: 201, body: showMerchant(made, now) };
  }
  const existing = await readMerchantByName(tx, programme.id, name);
  if (existing === undefined) throw new Conflict('the merchant of this name is gone again');
  const facts = { merchantId: showId('merchant', existing.id) };
  return {
    refusal: problem(
      'merchant_exists',
      `there is a merchant named ${name} in ${programmeCode}`,
      facts,
    ),
  };
}
