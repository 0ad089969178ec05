import type { components } from '@hongmi/sdk';
import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import type { Command } from '../shell.ts';
import { facts, moment, table } from '../table.ts';

type Scope = components['schemas']['Scope'];

// Every scope of the API, by its type: one that is missing here or unknown there does not compile.
const SCOPES: Readonly<Record<Scope, true>> = {
  'points:write': true,
  'points:read': true,
  'points:adjust': true,
  'points:overdraft': true,
  'points:backdate': true,
  'orders:write': true,
  'orders:read': true,
  'activities:write': true,
  'activities:read': true,
  'carbon:write': true,
  'carbon:read': true,
  'certificates:write': true,
  'certificates:read': true,
  'members:write': true,
  'members:erase': true,
  'members:read': true,
  'notices:write': true,
  'consents:write': true,
  'consents:read': true,
  'profiles:write': true,
  'profiles:read': true,
  'messages:receive': true,
  'messages:read': true,
  'messages:write': true,
  'tiers:write': true,
  'tiers:use': true,
  'tiers:read': true,
  'merchants:write': true,
  'merchants:read': true,
  'stores:write': true,
  'programmes:write': true,
  'programmes:read': true,
  'budgets:write': true,
  'budgets:read': true,
  'rules:write': true,
  'rules:publish': true,
  'rules:read': true,
  'rewards:write': true,
  'rewards:publish': true,
  'rewards:read': true,
  'redemptions:write': true,
  'redemptions:read': true,
  'funds:write': true,
  'funds:pay': true,
  'clearing:write': true,
  'clearing:read': true,
  'disputes:write': true,
  'dossiers:write': true,
  'dossiers:read': true,
  'funding:write': true,
  'funding:read': true,
  'books:write': true,
  'books:read': true,
  'vouchers:use': true,
  'deliveries:handle': true,
  'after-sales:write': true,
  'after-sales:answer': true,
  'after-sales:decide': true,
  'after-sales:read': true,
  'ledger:read': true,
  'ledger:cut': true,
  'ledger:write': true,
  'metrics:read': true,
  'staff:write': true,
  'staff:read': true,
  'security:write': true,
  'audit:read': true,
  'insights:read': true,
  'keys:write': true,
  'keys:read': true,
};
const SCOPE_NAMES = Object.keys(SCOPES).join(' ');

export const listKeys: Command = {
  name: 'keys list',
  usage: '[--limit N] [--json]',
  positionals: [],
  options: ['limit'],
  flags: ['json'],
  help: { en: 'List API keys, revoked ones included', zh: '列出 API 密钥，包括已吊销的' },
  async run(args, shell) {
    const { say } = shell;
    const limit = limitOf('keys list', args);
    const hongmi = await connect(shell);
    const { items, more } = await hongmi.pages('listKeys').first(limit);
    if (args.flags.has('json')) {
      shell.out(`${JSON.stringify({ items, more }, null, 2)}\n`);
      return undefined;
    }
    const titles = ['id', 'name', 'merchant', 'programme', 'created', 'revoked', 'scopes'] as const;
    const rows = items.map(({ id, name, merchantId, programme, createdAt, revokedAt, scopes }) => {
      return [
        id,
        name,
        merchantId ?? '',
        programme ?? '',
        moment(createdAt),
        revokedAt === null ? '' : moment(revokedAt),
        scopes.join(' '),
      ];
    });
    shell.out(
      table(
        titles.map((title) => ({ title: say(`column_${title}`) })),
        rows,
      ),
    );
    if (more) shell.err(`${say('more')}\n`);
    return undefined;
  },
};

export const createKey: Command = {
  name: 'keys create',
  usage: 'NAME --scopes SCOPE,SCOPE,… [--merchant mer_… | --programme CODE] [--json]',
  positionals: ['NAME'],
  options: ['scopes', 'merchant', 'programme'],
  flags: ['json'],
  help: {
    en: `Make an API key; its secret is shown once

  hongmi keys create "till 3" --scopes orders:write,points:write --merchant mer_…

  --scopes     what the key may do:
               ${SCOPE_NAMES.replace(/(.{1,80})( |$)/g, '$1\n               ').trim()}
  --merchant   the only merchant the key reaches
  --programme  the only programme it reaches; without either the key is the whole platform's`,
    zh: `创建 API 密钥；密钥只显示一次

  hongmi keys create "3号收银台" --scopes orders:write,points:write --merchant mer_…

  --scopes     密钥的权限：
               ${SCOPE_NAMES.replace(/(.{1,80})( |$)/g, '$1\n               ').trim()}
  --merchant   密钥只能用于这个商家
  --programme  密钥只能用于这个计划；两者都不写则是整个平台的密钥`,
  },
  async run({ positionals: [name = ''], options, flags }, shell) {
    const { say } = shell;
    if (options.scopes === undefined)
      throw usage('option_missing', { name: 'scopes', command: 'keys create' });
    const scopes = readScopes(options.scopes);
    const body = {
      name,
      scopes,
      ...(options.merchant === undefined ? {} : { merchantId: options.merchant }),
      ...(options.programme === undefined ? {} : { programme: options.programme }),
    };
    const hongmi = await connect(shell);
    const key = await hongmi.createKey(body);
    if (flags.has('json')) {
      shell.out(`${JSON.stringify(key, null, 2)}\n`);
      return undefined;
    }
    const about: [string, string][] = [
      [say('column_id'), key.id],
      [say('column_name'), key.name],
      [say('column_scopes'), key.scopes.join(' ')],
      [say('column_merchant'), key.merchantId ?? ''],
      [say('column_programme'), key.programme ?? ''],
    ];
    const secret =
      key.secret === null ? say('key_made_before') : say('key_secret', { secret: key.secret });
    shell.out(`${facts(about)}\n${secret}\n`);
    return undefined;
  },
};

function readScopes(text: string): Scope[] {
  return text.split(',').map((part) => {
    const scope = part.trim();
    if (Object.hasOwn(SCOPES, scope)) return scope as Scope;
    throw usage('scope_bad', { value: scope, known: SCOPE_NAMES });
  });
}

const OVERLAP_HOURS = 24;

export const rotateApiKey: Command = {
  name: 'keys rotate',
  usage: 'KEY [--overlap HOURS] [--json]',
  positionals: ['KEY'],
  options: ['overlap'],
  flags: ['json'],
  help: {
    en: `Give an API key (key_…) a new secret, shown once

  --overlap  for how many hours the old one works beside it, 0 to 168; otherwise ${OVERLAP_HOURS}`,
    zh: `给 API 密钥（key_…）换新密钥，只显示一次

  --overlap  旧密钥还可用多少小时，0 到 168；不写则为 ${OVERLAP_HOURS}`,
  },
  async run({ positionals: [id = ''], options, flags }, shell) {
    const { say } = shell;
    if (!id.startsWith('key_')) throw usage('id_bad', { value: id, form: 'key_…' });
    const overlapHours = Number(options.overlap ?? OVERLAP_HOURS);
    const hongmi = await connect(shell);
    const key = await hongmi.rotateKey({ id, overlapHours });
    if (flags.has('json')) {
      shell.out(`${JSON.stringify(key, null, 2)}\n`);
      return undefined;
    }
    shell.out(
      `${key.secret === null ? say('key_made_before') : say('key_secret', { secret: key.secret })}\n`,
    );
    return undefined;
  },
};

export const revokeKey: Command = {
  name: 'keys revoke',
  usage: 'KEY [--json]',
  positionals: ['KEY'],
  flags: ['json'],
  help: { en: 'Revoke an API key (key_…)', zh: '吊销 API 密钥（key_…）' },
  async run({ positionals: [id = ''], flags }, shell) {
    if (!id.startsWith('key_')) throw usage('id_bad', { value: id, form: 'key_…' });
    const hongmi = await connect(shell);
    const key = await hongmi.revokeKey({ id });
    const text = flags.has('json')
      ? JSON.stringify(key, null, 2)
      : shell.say('key_revoked', { id: key.id, name: key.name });
    shell.out(`${text}\n`);
    return undefined;
  },
};
