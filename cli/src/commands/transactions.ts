import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import { memberId } from '../member-reference.ts';
import { word } from '../messages.ts';
import type { Command } from '../shell.ts';
import { count, moment, table } from '../table.ts';

export const transactions: Command = {
  name: 'transactions',
  usage: 'MEMBER [--limit N] [--json]',
  positionals: ['MEMBER'],
  options: ['limit'],
  flags: ['json'],
  help: {
    en: "List a member's transactions, newest first, refused ones among them",
    zh: '列出会员的交易，新的在前，包括被拒的',
  },
  async run(args, shell) {
    const { say } = shell;
    const limit = limitOf('transactions', args);
    const hongmi = await connect(shell);
    const id = await memberId(hongmi, args.positionals[0] ?? '');
    const { items, more } = await hongmi.pages('listTransactions', { id }).first(limit);
    if (args.flags.has('json')) {
      shell.out(`${JSON.stringify({ memberId: id, items, more }, null, 2)}\n`);
      return undefined;
    }
    if (items.length === 0) shell.out(`${say('nothing')}\n`);
    else {
      const columns = [
        ...(['id', 'at', 'kind', 'type'] as const).map((title) => ({
          title: say(`column_${title}`),
        })),
        ...(['points', 'balance'] as const).map((title) => ({
          title: say(`column_${title}`),
          align: 'right' as const,
        })),
        { title: say('column_status') },
      ];
      const rows = items.map((each) => {
        const status = word(say, 'status', each.status);
        const refused = each.problem === undefined ? status : `${status}: ${each.problem}`;
        const type = `${each.programme}/${each.pointType}`;
        return [
          each.id,
          moment(each.effectiveAt),
          word(say, 'kind', each.kind),
          type,
          count(each.points),
          count(each.balanceAfter),
          refused,
        ];
      });
      shell.out(table(columns, rows));
    }
    if (more) shell.err(`${say('more')}\n`);
    return undefined;
  },
};
