import { rotateSealKey } from '@hongmi/server/main/seal-key';
import { databaseOf } from '../connect.ts';
import { Failure } from '../failure.ts';
import type { Command } from '../shell.ts';
import { facts } from '../table.ts';

export const rotateKey: Command = {
  name: 'seal rotate-key',
  usage: '[--json]',
  positionals: [],
  flags: ['json'],
  help: {
    en: `Give the ledger a new key for its seals, introduced by the current one

Works on the database of the data directory (HONGMI_DATA_DIR, or .data) or DATABASE_URL, beside a
running server or without one. The new private key is made in seal-keys in the data directory. Where
HONGMI_SEAL_KEY is set, append the new seed to it after a comma first, in every server and here.`,
    zh: `为账本的封印换一把新密钥，由现有密钥引荐

在数据目录（HONGMI_DATA_DIR 或 .data）的数据库或 DATABASE_URL 上执行，服务在不在运行都可以。
新的私钥生成在数据目录的 seal-keys 里。如果设置了 HONGMI_SEAL_KEY，请先在每台服务器和这里
用逗号把新的种子追加在后面。`,
  },
  async run({ flags }, shell) {
    const { say } = shell;
    const given = (name: string): string | undefined => shell.env[name]?.trim() || undefined;
    const key = await rotateSealKey({
      ...(await databaseOf(shell)),
      sealKey: given('HONGMI_SEAL_KEY'),
      sealFile: given('HONGMI_SEAL_FILE'),
    }).catch((error: unknown) => {
      throw new Failure('seal_failed', {
        detail: error instanceof Error ? error.message : String(error),
      });
    });
    if (key === null) throw new Failure('seal_busy');
    shell.out(
      flags.has('json')
        ? `${JSON.stringify(key, null, 2)}\n`
        : facts([
            [say('seal_key'), key.id],
            [say('seal_public_key'), key.publicKey],
            [say('seal_first'), String(key.firstSeal)],
          ]),
    );
    return undefined;
  },
};
