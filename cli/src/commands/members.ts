import { answered, type components, once } from '@hongmi/sdk/by-path';
import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { memberId, readReference } from '../member-reference.ts';
import { readPages } from '../pages.ts';
import type { Command, Shell } from '../shell.ts';
import { facts, moment, table } from '../table.ts';

type Member = components['schemas']['Member'];

export const findMembers: Command = {
  name: 'members find',
  usage: 'SYSTEM:ID | PHONE | LAST-FOUR [--limit N] [--json]',
  positionals: ['SYSTEM:ID'],
  options: ['limit'],
  flags: ['json'],
  help: {
    en: `Find members by external id, phone, or the last four digits of the phone

  hongmi members find online-retail:17850
  hongmi members find 13800138000
  hongmi members find 8000`,
    zh: `按外部编号、手机号或手机后四位查找会员

  hongmi members find online-retail:17850
  hongmi members find 13800138000
  hongmi members find 8000`,
  },
  async run(args, shell) {
    const limit = limitOf('members find', args);
    const query = queryOf(args.positionals[0] ?? '');
    const hongmi = await connect(shell);
    const { items, more } = await readPages(limit, (page) =>
      hongmi.GET('/v1/members', { params: { query: { ...query, ...page } } }),
    );
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
    const member = await answered(hongmi.GET('/v1/members/{id}', { params: { path: { id } } }));
    shell.out(
      flags.has('json') ? `${JSON.stringify(member, null, 2)}\n` : memberFacts(member, shell),
    );
    return undefined;
  },
};

export const createMember: Command = {
  name: 'members create',
  usage: '[--phone PHONE] [--external SYSTEM:ID] [--programme CODE] [--json]',
  positionals: [],
  options: ['phone', 'external', 'programme'],
  flags: ['json'],
  help: {
    en: 'Register a member',
    zh: '登记一个会员',
  },
  async run({ options: { phone, external, programme }, flags }, shell) {
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
      ...(programme === undefined ? {} : { programme }),
    };
    const hongmi = await connect(shell);
    const member = await answered(hongmi.POST('/v1/members', { params: { header: once() }, body }));
    shell.out(
      flags.has('json') ? `${JSON.stringify(member, null, 2)}\n` : memberFacts(member, shell),
    );
    return undefined;
  },
};

function queryOf(text: string) {
  if (/^\d{4}$/.test(text)) return { phoneLastFour: text };
  if (/^[+\d][\d\s()-]*$/.test(text)) return { phone: text };
  const reference = readReference(text);
  if (reference === undefined || 'id' in reference) throw usage('member_bad', { value: text });
  return reference;
}

function membersTable(members: readonly Member[], { say }: Shell): string {
  if (members.length === 0) return `${say('nothing')}\n`;
  const titles = ['id', 'phone', 'external_ids', 'programmes', 'created'] as const;
  return table(
    titles.map((title) => ({ title: say(`column_${title}`) })),
    members.map((member) => cellsOf(member)),
  );
}

function memberFacts(member: Member, { say }: Shell): string {
  const [id, phone, externalIds, programmes, created] = cellsOf(member);
  return facts([
    [say('column_id'), id],
    [say('column_phone'), phone],
    [say('column_external_ids'), externalIds],
    [say('column_programmes'), programmes],
    [say('column_created'), created],
  ]);
}

function cellsOf(member: Member): [string, string, string, string, string] {
  const phone = member.phoneLastFour === null ? '' : `…${member.phoneLastFour}`;
  const externalIds = Object.entries(member.externalIds).map(([system, id]) => `${system}:${id}`);
  return [
    member.id,
    phone,
    externalIds.join(' '),
    member.programmes.join(' '),
    moment(member.createdAt),
  ];
}
