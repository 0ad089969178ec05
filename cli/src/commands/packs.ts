import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { type Language, languageOf } from '../messages.ts';
import { type Applied, applyPack, type Target } from '../packs/apply-pack.ts';
import { type Pack, type PackReward, packNames, readPack } from '../packs/pack.ts';
import type { Arguments, Command, Shell } from '../shell.ts';
import { count, facts, moment, table } from '../table.ts';

const PROGRAMME = 'default';

export const listPacks: Command = {
  name: 'pack list',
  usage: '[--json]',
  positionals: [],
  flags: ['json'],
  help: { en: 'List the industry packs', zh: '列出行业包' },
  async run({ flags }, { say, out, env }) {
    const packs = await Promise.all((await packNames()).map((name) => readPack(name)));
    if (flags.has('json')) {
      const items = packs.map(({ name, version, title, about }) => ({
        name,
        version,
        title,
        about,
      }));
      out(`${JSON.stringify({ items }, null, 2)}\n`);
      return undefined;
    }
    const language = languageOf(env);
    const rows = packs.map(({ name, title, rules, rewards, tiers }) => [
      name,
      title[language],
      count(rules.length),
      count(rewards.length),
      tiers?.tiers.map((tier) => tier.name).join(' ') ?? '',
    ]);
    const columns = [
      { title: say('column_pack') },
      { title: say('column_trade') },
      { title: say('column_rules'), align: 'right' },
      { title: say('column_rewards'), align: 'right' },
      { title: say('column_tiers') },
    ] as const;
    out(table(columns, rows));
    return undefined;
  },
};

export const showPack: Command = {
  name: 'pack show',
  usage: 'NAME [--json]',
  positionals: ['NAME'],
  flags: ['json'],
  help: {
    en: 'Show an industry pack: rules, rewards and examples; --json shows the whole file',
    zh: '显示一个行业包的规则、兑换品和例子；--json 显示整个文件',
  },
  async run({ positionals: [name = ''], flags }, { say, out, env }) {
    const pack = await readPack(name);
    if (flags.has('json')) out(`${JSON.stringify(pack, null, 2)}\n`);
    else out(packText(pack, languageOf(env), say));
    return undefined;
  },
};

function packText(pack: Pack, language: Language, say: Shell['say']): string {
  const { points, perFen } = pack.merchant.earnRatio;
  const about: [string, string][] = [
    [say('column_pack'), `${pack.name} ${pack.version}`],
    [say('column_merchant'), pack.merchant.name],
    [say('pack_ratio'), say('pack_ratio_of', { points, yuan: perFen / 100 })],
    [say('pack_stores'), pack.stores.map(({ name }) => name).join(' ')],
  ];
  const types = pack.pointTypes?.map(({ code, name }) => `${code} ${name}`) ?? [];
  if (types.length > 0) about.push([say('pack_point_types'), types.join(' ')]);
  const tiers = pack.tiers?.tiers.map(({ code, name }) => `${code} ${name}`) ?? [];
  if (tiers.length > 0) about.push([say('column_tiers'), tiers.join(' ')]);
  const segments = pack.segments?.map((each) => `${each.code} ${each[language]}`) ?? [];
  if (segments.length > 0) about.push([say('pack_segments'), segments.join(' ')]);
  const rules = pack.rules.map(({ code, en, body }): [string, string] => [
    code,
    language === 'en' ? en : (body.description ?? body.name),
  ]);
  const rewards = pack.rewards.map(({ code, body }): [string, string] => [
    code,
    `${body.name[language] ?? body.name.zh}: ${body.prices.map(priceText).join(say('pack_or'))}`,
  ]);
  const promotions = (pack.promotions ?? []).map(({ code, body }): [string, string] => [
    code,
    body.name[language] ?? body.name.zh,
  ]);
  const campaigns =
    promotions.length === 0 ? '' : `${say('pack_promotions')}\n${facts(promotions)}\n`;
  const examples = pack.examples.map(({ says }) => `- ${says[language]}\n`);
  return `${pack.title[language]}\n${pack.about[language]}\n\n${facts(about)}\n${say('pack_rules')}\n${facts(rules)}\n${say('pack_rewards')}\n${facts(rewards)}\n${campaigns}${say('pack_examples')}\n${examples.join('')}`;
}

/** `2,500 miles + ¥300` */
function priceText({ points, cashFen }: PackReward['body']['prices'][number]): string {
  const parts = points.map((each) => `${count(each.points)} ${each.pointType}`);
  const yuan = cashFen % 100 === 0 ? count(cashFen / 100) : (cashFen / 100).toFixed(2);
  return [...parts, ...(cashFen === 0 ? [] : [`¥${yuan}`])].join(' + ');
}

export const applyPackCommand: Command = {
  name: 'pack apply',
  usage: 'NAME [--merchant mer_… | --new-merchant NAME] [--programme CODE] [--json]',
  positionals: ['NAME'],
  options: ['merchant', 'new-merchant', 'programme'],
  flags: ['json'],
  help: {
    en: `Give a merchant what an industry pack says: stores, point types, tiers, segments, published rules,
rewards and promotions

  hongmi pack apply fruit-shop --merchant mer_…
  hongmi pack apply fruit-shop --new-merchant "Melon King" --programme mall

  --merchant      a merchant that there is; its ratio stays
  --new-merchant  the name of a merchant, made if it is missing; without either the pack's own name
  --programme     where that merchant takes part (${PROGRAMME})

Only what is missing is made: repeat it whenever you like. What is there otherwise is left alone and said.
A rule or scheme that is not proven to be no worse for members counts after notice.`,
    zh: `按行业包为商家设置门店、积分类型、等级、分群，并发布规则、兑换品和兑换活动

  hongmi pack apply fruit-shop --merchant mer_…
  hongmi pack apply fruit-shop --new-merchant "瓜大王" --programme mall

  --merchant      已有的商家；它的积分比例不变
  --new-merchant  商家名称，没有则新建；两者都不写则用包里的名称
  --programme     该商家所在的计划（${PROGRAMME}）

只补缺少的，可以随时重复。已有而不同的保持原样，并会说明。
不能证明对会员不更差的规则或等级，公告期满后生效。`,
  },
  async run(args, shell) {
    const [name = ''] = args.positionals;
    const target = targetOf(args, await readPack(name));
    const hongmi = await connect(shell);
    const label = shell.say('phase_applying');
    const applied = await applyPack(hongmi, name, target, (done) => shell.progress(label, done));
    shell.endProgress();
    shell.out(
      args.flags.has('json')
        ? `${JSON.stringify(applied, null, 2)}\n`
        : appliedText(applied, shell.say),
    );
    return undefined;
  },
};

function targetOf({ options }: Arguments, pack: Pack): Target {
  const { merchant, 'new-merchant': fresh, programme } = options;
  const command = 'pack apply';
  if (merchant === undefined)
    return { merchantName: fresh ?? pack.merchant.name, programme: programme ?? PROGRAMME };
  if (fresh !== undefined)
    throw usage('option_beside', { name: 'merchant', other: 'new-merchant', command });
  if (!merchant.startsWith('mer_')) throw usage('id_bad', { value: merchant, form: 'mer_…' });
  return { merchantId: merchant, programme };
}

function appliedText(applied: Applied, say: Shell['say']): string {
  const rows = applied.steps.map(({ part, code, outcome, from }) => [
    say(`pack_part_${part}`),
    code,
    say(`pack_outcome_${outcome}`),
    from === undefined ? '' : moment(from),
  ]);
  const columns = (['what', 'code', 'result', 'starts'] as const).map((name) => ({
    title: say(`column_${name}`),
  }));
  const { pack, version, merchantId, programme } = applied;
  return `${say('pack_applied', { pack, version, merchant: merchantId, programme })}\n\n${table(columns, rows)}`;
}
