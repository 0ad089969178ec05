import type { Paper, PaperLanguage, Row } from '../paper.ts';

/** A paper with every kind of column, and words that would do harm. */
export function samplePaper(language: PaperLanguage = 'zh-CN', rows = 3): Paper {
  const isChinese = language === 'zh-CN';
  const at = Date.parse('2026-11-30T16:00:00Z');
  async function* lines(): AsyncGenerator<Row> {
    for (let index = 0; index < rows; index += 1)
      yield [
        at - (rows - index) * 61_000,
        `txn_01h455vb4pex5vsknk0${String(index).padStart(7, '0')}`,
        '202611300000000123',
        index === 0 ? '=HYPERLINK("http://example.org")' : `团购券 ${index} <b>&amp;`,
        { points: 12_345 + index, scale: 2 },
        10_000_000,
        index % 2 === 0 ? -1_234_567_890_123n : 150_050_000_001n,
        123_456 - 100_000 * index,
        index === 1 ? null : '晨曦书店',
      ];
  }
  return {
    language,
    title: isChinese ? '结算对账单' : 'Settlement statement',
    subtitle: isChinese ? '晨曦书店 · 2026 年 11 月' : 'Dawn Books · November 2026',
    at,
    timeZone: 'Asia/Shanghai',
    facts: [
      { name: isChinese ? '应付' : 'Owed', kind: 'fen', value: 123_456_78, isMain: true },
      { name: isChinese ? '应收' : 'Due', kind: 'fen', value: 9_876_54, isMain: true },
      { name: isChinese ? '净额' : 'Net', kind: 'fen', value: -113_580_24, isMain: true },
      { name: isChinese ? '编号' : 'Number', kind: 'id', value: '000123456789' },
      { name: isChinese ? '截止' : 'Until', kind: 'instant', value: at },
    ],
    tables: [
      {
        title: isChinese ? '明细' : 'Lines',
        note: isChinese ? '金额以元为单位。' : 'Amounts in yuan.',
        columns: [
          { title: isChinese ? '时间' : 'Time', kind: 'instant' },
          { title: isChinese ? '交易' : 'Transaction', kind: 'id' },
          { title: isChinese ? '订单' : 'Order', kind: 'id' },
          { title: isChinese ? '说明' : 'What', kind: 'text' },
          { title: isChinese ? '积分' : 'Points', kind: 'points' },
          { title: isChinese ? '单价' : 'Price', kind: 'microFen' },
          { title: isChinese ? '未取整金额' : 'Exact amount', kind: 'microFen' },
          { title: isChinese ? '金额' : 'Amount', kind: 'fen' },
          { title: isChinese ? '商户' : 'Merchant', kind: 'text' },
        ],
        rows: lines(),
        totals: [[null, null, null, null, 3, 4n, 5, 6, null]],
      },
    ],
    notes: [isChinese ? '平台不持有商户资金。' : 'The platform holds no money.'],
  };
}
