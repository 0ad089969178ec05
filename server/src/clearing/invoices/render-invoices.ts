import { showId } from '../../kernel/id.ts';
import type { Paper, PaperLanguage } from '../../platform/papers/paper.ts';
import { renderCsv } from '../../platform/papers/render-csv.ts';
import type { Period } from '../periods/period.ts';
import { type Invoice, type InvoiceLine, type InvoiceTitle, stateOf } from './invoice.ts';

/** An invoice with all that goes to the tax system. */
export interface WholeInvoice {
  readonly invoice: Invoice;
  readonly seller: InvoiceTitle;
  readonly buyer: InvoiceTitle;
  readonly lines: readonly (InvoiceLine & { readonly pointTypeCode: string })[];
}

/** What is invoiced: 信息技术服务 and the like are chosen where the invoice is issued. */
export const SUBJECT = { 'zh-CN': '积分清算服务费', en: 'Fee for clearing points' } as const;

const WORDS = {
  'zh-CN': {
    title: '开票数据',
    columns: [
      '单据号',
      '状态',
      '红字',
      '销方名称',
      '销方税号',
      '购方名称',
      '购方税号',
      '购方地址',
      '购方电话',
      '购方开户行',
      '购方账号',
      '行号',
      '项目名称',
      '积分种类',
      '税率',
      '不含税金额',
      '税额',
      '价税合计',
      '发票号码',
      '开票日期',
    ],
    states: { made: '待开票', issued: '已开票', reversed: '已红冲', cancelled: '已作废' },
    red: '红字',
  },
  en: {
    title: 'Invoice data',
    columns: [
      'Document',
      'State',
      'Red letter',
      'Seller',
      'Seller tax number',
      'Buyer',
      'Buyer tax number',
      'Buyer address',
      'Buyer phone',
      'Buyer bank',
      'Buyer account',
      'Line',
      'Item',
      'Point type',
      'Rate',
      'Net',
      'Tax',
      'Gross',
      'Invoice number',
      'Issued on',
    ],
    states: {
      made: 'to be issued',
      issued: 'issued',
      reversed: 'reversed',
      cancelled: 'cancelled',
    },
    red: 'red letter',
  },
} as const;
const KINDS = [
  ...['id', 'text', 'text', 'text', 'id', 'text', 'id', 'text', 'id', 'text', 'id'],
  ...['points', 'text', 'text', 'text', 'fen', 'fen', 'fen', 'id', 'text'],
] as const satisfies readonly ('id' | 'text' | 'points' | 'fen')[];

/** Invoices of a period as a table, a row for each line. */
export function renderInvoices(
  period: Period,
  invoices: AsyncIterable<WholeInvoice>,
  { language, timeZone }: { readonly language: PaperLanguage; readonly timeZone: string },
): AsyncGenerator<string> {
  const { title, columns, states, red } = WORDS[language];
  async function* rows() {
    for await (const { invoice, seller, buyer, lines } of invoices) {
      const issued = invoice.numbers.find(({ kind }) => kind === 'issued');
      for (const { place, pointTypeCode, netFen, taxFen, grossFen } of lines)
        yield [
          ...[showId('invoice', invoice.id), states[stateOf(invoice)]],
          ...[invoice.grossFen < 0 ? red : '', seller.title, seller.taxNumber],
          ...[buyer.title, buyer.taxNumber, buyer.address, buyer.phone, buyer.bank],
          ...[buyer.bankAccount, place, SUBJECT[language], pointTypeCode],
          ...[percent(invoice.rateBp), netFen, taxFen, grossFen],
          ...[issued?.number ?? '', issued?.issuedOn ?? ''],
        ];
    }
  }
  const paper: Paper = {
    ...{ language, title, subtitle: showId('clearingPeriod', period.id), at: period.until },
    ...{ timeZone, facts: [], notes: [] },
    tables: [
      {
        title,
        columns: columns.map((name, index) => ({ title: name, kind: KINDS[index] ?? 'text' })),
        rows: rows(),
      },
    ],
  };
  return renderCsv(paper, true);
}

/** `6%`, `1.5%`. */
function percent(basisPoints: number): string {
  const rest = basisPoints % 100;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(2, '0').replace(/0$/, '')}`;
  return `${Math.floor(basisPoints / 100)}${fraction}%`;
}
