import { showId } from '../../kernel/id.ts';
import type { Paper, PaperLanguage } from '../../platform/papers/paper.ts';
import { renderCsv } from '../../platform/papers/render-csv.ts';
import { endToEndId, type OpenAccount, type Order } from './pain.ts';
import type { PaymentRun } from './payment.ts';

const WORDS = {
  'zh-CN': {
    title: '付款指令',
    columns: [
      '序号',
      '指令号',
      '付款人',
      '付款账号',
      '付款行',
      '付款行联行号',
      '收款人',
      '收款账号',
      '收款行',
      '收款行联行号',
      '金额（元）',
      '附言',
    ],
  },
  en: {
    title: 'Payment instructions',
    columns: [
      'No.',
      'Instruction',
      'Payer',
      'Payer account',
      'Payer bank',
      'Payer CNAPS',
      'Payee',
      'Payee account',
      'Payee bank',
      'Payee CNAPS',
      'Amount (yuan)',
      'Remark',
    ],
  },
} as const satisfies Record<
  PaperLanguage,
  { readonly title: string; readonly columns: readonly string[] }
>;
const KINDS = [
  'points',
  'id',
  'text',
  'id',
  'text',
  'id',
  'text',
  'id',
  'text',
  'id',
  'fen',
  'id',
] as const;

/** A run as a table that banks take: a row for each transfer, from whom to whom. The same bytes every time. */
export function renderBankCsv(
  run: PaymentRun,
  custody: OpenAccount,
  orders: readonly Order[],
  { language, timeZone }: { readonly language: PaperLanguage; readonly timeZone: string },
): AsyncGenerator<string> {
  const { title, columns } = WORDS[language];
  const paper: Paper = {
    ...{ language, title, subtitle: showId('paymentRun', run.id), at: run.at, timeZone },
    ...{ facts: [], notes: [] },
    tables: [
      {
        title,
        columns: columns.map((name, index) => ({ title: name, kind: KINDS[index] ?? 'text' })),
        rows: orders.map(({ place, kind, fen, account }) => {
          const name = endToEndId(run, place);
          const [payer, payee] = kind === 'collect' ? [account, custody] : [custody, account];
          return [place, name, ...cells(payer), ...cells(payee), fen, name];
        }),
      },
    ],
  };
  return renderCsv(paper, true);
}

const cells = ({ holder, accountNumber, bank, cnaps }: OpenAccount): string[] => [
  ...[holder, accountNumber, bank, cnaps],
];
