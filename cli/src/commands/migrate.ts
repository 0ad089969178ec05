import { migrateDatabase } from '@hongmi/server/main/migrate';
import { dataDirOf } from '../connect.ts';
import { Failure } from '../failure.ts';
import type { Command } from '../shell.ts';

export const migrate: Command = {
  name: 'migrate',
  usage: '',
  positionals: [],
  help: {
    en: `Bring the database to this version's schema, without starting a server

As its owner: HONGMI_MIGRATION_URL, and the role named in DATABASE_URL gets the rights a server needs
and no others. Without DATABASE_URL the embedded database of the data directory is meant. Repeating
it does no harm.`,
    zh: `把数据库升级到本版本的结构，不启动服务

以数据库所有者的身份（HONGMI_MIGRATION_URL）执行，并且只授予 DATABASE_URL 中的角色服务所需的权限。
没有设置 DATABASE_URL 时，指数据目录里自带的数据库。可以重复执行。`,
  },
  async run(_args, shell) {
    const given = (name: string): string | undefined => shell.env[name]?.trim() || undefined;
    const databaseUrl = given('DATABASE_URL');
    const migrationUrl = given('HONGMI_MIGRATION_URL');
    if (databaseUrl === undefined && migrationUrl !== undefined)
      throw new Failure('migrate_role_missing');
    try {
      const count = await migrateDatabase({
        dataDir: dataDirOf(shell),
        databaseUrl,
        migrationUrl,
      });
      shell.out(`${shell.say(count === 0 ? 'migrated_none' : 'migrated', { count })}\n`);
    } catch (error) {
      throw new Failure('migrate_failed', {
        detail: error instanceof Error ? error.message : String(error),
      });
    }
    return undefined;
  },
};
