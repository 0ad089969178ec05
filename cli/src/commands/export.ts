import { resolve } from 'node:path';
import { type Exported, exportDataDir } from '@hongmi/server/main/export';
import { databaseOf } from '../connect.ts';
import { Failure } from '../failure.ts';
import type { Command, Shell } from '../shell.ts';
import { count, facts } from '../table.ts';

export const exportLedger: Command = {
  name: 'export ledger',
  usage: 'FILE [--with-detail] [--json]',
  positionals: ['FILE'],
  flags: ['with-detail', 'json'],
  help: {
    en: `Write the whole ledger into a file that anyone can verify

Reads the database directly, beside a running server or without one (HONGMI_DATA_DIR, or .data; or
DATABASE_URL): all of it as it is at one moment. The file has one JSON object per line and is packed
when its name ends in .gz; docs/verify/README.md describes it. Idempotency keys and free text stay out,
their commitments are in it.

  --with-detail   keys and free text go with it, so that the commitments can be checked too

  hongmi verify --from-export FILE   checks it, with or without a database at hand`,
    zh: `把整个账本写进一个任何人都能核验的文件

直接读取数据库（HONGMI_DATA_DIR 或 .data，或 DATABASE_URL），服务在不在运行都可以；
整个账本取同一时刻。文件每行一个 JSON 对象，文件名以 .gz 结尾时压缩；格式见
docs/verify/README.zh-CN.md。幂等键和附言不在其中，只有它们的承诺值。

  --with-detail   连同幂等键和附言，以便核对承诺值

  hongmi verify --from-export 文件   核验它，有没有数据库都可以`,
  },
  async run({ positionals, flags }, shell) {
    const file = resolve(shell.here, positionals[0] as string);
    const exported = await exportOrFail({
      ...(await databaseOf(shell)),
      file,
      withDetail: flags.has('with-detail'),
      onProgress: ({ shard, shards }: { shard: number; shards: number }) =>
        shell.progress(shell.say('phase_exporting'), shard / shards),
    });
    shell.endProgress();
    shell.out(flags.has('json') ? `${JSON.stringify(exported)}\n` : show(exported, file, shell));
    return undefined;
  },
};

async function exportOrFail(options: Parameters<typeof exportDataDir>[0]): Promise<Exported> {
  try {
    return await exportDataDir(options);
  } catch (error) {
    // The database, the disk and the ledger say in words of their own what is wrong with them.
    throw new Failure('export_failed', {
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

function show({ ledgerId, lines, transactions }: Exported, file: string, { say }: Shell): string {
  const numbers = facts([
    [say('verify_ledger'), ledgerId],
    [say('verify_transactions'), count(transactions)],
    [say('export_lines'), count(lines)],
  ]);
  return `${say('export_done', { file })}\n\n${numbers}`;
}
