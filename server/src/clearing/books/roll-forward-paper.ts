import { localDate } from '../../kernel/calendar.ts';
import type { Paper, PaperColumn, PaperLanguage } from '../../platform/papers/paper.ts';
import type { Programme } from '../../programs/programme.ts';
import type { BookPeriod } from './book-period.ts';
import type { FenFlow, PointsFlow } from './cohort.ts';
import { type RollForward, sumByPointType } from './roll-forward.ts';
import { pointTypeCodeIn } from './show.ts';

const WORDS = {
  en: {
    title: 'Liability for points',
    opening: 'Opening',
    issued: 'Issued',
    moved: 'Moved',
    takenBack: 'Taken back',
    redeemed: 'Used',
    settled: 'Into debts',
    expired: 'Lapsed',
    breakage: 'Breakage',
    catchUp: 'Catch-up',
    closing: 'Closing',
    total: 'Total',
    pointType: 'Point type',
    vintage: 'Month',
    estimate: 'Never used, %',
    inPoints: 'In points',
    inMoney: 'In yuan',
    hash: 'SHA-256 of the figures',
    until: 'Closed until',
    owed: (pointType: string) => `Owed for ${pointType}`,
    note: 'After CAS 14 and IFRS 15. What a point is worth is what its lot costs. Closed books never change: what comes late stands in the next period.',
  },
  'zh-CN': {
    title: '积分负债滚动表',
    opening: '期初',
    issued: '发放',
    moved: '转入转出',
    takenBack: '收回',
    redeemed: '使用',
    settled: '抵偿欠账',
    expired: '过期',
    breakage: '未行使',
    catchUp: '估计变更',
    closing: '期末',
    total: '合计',
    pointType: '积分类型',
    vintage: '起始月',
    estimate: '预计不使用 %',
    inPoints: '积分',
    inMoney: '元',
    hash: '数据的 SHA-256',
    until: '截至',
    owed: (pointType: string) => `${pointType} 的负债`,
    note: '按 CAS 14 与 IFRS 15 计量，积分的价值为其批次的成本。关账后不再改变：迟到的业务计入下一期。',
  },
} as const;

const POINTS = [
  ...(['opening', 'issued', 'moved', 'takenBack', 'redeemed', 'settled', 'expired'] as const),
  'closing',
] as const satisfies readonly (keyof PointsFlow)[];
const FEN = [
  ...(['opening', 'issued', 'moved', 'takenBack', 'redeemed', 'settled', 'breakage'] as const),
  ...(['catchUp', 'closing'] as const),
] as const satisfies readonly (keyof FenFlow)[];

/** A hundredth of a per cent is as fine as estimates are told. */
const percent = (ppm: number | null): string | null =>
  ppm === null ? null : (ppm / 10_000).toFixed(2);

/** The roll-forward of a closed period as a paper: cohort by cohort, in points and in yuan. */
export function rollForwardPaper(
  period: BookPeriod,
  { lines }: RollForward,
  programme: Programme,
  language: PaperLanguage,
): Paper {
  const words = WORDS[language];
  const codeOf = pointTypeCodeIn(programme);
  const sums = [...sumByPointType(lines)];
  const first: readonly PaperColumn[] = [
    { title: words.pointType, kind: 'id' },
    { title: words.vintage, kind: 'id' },
  ];
  const date = localDate(period.until - 1, period.timeZone);
  return {
    language,
    title: words.title,
    subtitle: `${programme.name} · ${period.number} · ${date}`,
    at: period.until,
    timeZone: period.timeZone,
    facts: [
      ...sums.map(([id, { fen }]) => ({
        ...{ name: words.owed(codeOf(id)), kind: 'fen' as const, value: fen.closing, isMain: true },
      })),
      { name: words.until, kind: 'instant', value: period.until },
      { name: words.hash, kind: 'id', value: period.figuresHash.toString('hex') },
    ],
    tables: [
      {
        title: words.inPoints,
        columns: [
          ...first,
          ...POINTS.map((each) => ({ title: words[each], kind: 'points' as const })),
        ],
        rows: lines.map(({ pointType, vintage, points }) => [
          ...[codeOf(pointType), vintage],
          ...POINTS.map((each) => points[each]),
        ]),
        totals: sums.map(([id, { points }]) => [
          ...[codeOf(id), words.total],
          ...POINTS.map((each) => points[each]),
        ]),
      },
      {
        title: words.inMoney,
        columns: [
          ...first,
          { title: words.estimate, kind: 'text' },
          ...FEN.map((each) => ({ title: words[each], kind: 'fen' as const })),
        ],
        rows: lines.map(({ pointType, vintage, breakagePpm, fen }) => [
          ...[codeOf(pointType), vintage, percent(breakagePpm)],
          ...FEN.map((each) => fen[each]),
        ]),
        totals: sums.map(([id, { fen }]) => [
          ...[codeOf(id), words.total, null],
          ...FEN.map((each) => fen[each]),
        ]),
      },
    ],
    notes: [words.note],
  };
}
