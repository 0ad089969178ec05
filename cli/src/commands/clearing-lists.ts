import { limitOf } from '../arguments.ts';
import { connect } from '../connect.ts';
import type { MessageCode } from '../messages.ts';
import type { Arguments, Command, Shell } from '../shell.ts';
import { moment, table } from '../table.ts';

interface Listed {
  readonly columns: readonly MessageCode[];
  readonly rows: readonly (readonly string[])[];
}

const OPTIONS = ['programme', 'merchant', 'limit'] as const;
const USAGE = '[--programme CODE] [--merchant mer_…] [--limit N] [--json]';

export const listTerms: Command = {
  name: 'clearing terms',
  usage: USAGE,
  positionals: [],
  options: OPTIONS,
  flags: ['json'],
  help: {
    en: 'List the terms between merchants: what counts, will count and counted (default: default)',
    zh: '列出商户之间的条款：生效的、将生效的和曾生效的（默认计划：default）',
  },
  async run(args, shell) {
    const hongmi = await connect(shell);
    const found = await hongmi
      .pages('listTerms', queryOf(args))
      .first(limitOf('clearing terms', args));
    return show(args, shell, found, ({ items }) => ({
      columns: [
        'column_id',
        'column_merchant',
        'column_number',
        'column_from',
        'column_state',
        'column_settlement',
      ],
      rows: items.map((terms) => [
        terms.id,
        terms.merchantId ?? shell.say('terms_standard'),
        String(terms.number),
        moment(terms.from),
        shell.say(`terms_${terms.state}`),
        shell.say(`terms_${terms.settlement}`),
      ]),
    }));
  },
};

export const listPrices: Command = {
  name: 'clearing price-list',
  usage: USAGE,
  positionals: [],
  options: OPTIONS,
  flags: ['json'],
  help: {
    en: 'List the prices that the ledger decides by, in fen per point (default programme: default)',
    zh: '列出账本据以判定的价格，以每分积分多少分钱计（默认计划：default）',
  },
  async run(args, shell) {
    const hongmi = await connect(shell);
    const found = await hongmi
      .pages('listPrices', queryOf(args))
      .first(limitOf('clearing price-list', args));
    return show(args, shell, found, ({ items }) => ({
      columns: [
        ...(['column_type', 'column_merchant', 'column_from', 'column_issue_price'] as const),
        ...(['column_reimbursement', 'column_fee', 'column_issuing', 'column_accepting'] as const),
      ],
      rows: items.map((price) => [
        price.pointType,
        price.merchantId ?? shell.say('terms_standard'),
        moment(price.from),
        fenOf(price.issuePriceMicroFen),
        fenOf(price.reimbursementMicroFen),
        fenOf(price.feeMicroFen),
        price.issuing ?? shell.say('price_allowed'),
        price.accepting ?? shell.say('price_allowed'),
      ]),
    }));
  },
};

export const listDossiers: Command = {
  name: 'clearing dossiers',
  usage: USAGE,
  positionals: [],
  options: OPTIONS,
  flags: ['json'],
  help: {
    en: 'List the dossiers of those who issue points (default programme: default)',
    zh: '列出发行方的档案（默认计划：default）',
  },
  async run(args, shell) {
    const hongmi = await connect(shell);
    const found = await hongmi
      .pages('listDossiers', queryOf(args))
      .first(limitOf('clearing dossiers', args));
    return show(args, shell, found, ({ items }) => ({
      columns: [
        'column_id',
        'column_merchant',
        'column_kind',
        'column_document',
        'column_until',
        'column_state',
      ],
      rows: items.map((dossier) => [
        dossier.id,
        dossier.merchantId,
        shell.say(`dossier_${dossier.kind}`),
        dossier.documentNo,
        moment(dossier.validUntil),
        shell.say(`dossier_${dossier.status}`),
      ]),
    }));
  },
};

function queryOf({ options }: Arguments): { programme?: string; merchantId?: string } {
  const { programme, merchant } = options;
  return {
    ...(programme === undefined ? {} : { programme }),
    ...(merchant === undefined ? {} : { merchantId: merchant }),
  };
}

function show<T>(
  { flags }: Arguments,
  { say, out, err }: Shell,
  found: { readonly items: readonly T[]; readonly more: boolean },
  list: (found: { readonly items: readonly T[] }) => Listed,
): undefined {
  if (flags.has('json')) {
    out(`${JSON.stringify({ items: found.items, more: found.more }, null, 2)}\n`);
    return undefined;
  }
  const { columns, rows } = list(found);
  out(
    rows.length === 0
      ? `${say('nothing')}\n`
      : table(
          columns.map((code) => ({ title: say(code) })),
          rows,
        ),
  );
  if (found.more) err(`${say('more')}\n`);
  return undefined;
}

/** 10,000,000 micro-fen as `10`; as many decimals as it has. */
function fenOf(microFen: number): string {
  const digits = String(microFen).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
}
