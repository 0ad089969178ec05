import { resolve } from 'node:path';
import { backUp } from '@hongmi/server/main/backup';
import { dataDirOf } from '../connect.ts';
import { Failure } from '../failure.ts';
import type { Command } from '../shell.ts';
import { count, facts, moment } from '../table.ts';

/** Files of the data directory that a backup leaves out on purpose. */
const KEYS = 'master-key, seal-keys, seals.jsonl';

export const backup: Command = {
  name: 'backup',
  usage: 'FILE [--json]',
  positionals: ['FILE'],
  flags: ['json'],
  help: {
    en: `Write the embedded database to one file, beside a running server or without one

A tar archive, compressed when FILE ends in .gz, that \`hongmi restore\` puts back. Only its owner can
read it. The keys that open phone numbers and sign seals are not in it: keep copies of them elsewhere.
A database of your own (DATABASE_URL) is backed up with PostgreSQL's tools.`,
    zh: `把自带的数据库写入一个文件，服务在不在运行都可以

生成 tar 归档（FILE 以 .gz 结尾时压缩），用 \`hongmi restore\` 恢复；只有其所有者可以读取。
解密手机号和签署封印的密钥不在其中，请另外保存。自己的数据库（DATABASE_URL）请用 PostgreSQL 的工具备份。`,
  },
  async run({ positionals, flags }, shell) {
    if ((shell.env.DATABASE_URL?.trim() ?? '') !== '') throw new Failure('backup_external');
    const file = resolve(shell.here, positionals[0] ?? '');
    const made = await backUp({ dataDir: dataDirOf(shell), file }).catch((error: unknown) => {
      throw new Failure('backup_failed', {
        detail: error instanceof Error ? error.message : String(error),
      });
    });
    if (flags.has('json')) {
      shell.out(`${JSON.stringify({ file, ...made }, null, 2)}\n`);
      return undefined;
    }
    const { say } = shell;
    shell.out(
      `${say('backup_made', { file })}\n\n${facts([
        [say('verify_ledger'), made.ledgerId],
        [say('restore_made_at'), moment(new Date(made.madeAt).toISOString())],
        [say('restore_size'), count(made.bytes)],
      ])}\n${say('backup_keys', { keys: KEYS })}\n`,
    );
    return undefined;
  },
};
