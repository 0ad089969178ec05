import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import { memberId } from '../member-reference.ts';
import { word } from '../messages.ts';
import type { Command } from '../shell.ts';
import { count, moment, table } from '../table.ts';

export const lots: Command = {
  name: 'lots',
  usage: 'MEMBER [--open] [--limit N] [--json]',
  positionals: ['MEMBER'],
  options: ['limit'],
  flags: ['json', 'open'],
  help: {
    en: `List a member's lots, newest first: each is what one earn made

  --open   only lots with points left`,
    zh: `列出会员的积分批次，新的在前：每次获得积分产生一个批次

  --open   只列出还有剩余的批次`,
  },
  async run(args, shell) {
    const { say } = shell;
    const limit = limitOf('lots', args);
    const hongmi = await connect(shell);
    const id = await memberId(hongmi, args.positionals[0] ?? '');
    const open = args.flags.has('open') ? { open: true } : {};
    const { items, more } = await hongmi.pages('listLots', { id, ...open }).first(limit);
    if (args.flags.has('json')) {
      shell.out(`${JSON.stringify({ memberId: id, items, more }, null, 2)}\n`);
      return undefined;
    }
    if (items.length === 0) shell.out(`${say('nothing')}\n`);
    else {
      const numbers = ['amount', 'remaining', 'held', 'expired', 'returned'] as const;
      const columns = [
        ...(['id', 'type', 'state'] as const).map((title) => ({ title: say(`column_${title}`) })),
        ...numbers.map((title) => ({ title: say(`column_${title}`), align: 'right' as const })),
        ...(['available_at', 'expires'] as const).map((title) => ({
          title: say(`column_${title}`),
        })),
      ];
      const rows = items.map((lot) => {
        const values = [lot.amount, lot.remaining, lot.held, lot.expired, lot.returned].map(count);
        const expires = lot.expiresAt === undefined ? say('never') : moment(lot.expiresAt);
        return [
          lot.id,
          `${lot.programme}/${lot.pointType}`,
          word(say, 'state', lot.state),
          ...values,
          moment(lot.availableAt),
          expires,
        ];
      });
      shell.out(table(columns, rows));
    }
    if (more) shell.err(`${say('more')}\n`);
    return undefined;
  },
};
