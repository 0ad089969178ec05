import { localTime } from '../../kernel/calendar.ts';
import type { Paper, PaperLanguage } from '../../platform/papers/paper.ts';
import type { Programme } from '../../programs/programme.ts';
import { COMPARISONS, type Finding } from './finding.ts';
import type { Reconciliation } from './store.ts';

const WORDS = {
  en: {
    title: 'Ledger, clearing and books',
    verdict: 'Verdict',
    right: 'Everything adds up',
    wrong: (count: number) => `${count} findings are open`,
    checks: 'Compared',
    at: 'As of',
    points: 'Points outstanding',
    pointType: 'Point type',
    lots: 'In lots',
    accounts: 'In accounts',
    books: 'In the books',
    worth: 'Worth of lots',
    bookWorth: 'Worth in the books',
    money: 'Money of closed periods',
    owed: 'Accrued by the ledger',
    cleared: 'In positions',
    carried: 'Carried on',
    findings: 'What does not add up',
    what: 'What',
    about: 'About',
    expected: 'Expected',
    found: 'Found',
    since: 'Since',
    note: 'Every closed period is worked out again from the ledger, entry by entry, once it is closed and then in turn; what is written of it is looked at every time.',
  },
  'zh-CN': {
    title: '账本、清算与账簿核对',
    verdict: '结论',
    right: '全部相符',
    wrong: (count: number) => `有 ${count} 项差异未解决`,
    checks: '核对项数',
    at: '截至',
    points: '未使用积分',
    pointType: '积分类型',
    lots: '批次合计',
    accounts: '账户合计',
    books: '账簿',
    worth: '批次价值',
    bookWorth: '账簿价值',
    money: '已关闭账期的金额',
    owed: '账本计提',
    cleared: '已计入净额',
    carried: '结转下期',
    findings: '差异',
    what: '内容',
    about: '对象',
    expected: '应为',
    found: '实为',
    since: '首次发现',
    note: '每个账期关闭后都会由账本逐笔重算一次，此后轮流重算；其留存的数据每次都会核对。',
  },
} as const;

/** The page that says whether everything adds up, and if not, what does not. */
export function reconciliationPaper(
  { at, checks, figures }: Reconciliation,
  findings: readonly Finding[],
  programme: Programme,
  language: PaperLanguage,
): Paper {
  const words = WORDS[language];
  const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
  const { money, outstanding } = figures;
  const verdict = findings.length === 0 ? words.right : words.wrong(findings.length);
  const { date } = localTime(at, programme.timeZone);
  return {
    language,
    title: words.title,
    subtitle: `${programme.name} · ${date}`,
    at,
    timeZone: programme.timeZone,
    facts: [
      { name: words.verdict, kind: 'text', value: verdict, isMain: true },
      { name: words.checks, kind: 'points', value: checks, isMain: true },
      { name: words.at, kind: 'instant', value: at },
    ],
    tables: [
      {
        title: words.points,
        columns: [
          { title: words.pointType, kind: 'id' },
          { title: words.lots, kind: 'points' },
          { title: words.accounts, kind: 'points' },
          { title: words.books, kind: 'points' },
          { title: words.worth, kind: 'microFen' },
          { title: words.bookWorth, kind: 'microFen' },
        ],
        rows: outstanding.map((each) => [
          ...[each.pointType, big(each.lotPoints), big(each.accountPoints), big(each.bookPoints)],
          ...[big(each.lotMicroFen), big(each.bookMicroFen)],
        ]),
      },
      {
        title: words.money,
        columns: [
          { title: words.owed, kind: 'microFen' },
          { title: words.cleared, kind: 'microFen' },
          { title: words.carried, kind: 'microFen' },
        ],
        rows: [[money.owedMicroFen, money.clearedMicroFen, money.carriedMicroFen].map(big)],
      },
      {
        title: words.findings,
        columns: [
          { title: words.what, kind: 'text' },
          { title: words.about, kind: 'text' },
          { title: words.expected, kind: 'text' },
          { title: words.found, kind: 'text' },
          { title: words.since, kind: 'instant' },
        ],
        rows: findings.map((each) => [
          COMPARISONS[each.code][language === 'en' ? 'en' : 'zh'],
          ...[each.about, each.expected, each.found, each.firstSeenAt],
        ]),
      },
    ],
    notes: [words.note],
  };
}
