import { randomInt } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { newId } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';
import { phoneIndex } from '../member.ts';
import { readTaken } from '../store.ts';
import { CODE_DIGITS, OF_A_NETWORK, OF_A_NUMBER, secondsToWait } from './limits.ts';
import { mayJoin } from './may-join.ts';
import { insertCode, lockAsked, readAsked } from './store.ts';

/** What a code is asked for, and from where. */
export interface CodeAsked {
  /** E.164. */
  readonly phone: string;
  /** The network it is asked from, as limits count it. */
  readonly network: string;
  /** The programme they want to join if they are nobody yet; null: they do not. */
  readonly join: string | null;
}

export const askerIndex = (sealer: Sealer, network: string): Buffer =>
  sealer.index('member.code.asker', network);
export const codeIndex = (sealer: Sealer, id: Uuid, code: string): Buffer =>
  sealer.index('member.code', `${id} ${code}`);

/**
 * Makes a code for a number, and answers what is to be sent: nothing to whom it would open nothing. The limits count both
 * alike, so that neither answer nor limit tells whose number is known here.
 */
export async function askForCode(
  tx: Transaction,
  { phone, network, join }: CodeAsked,
  { sealer, clock }: { readonly sealer: Sealer; readonly clock: Clock },
): Promise<{ readonly refusal: Refusal } | { readonly send: string | null }> {
  const asked = { phone: phoneIndex(sealer, phone), asker: askerIndex(sealer, network) };
  await lockAsked(tx, asked);
  const now = clock.now();
  const { ofNumber, ofNetwork } = await readAsked(tx, asked, now);
  const seconds = Math.max(
    secondsToWait(ofNumber, OF_A_NUMBER, now),
    secondsToWait(ofNetwork, OF_A_NETWORK, now),
  );
  if (seconds > 0)
    return {
      refusal: problem('too_many_codes', `ask for another code in ${seconds} s`, {
        retryAfterSeconds: seconds,
      }),
    };
  const id = newId(now);
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
  await insertCode(tx, { ...asked, id, code: codeIndex(sealer, id, code), madeAt: now });
  const { byPhone } = await readTaken(tx, [asked.phone], []);
  // Looked at whether they are known or not: the same work for both.
  const canJoin = (await mayJoin(tx, join)) !== undefined;
  return { send: byPhone.size > 0 || canJoin ? code : null };
}
