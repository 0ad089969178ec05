import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { memberId } from '../member-reference.ts';
import type { Command } from '../shell.ts';

export const erase: Command = {
  name: 'erase',
  usage: 'MEMBER --actor WHO --reason WHY [--json]',
  positionals: ['MEMBER'],
  options: ['actor', 'reason'],
  flags: ['json'],
  help: {
    en: `Erase the free text of a member's transactions, for good

  hongmi erase online-retail:17850 --actor "Li Na" --reason "request 2026-118"

Points stay as they are, and the ledger still verifies. Who and why is kept in a register.`,
    zh: `永久抹除会员各笔交易的附言

  hongmi erase online-retail:17850 --actor "李娜" --reason "2026-118 号申请"

积分不变，账本仍可核验。谁、因何抹除，会留在登记簿里。`,
  },
  async run({ positionals: [who = ''], options, flags }, shell) {
    const { actor, reason } = options;
    if (actor === undefined) throw usage('option_missing', { name: 'actor', command: 'erase' });
    if (reason === undefined) throw usage('option_missing', { name: 'reason', command: 'erase' });
    const hongmi = await connect(shell);
    const id = await memberId(hongmi, who);
    const erasure = await hongmi.eraseMember({ id, actor, reason });
    shell.out(
      flags.has('json')
        ? `${JSON.stringify(erasure, null, 2)}\n`
        : `${shell.say('erased', { count: erasure.transactions, id: erasure.id })}\n`,
    );
    return undefined;
  },
};
