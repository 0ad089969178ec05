import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { components } from '@hongmi/sdk';
import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import { Failure, usage } from '../failure.ts';
import { languageOf } from '../messages.ts';
import type { Command, Shell } from '../shell.ts';
import { facts, moment, table } from '../table.ts';

type Period = components['schemas']['ClearingPeriod'];

export const listPeriods: Command = {
  name: 'clearing periods',
  usage: '[--programme CODE] [--limit N] [--json]',
  positionals: [],
  options: ['programme', 'limit'],
  flags: ['json'],
  help: {
    en: 'List the periods of clearing of a programme (default: default), the first one first',
    zh: '列出计划（默认：default）的各期清算，从第一期开始',
  },
  async run(args, shell) {
    const { say } = shell;
    const limit = limitOf('clearing periods', args);
    const hongmi = await connect(shell);
    const { items, more } = await hongmi
      .pages('listClearingPeriods', ofProgramme(args))
      .first(limit);
    if (args.flags.has('json')) {
      shell.out(`${JSON.stringify({ items, more }, null, 2)}\n`);
      return undefined;
    }
    if (items.length === 0) shell.out(`${say('nothing')}\n`);
    else
      shell.out(
        table(
          [
            { title: say('column_number'), align: 'right' },
            ...(['id', 'from', 'until', 'state'] as const).map((name) => ({
              title: say(`column_${name}`),
            })),
          ],
          items.map((period) => [
            String(period.number),
            period.id,
            moment(period.from),
            moment(period.until),
            say(`period_${period.state}`),
          ]),
        ),
      );
    if (more) shell.err(`${say('more')}\n`);
    return undefined;
  },
};

export const closePeriod: Command = {
  name: 'clearing close',
  usage: '--until INSTANT [--programme CODE] [--json]',
  positionals: [],
  options: ['until', 'programme'],
  flags: ['json'],
  help: {
    en: `Close a period of clearing: from the end of the last one until an instant

  hongmi clearing close --until 2026-12-01T00:00:00+08:00

Closed is closed: it is not opened again, and what is wrong in it is corrected in the next one. To repeat
the same close is harmless.

  --until      its end, with a time zone; not after now
  --programme  default: default`,
    zh: `结清一期：从上一期的末尾到某一时刻

  hongmi clearing close --until 2026-12-01T00:00:00+08:00

结了就是结了：不会重开，其中的错误在下一期更正。重复执行同一次结清没有影响。

  --until      这一期的末尾，带时区；不能晚于现在
  --programme  默认：default`,
  },
  async run(args, shell) {
    const { until } = args.options;
    if (until === undefined)
      throw usage('option_missing', { name: 'until', command: 'clearing close' });
    const hongmi = await connect(shell);
    // The same period again is the one there is, so that no key has to say that it is the same write.
    const period = await hongmi.closeClearingPeriod({ until, ...ofProgramme(args) });
    shell.out(
      args.flags.has('json') ? `${JSON.stringify(period, null, 2)}\n` : showPeriod(period, shell),
    );
    return undefined;
  },
};

const FORMATS = ['html', 'pdf', 'xlsx', 'csv', 'json'] as const;
type Format = (typeof FORMATS)[number];
const PARTS = ['all', 'summary', 'lines'] as const;
type Part = (typeof PARTS)[number];

export const saveStatement: Command = {
  name: 'clearing statement',
  usage:
    'PERIOD MERCHANT [--format pdf|html|xlsx|csv|json] [--part all|summary|lines] [--file FILE]',
  positionals: ['PERIOD', 'MERCHANT'],
  options: ['format', 'part', 'file'],
  help: {
    en: `Save the statement of a merchant for a closed period

  hongmi clearing statement clp_… mer_… --format pdf --lang zh

MERCHANT is mer_…, or platform for the statement of all. The same statement has the same bytes
whenever it is saved. In the language of --lang, else of the locale.

  --format  html, pdf (default), xlsx, csv or json
  --part    all (default), summary, or lines: as CSV one table for programs
  --file    where to; default: the ids and the format, in this folder`,
    zh: `保存商户在一个已结清的期的对账单

  hongmi clearing statement clp_… mer_… --format pdf --lang zh

MERCHANT 是 mer_…，或 platform（全体的总表）。同一份对账单任何时候保存，字节都相同。
语言取自 --lang，否则取自系统区域设置。

  --format  html、pdf（默认）、xlsx、csv 或 json
  --part    all（默认，全部）、summary（汇总）或 lines（明细；CSV 时为供程序读取的一张表）
  --file    保存到；默认在当前目录，以编号和格式命名`,
  },
  async run({ positionals: [id = '', merchant = ''], options }, shell) {
    if (!id.startsWith('clp_')) throw usage('id_bad', { value: id, form: 'clp_…' });
    if (merchant !== 'platform' && !merchant.startsWith('mer_'))
      throw usage('id_bad', { value: merchant, form: 'mer_…' });
    const format = oneOf<Format>('format', options.format ?? 'pdf', FORMATS);
    const part = oneOf<Part>('part', options.part ?? 'all', PARTS);
    const language = languageOf(shell.env);
    const file = resolve(shell.here, options.file ?? `${id}-${merchant}-${language}.${format}`);
    const hongmi = await connect(shell);
    const lang = language === 'zh' ? 'zh-CN' : 'en';
    const { stream } = await hongmi.stream('getClearingStatement', {
      ...{ id, merchant, format, lang, part },
    });
    try {
      await pipeline(Readable.fromWeb(stream as ReadableStream), createWriteStream(file));
    } catch (error) {
      throw new Failure('statement_unwritten', {
        file,
        detail: error instanceof Error ? error.message : String(error),
      });
    }
    shell.out(`${shell.say('statement_saved', { file })}\n`);
    return undefined;
  },
};

function showPeriod(period: Period, { say }: Shell): string {
  const rows: [string, string][] = [
    [say('column_number'), String(period.number)],
    [say('column_id'), period.id],
    [say('column_from'), moment(period.from)],
    [say('column_until'), moment(period.until)],
    [say('column_state'), say(`period_${period.state}`)],
    [say('column_figures'), period.figuresSha256 ?? ''],
  ];
  return facts(rows);
}

const ofProgramme = ({ options }: { options: Readonly<Record<string, string | undefined>> }) =>
  options.programme === undefined ? {} : { programme: options.programme };

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw usage('option_bad', {
    detail: `--${name} ${known.join('|')}.`,
    command: 'clearing statement',
  });
}
