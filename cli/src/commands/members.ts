import type { components, Hongmi } from '@hongmi/sdk';
import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { memberId, readReference } from '../member-reference.ts';
import type { Command, Shell } from '../shell.ts';
import { facts, moment, table } from '../table.ts';

/** The server answers no larger pages of a search. */
const SEARCH_PAGE_MAX = 50;

type Member = components['schemas']['Member'];

export const findMembers: Command = {
  name: 'members find',
  usage: 'SYSTEM:ID | PHONE | LAST-FOUR | NAME [--limit N] [--json]',
  positionals: ['SYSTEM:ID'],
  options: ['limit'],
  flags: ['json'],
  help: {
    en: `Find members by external id, phone, the last four digits of the phone, or a part of the name

  hongmi members find online-retail:17850
  hongmi members find 13800138000
  hongmi members find 8000
  hongmi members find 王小`,
    zh: `按外部编号、手机号、手机后四位或姓名的一部分查找会员

  hongmi members find online-retail:17850
  hongmi members find 13800138000
  hongmi members find 8000
  hongmi members find 王小`,
  },
  async run(args, shell) {
    const limit = limitOf('members find', args);
    const who = args.positionals[0] ?? '';
    const query = queryOf(who);
    const hongmi = await connect(shell);
    const { items, more } = await (query === undefined
      ? search(hongmi, who, limit)
      : hongmi.pages('findMembers', query).first(limit));
    if (args.flags.has('json')) shell.out(`${JSON.stringify({ items, more }, null, 2)}\n`);
    else shell.out(membersTable(items, shell));
    if (more) shell.err(`${shell.say('more')}\n`);
    return undefined;
  },
};

export const showMember: Command = {
  name: 'members show',
  usage: 'MEMBER [--json]',
  positionals: ['MEMBER'],
  flags: ['json'],
  help: {
    en: 'Show a member (mem_… or SYSTEM:ID)',
    zh: '显示一个会员（mem_… 或 SYSTEM:ID）',
  },
  async run({ positionals: [who = ''], flags }, shell) {
    const hongmi = await connect(shell);
    const id = await memberId(hongmi, who);
    const member = await hongmi.getMember({ id });
    shell.out(
      flags.has('json') ? `${JSON.stringify(member, null, 2)}\n` : memberFacts(member, shell),
    );
    return undefined;
  },
};

export const createMember: Command = {
  name: 'members create',
  usage: '[--phone PHONE] [--name NAME] [--external SYSTEM:ID] [--programme CODE] [--json]',
  positionals: [],
  options: ['phone', 'name', 'external', 'programme'],
  flags: ['json'],
  help: {
    en: 'Register a member',
    zh: '登记一个会员',
  },
  async run({ options: { phone, name, external, programme }, flags }, shell) {
    const reference = external === undefined ? undefined : readReference(external);
    if (external !== undefined && (reference === undefined || 'id' in reference)) {
      throw usage('member_bad', { value: external });
    }
    const ids =
      reference === undefined || 'id' in reference
        ? {}
        : { externalIds: { [reference.externalSystem]: reference.externalId } };
    const body = {
      ...ids,
      ...(phone === undefined ? {} : { phone }),
      ...(name === undefined ? {} : { name }),
      ...(programme === undefined ? {} : { programme }),
    };
    const hongmi = await connect(shell);
    const member = await hongmi.createMember(body);
    shell.out(
      flags.has('json') ? `${JSON.stringify(member, null, 2)}\n` : memberFacts(member, shell),
    );
    return undefined;
  },
};

async function search(hongmi: Hongmi, q: string, limit: number) {
  const { items, more } = await hongmi
    .pages('searchMembers', { q, limit: Math.min(limit, SEARCH_PAGE_MAX) })
    .first(limit);
  return { items: items.map(({ member }) => member), more };
}

/** Undefined: an id, or part of a name. */
function queryOf(text: string) {
  if (/^\d{4}$/.test(text)) return { phoneLastFour: text };
  if (/^[+\d][\d\s()-]*$/.test(text)) return { phone: text };
  const reference = readReference(text);
  if (text.trim() === '') throw usage('member_bad', { value: text });
  return reference === undefined || 'id' in reference ? undefined : reference;
}

function membersTable(members: readonly Member[], { say }: Shell): string {
  if (members.length === 0) return `${say('nothing')}\n`;
  const titles = ['id', 'name', 'phone', 'external_ids', 'programmes', 'created'] as const;
  return table(
    titles.map((title) => ({ title: say(`column_${title}`) })),
    members.map((member) => cellsOf(member)),
  );
}

function memberFacts(member: Member, { say }: Shell): string {
  const [id, name, phone, externalIds, programmes, created] = cellsOf(member);
  return facts([
    [say('column_id'), id],
    [say('column_name'), name],
    [say('column_phone'), phone],
    [say('column_external_ids'), externalIds],
    [say('column_programmes'), programmes],
    [say('column_created'), created],
  ]);
}

function cellsOf(member: Member): [string, string, string, string, string, string] {
  const phone = member.phoneLastFour === null ? '' : `…${member.phoneLastFour}`;
  const externalIds = Object.entries(member.externalIds).map(([system, id]) => `${system}:${id}`);
  return [
    member.id,
    member.name ?? '',
    phone,
    externalIds.join(' '),
    member.programmes.join(' '),
    moment(member.createdAt),
  ];
}
