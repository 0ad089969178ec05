import { connect } from '../connect.ts';
import { type Explained, explanationText } from '../explanation.ts';
import { usage } from '../failure.ts';
import type { Command, Shell } from '../shell.ts';

export const explain: Command = {
  name: 'explain',
  usage: 'ORDER_OR_ACTIVITY [--json]',
  positionals: ['ORDER_OR_ACTIVITY'],
  flags: ['json'],
  help: {
    en: `Tell why an order (ord_…) or an activity (act_…) earned what it earned, rule by rule

For each rule what it gave and how, or the first condition that failed. It says the same for ever.
With - in place of an id it tells an answer of the API that is piped in, say of POST /v1/rules/examine.`,
    zh: `逐条规则说明一笔订单（ord_…）或一次活动（act_…）为什么得到这些积分

每条规则给了多少、怎么算的，或第一个不满足的条件。任何时候看都一样。
用 - 代替编号，则说明由管道输入的接口回答，例如 POST /v1/rules/examine 的。`,
  },
  async run({ positionals: [id = ''], flags }, shell) {
    const explained = id === '-' ? readExplained(await shell.input()) : await ask(id, shell);
    shell.out(
      flags.has('json')
        ? `${JSON.stringify(explained, null, 2)}\n`
        : explanationText(explained, shell.say),
    );
    return undefined;
  },
};

async function ask(id: string, shell: Shell): Promise<Explained> {
  if (id.startsWith('ord_')) {
    const hongmi = await connect(shell);
    return hongmi.explainOrder({ id });
  }
  if (!id.startsWith('act_')) throw usage('id_bad', { value: id, form: 'ord_…, act_…' });
  const hongmi = await connect(shell);
  return hongmi.explainActivity({ id });
}

function readExplained(text: string): Explained {
  try {
    const read = JSON.parse(text) as Explained;
    if (Array.isArray(read.rules) && read.rules.every(({ steps }) => Array.isArray(steps)))
      return read;
  } catch {
    // Told below.
  }
  throw usage('explanation_bad');
}
