import type { components } from '@hongmi/sdk';
import { limitOf } from '../arguments.ts';
import { connect, findServer } from '../connect.ts';
import { usage } from '../failure.ts';
import type { Command, Shell } from '../shell.ts';
import { facts, moment, table } from '../table.ts';

type Role = components['schemas']['Role'];
type Invited = components['schemas']['StaffInvited'];

// Every role of the API, by its type: one that is missing here or unknown there does not compile.
const ROLES: Readonly<Record<Role, true>> = {
  system_admin: true,
  security_admin: true,
  audit_admin: true,
  operator: true,
  finance: true,
  merchant_manager: true,
  merchant_cashier: true,
  merchant_finance: true,
  regulator: true,
  assessor: true,
};
const ROLE_NAMES = Object.keys(ROLES).join(' ');

export const addStaff: Command = {
  name: 'staff add',
  usage: '--role ROLE --email ADDRESS --name NAME [--merchant mer_… | --programme CODE] [--json]',
  positionals: [],
  options: ['role', 'email', 'name', 'merchant', 'programme'],
  flags: ['json'],
  help: {
    en: `Make an account of somebody who works here; the link of the invitation is shown once

  hongmi staff add --role system_admin --email chen@example.com --name "Chen Mo"

  --role       ${ROLE_NAMES.replace(/(.{1,60})( |$)/g, '$1\n               ').trim()}
  --merchant   the merchant they work at
  --programme  the programme they work for; without either the whole platform

The link counts for 72 hours, once: whoever has it gives the account its password.`,
    zh: `为工作人员建立账号；邀请链接只显示一次

  hongmi staff add --role system_admin --email chen@example.com --name 陈默

  --role       ${ROLE_NAMES.replace(/(.{1,60})( |$)/g, '$1\n               ').trim()}
  --merchant   所在的商家
  --programme  所属的计划；两者都不写则属于整个平台

链接 72 小时内有效，只能用一次：持有链接的人为账号设置密码。`,
  },
  async run({ options, flags }, shell) {
    const needed = (name: 'role' | 'email' | 'name'): string => {
      const value = options[name];
      if (value === undefined) throw usage('option_missing', { name, command: 'staff add' });
      return value;
    };
    const role = needed('role');
    if (!Object.hasOwn(ROLES, role)) throw usage('role_bad', { value: role, known: ROLE_NAMES });
    const body = {
      role: role as Role,
      email: needed('email'),
      name: needed('name'),
      ...(options.merchant === undefined ? {} : { merchantId: options.merchant }),
      ...(options.programme === undefined ? {} : { programme: options.programme }),
    };
    const hongmi = await connect(shell);
    const made = await hongmi.inviteStaff(body);
    await showInvited(made, flags.has('json'), shell);
    return undefined;
  },
};

export const listStaff: Command = {
  name: 'staff list',
  usage: '[--limit N] [--json]',
  positionals: [],
  options: ['limit'],
  flags: ['json'],
  help: { en: 'List the accounts of who works here', zh: '列出工作人员的账号' },
  async run(args, shell) {
    const { say } = shell;
    const hongmi = await connect(shell);
    const { items, more } = await hongmi.pages('listStaff').first(limitOf('staff list', args));
    if (args.flags.has('json')) {
      shell.out(`${JSON.stringify({ items, more }, null, 2)}\n`);
      return undefined;
    }
    const titles = [
      'id',
      'name',
      'email',
      'role',
      'state',
      'merchant',
      'programme',
      'seen',
    ] as const;
    const rows = items.map((each) => [
      ...[each.id, each.name, each.email, each.role, each.state, each.merchantId ?? ''],
      ...[each.programme ?? '', each.seenAt === null ? '' : moment(each.seenAt)],
    ]);
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

export const suspendStaff: Command = {
  name: 'staff suspend',
  usage: 'ACCOUNT [--undo] [--json]',
  positionals: ['ACCOUNT'],
  flags: ['undo', 'json'],
  help: {
    en: `Suspend an account (stf_…): its sessions end at once and nobody signs in

  --undo   let them in again`,
    zh: `停用账号（stf_…）：其会话立即结束，不能再登录

  --undo   恢复`,
  },
  async run({ positionals: [id = ''], flags }, shell) {
    assertAccount(id);
    const hongmi = await connect(shell);
    const staff = await hongmi.changeStaff({
      id,
      state: flags.has('undo') ? 'active' : 'suspended',
    });
    shell.out(
      flags.has('json')
        ? `${JSON.stringify(staff, null, 2)}\n`
        : `${shell.say('staff_state', { email: staff.email, state: staff.state })}\n`,
    );
    return undefined;
  },
};

export const resetStaff: Command = {
  name: 'staff reset',
  usage: 'ACCOUNT [--json]',
  positionals: ['ACCOUNT'],
  flags: ['json'],
  help: {
    en: 'Take password and second factors off an account (stf_…), end its sessions, and invite anew',
    zh: '去掉账号（stf_…）的密码和第二因素，结束其会话，并重新邀请',
  },
  async run({ positionals: [id = ''], flags }, shell) {
    assertAccount(id);
    const hongmi = await connect(shell);
    const made = await hongmi.resetStaff({ id });
    await showInvited(made, flags.has('json'), shell);
    return undefined;
  },
};

function assertAccount(id: string): void {
  if (!id.startsWith('stf_')) throw usage('id_bad', { value: id, form: 'stf_…' });
}

/** The account, and the whole address of its invitation. */
async function showInvited(made: Invited, isJson: boolean, shell: Shell): Promise<void> {
  const { say } = shell;
  const { url } = await findServer(shell);
  const path = made.invitation?.path ?? null;
  const link = path === null ? null : `${url}${path}`;
  if (isJson) {
    shell.out(`${JSON.stringify({ ...made, link }, null, 2)}\n`);
    return;
  }
  const about: [string, string][] = [
    [say('column_id'), made.id],
    [say('column_name'), made.name],
    [say('column_email'), made.email],
    [say('column_role'), made.role],
    [say('column_merchant'), made.merchantId ?? ''],
    [say('column_programme'), made.programme ?? ''],
  ];
  const told = link === null ? say('staff_invited_before') : say('staff_invitation', { link });
  shell.out(`${facts(about)}\n${told}\n`);
}
