import { connect } from '../connect.ts';
import { memberId } from '../member-reference.ts';
import type { Command } from '../shell.ts';
import { count, moment, table } from '../table.ts';

export const balance: Command = {
  name: 'balance',
  usage: 'MEMBER [--json]',
  positionals: ['MEMBER'],
  flags: ['json'],
  help: {
    en: `Show what a member has and what expires when

  hongmi balance online-retail:17850
  hongmi balance mem_…`,
    zh: `显示会员有多少积分、何时到期

  hongmi balance online-retail:17850
  hongmi balance mem_…`,
  },
  async run({ positionals: [who = ''], flags }, shell) {
    const { say } = shell;
    const hongmi = await connect(shell);
    const id = await memberId(hongmi, who);
    const { balances } = await hongmi.getBalance({ id });
    if (flags.has('json')) {
      shell.out(`${JSON.stringify({ memberId: id, balances }, null, 2)}\n`);
      return undefined;
    }
    if (balances.length === 0) {
      shell.out(`${say('nothing')}\n`);
      return undefined;
    }
    const numbers = [
      'available',
      'pending',
      'held',
      'debt',
      'earned',
      'redeemed',
      'expired',
    ] as const;
    const columns = [
      { title: say('column_type') },
      ...numbers.map((title) => ({ title: say(`column_${title}`), align: 'right' as const })),
    ];
    const rows = balances.map((each) => {
      const values = [each.available, each.pending, each.held, each.debt];
      values.push(each.lifetimeEarned, each.lifetimeRedeemed, each.lifetimeExpired);
      return [`${each.programme}/${each.pointType}`, ...values.map(count)];
    });
    shell.out(table(columns, rows));
    for (const { pointType, expiring } of balances) {
      for (const { at, points } of expiring) {
        shell.out(
          `${say('balance_expiring', { points: count(points), type: pointType, at: moment(at) })}\n`,
        );
      }
    }
    return undefined;
  },
};
