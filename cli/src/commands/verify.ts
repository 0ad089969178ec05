import {
  ExportFileError,
  tellFinding,
  type Verification,
  verifyDataDir,
  verifyExportFile,
} from '@hongmi/server/main/verify';
import { databaseOf, givenFile } from '../connect.ts';
import { EXIT_REFUSED, Failure } from '../failure.ts';
import { findingLines } from '../findings.ts';
import { languageOf, type MessageCode } from '../messages.ts';
import type { Arguments, Command, Shell } from '../shell.ts';
import { count, facts } from '../table.ts';
import { checkProof, failVerify, filesOf } from './verify-proof.ts';

export const verify: Command = {
  name: 'verify',
  usage:
    '[--from-export FILE] [--seals FILE] [--keys FILE] [--receipt FILE] [--proof FILE] [--json]',
  positionals: [],
  options: ['from-export', 'seals', 'keys', 'receipt', 'proof'],
  flags: ['json'],
  help: {
    en: `Replay the whole ledger and prove its chain, balances, lots and sums

Reads the database directly, beside a running server or without one, and does not ask the server:
the data directory (HONGMI_DATA_DIR, or .data), or DATABASE_URL. Names every row that does not
follow from the chain. Exit code 1 when something was found.

  --from-export   an export (hongmi export ledger) instead of a database: with it, the public keys and
                  the seals you keep, nothing of ours has to be believed or reached
  --seals         a seal file, a day's publication, or saved answers of GET /v1/ledger/seals: a tail that
                  was cut off or rewritten is found against them. The database's own seals are always checked
  --keys          the public keys you trust: one per line in hex or base64, or an answer of
                  GET /v1/ledger/seal-keys; without it the seals' first key is taken at its word
  --receipt       saved answers with receipts: each must still stand where it says

  hongmi verify --proof FILE --keys FILE [--seals FILE]

  --proof         checks one saved answer of GET /v1/ledger/proofs/{transaction} and nothing else: no
                  database, no export. With --seals, the seal must also be one of those you keep`,
    zh: `重放整个账本，证明链、余额、批次和总和

直接读取数据库（HONGMI_DATA_DIR 或 .data 数据目录，或 DATABASE_URL），不经过服务；
服务在不在运行都可以。逐一指出与链不符的行。发现问题时退出码为 1。

  --from-export   核验导出文件（hongmi export ledger）而不是数据库：有了它、公钥和你自己保存的
                  封印，就不必相信或访问我们的任何东西
  --seals         封印文件、某天公开的封印，或存下的 GET /v1/ledger/seals 响应：对照它们可以发现
                  被截断或改写的末尾。数据库自己的封印总会检查
  --keys          你信任的公钥：每行一个，十六进制或 base64；或 GET /v1/ledger/seal-keys 的响应。
                  不给出时，只能相信封印的第一把密钥
  --receipt       存下的带回执的响应：每份回执都必须还在它所说的位置

  hongmi verify --proof FILE --keys FILE [--seals FILE]

  --proof         只核验一份存下的 GET /v1/ledger/proofs/{transaction} 响应：不需要数据库，也不需要
                  导出文件。给出 --seals 时，证明里的封印还必须是你保存的那一个`,
  },
  async run({ options, flags }, shell) {
    const isJson = flags.has('json');
    if (options.proof !== undefined) return checkProof(options, isJson, shell);
    const verification = await verifyOrFail(options, shell);
    shell.endProgress();
    shell.out(isJson ? showJson(verification, shell) : show(verification, shell));
    if (!isJson) for (const code of untold(options)) shell.err(`${shell.say(code)}\n`);
    return verification.ok ? undefined : EXIT_REFUSED;
  },
};

async function verifyOrFail(
  { 'from-export': fromExport, seals, keys, receipt }: Arguments['options'],
  shell: Shell,
): Promise<Verification> {
  const evidence = await filesOf({ seals, keys, receipts: receipt }, shell);
  const onProgress = ({ shard, shards }: { shard: number; shards: number }): void =>
    shell.progress(shell.say('phase_verifying'), shard / shards);
  if (fromExport === undefined) {
    const database = await databaseOf(shell);
    return verifyDataDir({ ...database, ...evidence, onProgress }).catch(failVerify);
  }
  const file = await givenFile(fromExport, shell);
  return verifyExportFile({ file, ...evidence, onProgress }).catch((error: unknown) => {
    if (error instanceof ExportFileError)
      throw new Failure('export_broken', { path: file, detail: error.message });
    return failVerify(error);
  });
}

/** What whoever reads the verdict should know was not looked at. */
function untold({ 'from-export': fromExport, seals, keys }: Arguments['options']): MessageCode[] {
  if (seals === undefined) return fromExport === undefined ? [] : ['verify_no_seals'];
  return keys === undefined ? ['verify_no_keys'] : [];
}

function showJson(verification: Verification, shell: Shell): string {
  const language = languageOf(shell.env);
  const findings = verification.findings.map((finding) => ({
    ...finding,
    ...tellFinding(finding, language),
  }));
  return `${JSON.stringify({ ...verification, findings }, null, 2)}\n`;
}

function show(verification: Verification, shell: Shell): string {
  const { say } = shell;
  const { ok, findings } = verification;
  const numbers = facts([
    [say('verify_ledger'), verification.ledgerId],
    [say('verify_shards'), count(verification.shards)],
    [say('verify_blocks'), count(verification.blocks)],
    [say('verify_transactions'), count(verification.transactions)],
    [say('verify_entries'), count(verification.entries)],
    [say('verify_lots'), count(verification.lots)],
    [say('verify_accounts'), count(verification.accounts)],
    [say('verify_erased'), count(verification.erased)],
    [say('verify_seals'), count(verification.seals)],
  ]);
  const lines = findingLines(findings, shell).map((line) => `${line}\n`);
  const verdict = ok ? say('verify_ok') : say('verify_bad', { count: count(findings.length) });
  return `${verdict}\n\n${numbers}${lines.length === 0 ? '' : `\n${lines.join('')}`}`;
}
