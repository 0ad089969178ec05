import { resolve } from 'node:path';
import { type Restored, restoreBackup } from '@hongmi/server/main/restore';
import { dataDirOf } from '../connect.ts';
import { declineDemo } from '../demo.ts';
import { EXIT_REFUSED, Failure } from '../failure.ts';
import { findingLines } from '../findings.ts';
import type { Command, Shell } from '../shell.ts';
import { count, facts, harmless, moment } from '../table.ts';

export const restore: Command = {
  name: 'restore',
  usage: 'FILE [--seals FILE] [--json]',
  positionals: ['FILE'],
  options: ['seals'],
  flags: ['json'],
  help: {
    en: `Put a backup into the data directory, and prove it

The directory (HONGMI_DATA_DIR, or .data) must not hold a database yet. The restored ledger is verified
from its first block on. With a seal file it is held against the last seal in it, which names every block
that came after the backup. Exit code 1 when something is wrong with what was restored.`,
    zh: `把备份恢复到数据目录，并加以证明

该目录（HONGMI_DATA_DIR 或 .data）中不能已有数据库。恢复后的账本会从第一个区块起验证。
给出封印文件时，会与其中最后一个封印对照，指出备份之后的每一个区块。恢复的内容有问题时退出码为 1。`,
  },
  async run({ positionals, options, flags }, shell) {
    const dataDir = dataDirOf(shell);
    const restored = await restoreBackup({
      dataDir,
      file: resolve(shell.here, positionals[0] ?? ''),
      sealFile: options.seals === undefined ? undefined : resolve(shell.here, options.seals),
      onProgress: ({ shard, shards }) =>
        shell.progress(shell.say('phase_verifying'), shard / shards),
    }).catch((error: unknown) => {
      throw new Failure('restore_failed', {
        detail: error instanceof Error ? error.message : String(error),
      });
    });
    shell.endProgress();
    await declineDemo(dataDir);
    if (flags.has('json')) shell.out(`${JSON.stringify(restored, null, 2)}\n`);
    else shell.out(show(restored, dataDir, options.seals !== undefined, shell));
    return problemsOf(restored) === 0 ? undefined : EXIT_REFUSED;
  },
};

/** What is missing after the backup is no problem of the backup; another history is. */
function problemsOf({ verification, broken, seals }: Restored): number {
  const different = seals?.gaps.filter((gap) => gap.kind === 'different') ?? [];
  return verification.findings.length + broken.length + different.length;
}

function show(
  restored: Restored,
  dataDir: string,
  isSealsAsked: boolean,
  shell: Pick<Shell, 'say' | 'env'>,
): string {
  const { say } = shell;
  const { backup, verification, broken, seals } = restored;
  const problems = problemsOf(restored);
  const verdict =
    problems === 0
      ? say('restore_ok', { dataDir })
      : say('restore_bad', { dataDir, count: count(problems) });
  const lines = [
    ...findingLines(verification.findings, shell),
    ...broken.map((shard) => say('restore_broken', { shard })),
  ];
  if (isSealsAsked && seals === undefined) lines.push(say('restore_no_seal'));
  if (seals !== undefined) {
    const at = moment(new Date(seals.sealedAt).toISOString());
    const which = { seal: seals.seal, at };
    lines.push(say(seals.gaps.length === 0 ? 'restore_whole' : 'restore_missing', which));
    for (const { kind, ...gap } of seals.gaps) lines.push(say(`restore_gap_${kind}`, gap));
  }
  const numbers = facts([
    [say('verify_ledger'), verification.ledgerId],
    [say('restore_made_at'), moment(new Date(backup.madeAt).toISOString())],
    [say('verify_blocks'), count(verification.blocks)],
    [say('verify_transactions'), count(verification.transactions)],
  ]);
  return `${verdict}\n\n${numbers}${lines.length === 0 ? '' : `\n${lines.map(harmless).join('\n')}\n`}`;
}
