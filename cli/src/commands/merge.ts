import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { memberId } from '../member-reference.ts';
import type { Command } from '../shell.ts';

export const merge: Command = {
  name: 'merge',
  usage: 'FROM INTO --actor WHO --reason WHY [--dry-run] [--json]',
  positionals: ['FROM', 'INTO'],
  options: ['actor', 'reason'],
  flags: ['dry-run', 'json'],
  help: {
    en: `Make the member FROM part of the member INTO, for good

  hongmi merge pos:C-1042 online:17850 --actor "Li Na" --reason "one person, two cards"

Points, debts and names of FROM lead to INTO from then on. With --dry-run nothing is changed: it says what would move.`,
    zh: `把会员 FROM 并入会员 INTO，不可撤销

  hongmi merge pos:C-1042 online:17850 --actor "李娜" --reason "一人两卡"

此后 FROM 的积分、欠分和各种编号都归于 INTO。加 --dry-run 只说明会转移什么，什么也不改。`,
  },
  async run({ positionals: [from = '', into = ''], options, flags }, shell) {
    const { actor, reason } = options;
    if (actor === undefined) throw usage('option_missing', { name: 'actor', command: 'merge' });
    if (reason === undefined) throw usage('option_missing', { name: 'reason', command: 'merge' });
    const hongmi = await connect(shell);
    const [absorbed, id] = [await memberId(hongmi, from), await memberId(hongmi, into)];
    const dryRun = flags.has('dry-run');
    const merged = await hongmi.mergeMembers({
      id,
      from: absorbed,
      actor,
      reason,
      ...(dryRun ? { dryRun } : {}),
    });
    if (flags.has('json')) {
      shell.out(`${JSON.stringify(merged, null, 2)}\n`);
      return undefined;
    }
    for (const { programme, pointType, points = 0, debt = 0 } of merged.moves)
      shell.out(
        `${shell.say('merge_move', { type: `${programme}/${pointType}`, points, debt })}\n`,
      );
    const said =
      'id' in merged ? shell.say('merged', { id: merged.id }) : shell.say('merge_dry_run');
    shell.out(`${said}\n`);
    return undefined;
  },
};
