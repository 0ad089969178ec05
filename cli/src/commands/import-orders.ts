import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { createClient } from '@hongmi/sdk';
import { findServer } from '../connect.ts';
import { usage } from '../failure.ts';
import { createHttpApi } from '../import/http-api.ts';
import { importOrders, type Phase, previewImport } from '../import/import-orders.ts';
import { readMapping } from '../import/mapping.ts';
import { rejectsPlace } from '../import/rejects.ts';
import type { Report } from '../import/tally.ts';
import { isMessageCode, type MessageCode } from '../messages.ts';
import type { Command, Shell } from '../shell.ts';
import { count, facts } from '../table.ts';

/** Long enough to live through a restart of the server. */
const RETRY = { attempts: 60, longestMs: 5_000, timeoutMs: 120_000 };

export const importOrdersCommand: Command = {
  name: 'import orders',
  usage: 'FILE --mapping FILE [--rejects FILE] [--dry-run] [--json]',
  positionals: ['FILE'],
  options: ['mapping', 'rejects'],
  flags: ['json', 'dry-run'],
  help: {
    en: `Import a merchant's orders and returns from a CSV file (.csv or .csv.gz)

The mapping, a small JSON file, says which column is what; docs/import.md describes it, and
samples/online-retail.mapping.json is one. The file is checked whole before anything is sent.

Importing is safe to repeat: what is there already is not booked again, and an import that was
interrupted goes on where it stopped when it is run again.

  --mapping FILE   how to read the columns, and which merchant and member system they belong to
  --rejects FILE   where to put rejected lines (default: beside the file, FILE.rejects.csv);
                   correct them there and import that file with the same mapping
  --dry-run        only check the file and say what it holds
  --json           the report as JSON on stdout`,
    zh: `从 CSV 文件（.csv 或 .csv.gz）导入商家的订单和退货

映射文件是一个小 JSON 文件，说明每一列是什么；见 docs/import.md 和
samples/online-retail.mapping.json。发送之前先检查整个文件。

可以放心重复导入：已有的不会再次入账；中断的导入，再运行一次就会接着完成。

  --mapping FILE   各列的含义，以及属于哪个商家和会员系统
  --rejects FILE   被拒的行写到哪里（默认在原文件旁边：FILE.rejects.csv）；
                   在其中更正后，用同一映射文件导入它
  --dry-run        只检查文件，说明其中有什么
  --json           在标准输出给出 JSON 报告`,
  },
  async run({ positionals: [file = ''], options, flags }, shell) {
    const { say, here } = shell;
    if (options.mapping === undefined) {
      throw usage('option_missing', { name: 'mapping', command: 'import orders' });
    }
    const path = resolve(here, file);
    const mapping = readMapping(await readText(resolve(here, options.mapping)));
    const asked = {
      path,
      mapping,
      rejects: rejectsPlace(path, options.rejects, here),
      connect: async () =>
        createHttpApi(createClient({ ...(await findServer(shell)), retry: RETRY })),
      onProgress: (phase: Phase, done: number) => shell.progress(say(`phase_${phase}`), done),
      explain: (reason: string, detail: string) => explain(shell, reason, detail),
    };
    const title = say('import_title', { file: basename(path), merchant: mapping.merchant.name });
    if (flags.has('dry-run')) {
      const report = await previewImport(asked);
      shell.endProgress();
      if (flags.has('json')) shell.out(`${JSON.stringify({ ...report, dryRun: true }, null, 2)}\n`);
      else shell.out(`${title}\n\n${reportTable(report, shell)}\n${say('import_preview')}\n`);
      return undefined;
    }
    const { report, rejectsPath } = await importOrders(asked);
    shell.endProgress();
    if (flags.has('json')) {
      shell.out(`${JSON.stringify(report, null, 2)}\n`);
      return undefined;
    }
    shell.out(`${title}\n\n${reportTable(report, shell)}`);
    if (rejectsPath !== null) shell.out(`\n${say('import_rejects_at', { path: rejectsPath })}\n`);
    return undefined;
  },
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const detail = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw detail === 'ENOENT'
      ? usage('file_missing', { path })
      : usage('file_unreadable', { path, detail });
  }
}

function explain({ say }: Shell, reason: string, detail: string): string {
  const code = `reason_${reason}`;
  const words = isMessageCode(code) ? say(code) : detail;
  return reason === 'unmatched' ? `${words} (${detail})` : words;
}

type Shown = Omit<Report, 'pointsClawedBack' | 'pointsOutstanding'> & Partial<Report>;

function reportTable(report: Shown, shell: Shell): string {
  const { say } = shell;
  const rejected = Object.entries(report.rejected);
  const sum = rejected.reduce((total, [, lines]) => total + lines, 0);
  const rows: [MessageCode, number | undefined][] = [
    ['import_lines', report.lines],
    ['import_orders', report.orders],
    ['import_members', report.members],
    ['import_earned', report.pointsEarned],
    ['import_clawed_back', report.pointsClawedBack],
    ['import_outstanding', report.pointsOutstanding],
    ['import_rejected', sum],
  ];
  const numbers = rows.flatMap(([code, value]) =>
    value === undefined ? [] : [[say(code), count(value)] as const],
  );
  const reasons = rejected.map(
    ([reason, lines]) =>
      [`  ${explain(shell, reason, reason).replace(/ \(unmatched\)$/, '')}`, count(lines)] as const,
  );
  const all = [...numbers, ...reasons];
  const width = Math.max(...all.map(([, value]) => value.length));
  return facts(all.map(([name, value]) => [name, value.padStart(width)]));
}
