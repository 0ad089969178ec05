import { type AccountName, CHART, type JournalEntry, OCCASIONS, type Posting } from './journal.ts';

export type JournalFormat = 'csv' | 'beancount' | 'hledger';
export type Language = 'en' | 'zh';

/** A period's journal as it is written into a file. */
export interface Journal {
  readonly programme: string;
  readonly number: number;
  /** Local dates: on which everything is booked, the last one of the period; and the one after it. */
  readonly date: string;
  readonly dayAfter: string;
  readonly entries: readonly JournalEntry[];
  /** What stood on the liability accounts before the period. */
  readonly opening: readonly JournalEntry[];
  /** What the liability of each point type is at the end, in fen. */
  readonly closing: readonly { readonly pointType: string; readonly fen: bigint }[];
}

/** Written the same way whenever it is asked for: no time of writing stands in it. */
export function writeJournal(journal: Journal, format: JournalFormat, language: Language): string {
  if (format === 'csv') return writeCsv(journal, language);
  return format === 'beancount'
    ? writeBeancount(journal, language)
    : writeHledger(journal, language);
}

/** Fen in yuan, `-12.30`. */
export function yuan(fen: bigint): string {
  const size = fen < 0n ? -fen : fen;
  const cents = (size % 100n).toString().padStart(2, '0');
  return `${fen < 0n ? '-' : ''}${size / 100n}.${cents}`;
}

const HEADINGS = {
  en: ['date', 'entry', 'text', 'account', 'account name', 'point type', 'debit CNY', 'credit CNY'],
  zh: ['日期', '分录', '摘要', '科目', '科目名称', '积分类型', '借方（元）', '贷方（元）'],
} as const;

/** With a byte order mark, so that spreadsheets read the Chinese in it. */
function writeCsv({ date, entries, number }: Journal, language: Language): string {
  const lines = entries.flatMap(({ occasion, postings }, index) =>
    postings.map(({ account, pointType, fen }) => [
      date,
      `${number}-${index + 1}`,
      OCCASIONS[occasion][language],
      CHART[account].number,
      CHART[account][language],
      pointType,
      fen > 0n ? yuan(fen) : '',
      fen < 0n ? yuan(-fen) : '',
    ]),
  );
  // Nothing in it needs quotes: codes, numbers, dates and our own words, none of them with a comma.
  return `\ufeff${[HEADINGS[language], ...lines].map((line) => `${line.map(quoted).join(',')}\r\n`).join('')}`;
}

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Account names have parts that begin with a capital or a digit: a code like `green-points` becomes `Green-points`. */
function accountOf({ account, pointType }: Pick<Posting, 'account' | 'pointType'>): string {
  return `${CHART[account].path}:${pointType.charAt(0).toUpperCase()}${pointType.slice(1)}`;
}

function accountsIn({ entries, opening, closing }: Journal): Map<string, AccountName> {
  const found = new Map<string, AccountName>();
  for (const { postings } of [...opening, ...entries])
    for (const posting of postings) found.set(accountOf(posting), posting.account);
  for (const { pointType } of closing)
    found.set(accountOf({ account: 'liability', pointType }), 'liability');
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function writeBeancount(journal: Journal, language: Language): string {
  const { programme, number, date, dayAfter, entries, opening, closing } = journal;
  const out = [`option "title" "${programme} ${number}"`, 'option "operating_currency" "CNY"', ''];
  for (const [path, account] of accountsIn(journal))
    out.push(
      `${date} open ${path} CNY`,
      `  number: "${CHART[account].number}"`,
      `  name: "${CHART[account][language]}"`,
    );
  for (const { occasion, pointType, postings } of [...opening, ...entries])
    out.push(
      '',
      `${date} * "${OCCASIONS[occasion][language]}" "${pointType}"`,
      ...postings.map((each) => `  ${accountOf(each)}  ${yuan(each.fen)} CNY`),
    );
  out.push('');
  // Asserted at the beginning of a day: by the end of the period's last one.
  for (const { pointType, fen } of closing)
    out.push(
      `${dayAfter} balance ${accountOf({ account: 'liability', pointType })}  ${yuan(-fen)} CNY`,
    );
  return `${out.join('\n')}\n`;
}

function writeHledger(journal: Journal, language: Language): string {
  const { programme, number, date, entries, opening, closing } = journal;
  const out = [`; ${programme} ${number}`, 'commodity 1000.00 CNY', ''];
  for (const [path, account] of accountsIn(journal))
    out.push(`account ${path}  ; ${CHART[account].number} ${CHART[account][language]}`);
  for (const { occasion, pointType, postings } of [...opening, ...entries])
    out.push(
      '',
      `${date} * ${OCCASIONS[occasion][language]} | ${pointType}`,
      ...postings.map((each) => `    ${accountOf(each)}  ${yuan(each.fen)} CNY`),
    );
  const checked = closing.map(
    ({ pointType, fen }) =>
      `    ${accountOf({ account: 'liability', pointType })}  0.00 CNY = ${yuan(-fen)} CNY`,
  );
  if (checked.length > 0) out.push('', `${date} * ${CLOSING[language]}`, ...checked);
  return `${out.join('\n')}\n`;
}

const CLOSING = { en: 'What is owed at the end', zh: '期末余额核对' } as const;
