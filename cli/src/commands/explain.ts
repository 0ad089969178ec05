import { answered } from '@hongmi/sdk';
import { connect } from '../connect.ts';
import { explanationText } from '../explanation.ts';
import { usage } from '../failure.ts';
import type { Command } from '../shell.ts';

export const explain: Command = {
  name: 'explain',
  usage: 'ORDER_OR_ACTIVITY [--json]',
  positionals: ['ORDER_OR_ACTIVITY'],
  flags: ['json'],
  help: {
    en: `Tell why an order (ord_…) or an activity (act_…) earned what it earned, rule by rule

For each rule what it gave and how, or the first condition that failed. It says the same for ever.`,
    zh: `逐条规则说明一笔订单（ord_…）或一次活动（act_…）为什么得到这些积分

每条规则给了多少、怎么算的，或第一个不满足的条件。任何时候看都一样。`,
  },
  async run({ positionals: [id = ''], flags }, shell) {
    const hongmi = await connect(shell);
    const params = { path: { id } };
    const explanation = id.startsWith('ord_')
      ? await answered(hongmi.GET('/v1/orders/{id}/explanation', { params }))
      : id.startsWith('act_')
        ? await answered(hongmi.GET('/v1/activities/{id}/explanation', { params }))
        : undefined;
    if (explanation === undefined) throw usage('id_bad', { value: id, form: 'ord_…, act_…' });
    shell.out(
      flags.has('json')
        ? `${JSON.stringify(explanation, null, 2)}\n`
        : explanationText(explanation, shell.say),
    );
    return undefined;
  },
};
