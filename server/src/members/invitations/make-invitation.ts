import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { insertInvitation, readInvitation } from './store.ts';

/** Without those that are taken for one another when they are read aloud or typed. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
/** 31 letters, ten times: 49 bits, and each try costs a text message to a number that is nobody's yet. */
const LENGTH = 10;

/** The code of a member's invitation to a programme: the same one, however often it is asked for. */
export async function makeInvitation(
  tx: Transaction,
  { member, programme }: { readonly member: Uuid; readonly programme: number },
  { sealer, at }: { readonly sealer: Sealer; readonly at: Instant },
): Promise<string> {
  // Another one's has the same letters once in millions of millions, and then the next turn has others.
  for (let turn = 0; ; turn += 1) {
    const code = codeOf(sealer.index('member.invitation', `${member} ${programme} ${turn}`));
    if (await insertInvitation(tx, { code, member, programme, at })) break;
  }
  const code = await readInvitation(tx, member, programme);
  if (code === undefined) throw new Error('an invitation that was made is there');
  return code;
}

/** Of a keyed index, so that a dry run tells the code that will be, and nobody works it out who has not the master key. */
function codeOf(index: Buffer): string {
  let rest = index.readBigUInt64BE();
  let code = '';
  for (let place = 0; place < LENGTH; place += 1) {
    code += LETTERS[Number(rest % BigInt(LETTERS.length))];
    rest /= BigInt(LETTERS.length);
  }
  return code;
}
