import type { components, Hongmi } from '@hongmi/sdk';
import { connect } from '../connect.ts';
import { EXIT_REFUSED } from '../failure.ts';
import { languageOf } from '../messages.ts';
import type { Command, Shell } from '../shell.ts';
import { count, facts, harmless } from '../table.ts';

type Reconciliation = components['schemas']['Reconciliation'];

export const reconcile: Command = {
  name: 'reconcile',
  usage: '[--programme CODE] [--json]',
  positionals: [],
  options: ['programme'],
  flags: ['json'],
  help: {
    en: `Compare ledger, clearing and books now, and name what does not add up

Points: lots, accounts and books hold the same. Money: what the ledger accrued is in the positions of closed
periods or carried on, positions sum to zero, payments and books follow from them. A period that was closed since the
last time is worked out again entry by entry; else one of the older ones, in turn. Exit code 1 when something differs.

  --programme  only this one; else all that the key reaches`,
    zh: `立即核对账本、清算与账簿，并指出不符之处

积分：批次、账户与账簿一致。金额：账本的计提都在已结清各期的净额中或已结转，各方净额之和为零，付款与账簿
由此得出。上次核对之后结清的各期会逐笔重算；否则轮流重算较早的一期。有差异时退出码为 1。

  --programme  只核对这个计划；否则核对密钥所及的全部计划`,
  },
  async run({ options, flags }, shell) {
    const hongmi = await connect(shell);
    const made: Reconciliation[] = [];
    for (const programme of await codesOf(hongmi, options.programme))
      made.push(await hongmi.reconcileClearing({ programme }));
    shell.out(
      flags.has('json')
        ? `${JSON.stringify({ items: made }, null, 2)}\n`
        : made.map((each) => show(each, shell)).join('\n'),
    );
    return made.every(({ ok }) => ok) ? undefined : EXIT_REFUSED;
  },
};

async function codesOf(hongmi: Hongmi, named: string | undefined): Promise<string[]> {
  if (named !== undefined) return [named];
  const { items } = await hongmi.listProgrammes();
  return items.map(({ code }) => code);
}

function show(made: Reconciliation, shell: Shell): string {
  const { say } = shell;
  const isChinese = languageOf(shell.env) === 'zh';
  const { ok, programme, checks, outstanding, money, findings } = made;
  const points = outstanding.map(({ pointType, lotPoints }): [string, string] => [
    pointType,
    say('reconcile_points', { count: count(BigInt(lotPoints)) }),
  ]);
  const numbers = facts([
    [say('reconcile_checks'), count(checks)],
    [say('reconcile_periods'), count(money.closedPeriods)],
    [say('reconcile_books'), count(money.closedBooks)],
    ...points,
  ]);
  const lines = findings.map(
    ({ message, messageZh, about, expected, found }) =>
      `${harmless(`- ${isChinese ? messageZh : message}: ${about}`)}\n  ${harmless(
        say('reconcile_differs', { expected, found }),
      )}\n`,
  );
  const verdict = ok
    ? say('reconcile_ok', { programme })
    : say('reconcile_bad', { programme, count: count(findings.length) });
  return `${verdict}\n\n${numbers}${lines.length === 0 ? '' : `\n${lines.join('')}`}`;
}
