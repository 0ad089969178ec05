import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Invoice, InvoiceLine, InvoiceNumber, InvoiceTitle, TaxSetting } from './invoice.ts';
import { type TaxRates, USUAL_RATES } from './tax.ts';

const SETTING = `programme, number, from_day as "from", made_at_ms as "madeAt", actor,
  json_build_object('standard', standard_bp, 'reduced', reduced_bp, 'service', service_bp) as rates`;

/** Numbers of versions are given one at a time in each programme. */
const lockProgramme = async (tx: Transaction, programme: number): Promise<void> => {
  await tx.query('select from programme where id = $1 for no key update', [programme]);
};

export async function insertSetting(
  tx: Transaction,
  made: Omit<TaxSetting, 'number'> & { readonly madeBy: Uuid },
): Promise<number> {
  await lockProgramme(tx, made.programme);
  const { standard, reduced, service } = made.rates;
  const { rows } = await tx.query<{ number: number }>(
    `insert into tax_rate (programme, number, from_day, standard_bp, reduced_bp, service_bp, made_at_ms, made_by, actor)
      select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from tax_rate where programme = $1 returning number`,
    [
      ...[made.programme, made.from, standard, reduced, service],
      ...[made.madeAt, made.madeBy, made.actor],
    ],
  );
  return rows[0]?.number ?? 0;
}

export async function listSettings(
  sql: Sql,
  programme: number,
  after: number,
  limit: number,
): Promise<TaxSetting[]> {
  const { rows } = await sql.query<TaxSetting>(
    `select ${SETTING} from tax_rate where programme = $1 and number > $2 order by number limit $3`,
    [programme, after, limit],
  );
  return rows;
}

/** The rates of a day: the last that were set of those that count by then. */
export async function readRates(sql: Sql, programme: number, day: string): Promise<TaxRates> {
  const { rows } = await sql.query<TaxSetting>(
    `select ${SETTING} from tax_rate where programme = $1 and from_day <= $2 order by from_day desc, number desc limit 1`,
    [programme, day],
  );
  return rows[0]?.rates ?? USUAL_RATES;
}

const TITLE = `programme, merchant, number, title, tax_number as "taxNumber", address, phone, bank,
  bank_account as "bankAccount", hands_out as "handsOut", made_at_ms as "madeAt", actor`;

export async function insertTitle(
  tx: Transaction,
  made: Omit<InvoiceTitle, 'number'> & { readonly madeBy: Uuid },
): Promise<number> {
  await lockProgramme(tx, made.programme);
  const { rows } = await tx.query<{ number: number }>(
    `insert into invoice_title (programme, merchant, number, title, tax_number, address, phone, bank, bank_account, hands_out,
        made_at_ms, made_by, actor)
      select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from invoice_title
        where programme = $1 and merchant = $2 returning number`,
    [
      ...[made.programme, made.merchant, made.title, made.taxNumber, made.address, made.phone],
      ...[made.bank, made.bankAccount, made.handsOut, made.madeAt, made.madeBy, made.actor],
    ],
  );
  return rows[0]?.number ?? 0;
}

/** The versions that count now, of one merchant or of all (null), after the merchant `after`. */
export async function listTitles(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
  after: Uuid | null,
  limit: number,
): Promise<InvoiceTitle[]> {
  const { rows } = await sql.query<InvoiceTitle>(
    `select distinct on (merchant) ${TITLE} from invoice_title
      where programme = $1 and ($2::uuid is null or merchant = $2) and ($3::uuid is null or merchant > $3)
      order by merchant, number desc limit $4`,
    [programme, merchant, after, limit],
  );
  return rows;
}

export async function findLastTitle(
  sql: Sql,
  programme: number,
  merchant: Uuid,
): Promise<InvoiceTitle | undefined> {
  const [found] = await listTitles(sql, programme, merchant, null, 1);
  return found;
}

export async function findTitle(
  sql: Sql,
  programme: number,
  merchant: Uuid,
  number: number,
): Promise<InvoiceTitle | undefined> {
  const { rows } = await sql.query<InvoiceTitle>(
    `select ${TITLE} from invoice_title where programme = $1 and merchant = $2 and number = $3`,
    [programme, merchant, number],
  );
  return rows[0];
}

/** Versions that count now. */
export async function readLastTitles(
  sql: Sql,
  programme: number,
): Promise<ReadonlyMap<Uuid, number>> {
  const { rows } = await sql.query<{ merchant: Uuid; number: number }>(
    'select merchant, max(number) as number from invoice_title where programme = $1 group by merchant',
    [programme],
  );
  return new Map(rows.map(({ merchant, number }) => [merchant, number]));
}

/** What takers pay as fees for a period, by merchant and point type. */
export async function readFees(
  sql: Sql,
  period: Uuid,
): Promise<{ readonly merchant: Uuid; readonly pointType: number; readonly feeFen: number }[]> {
  const { rows } = await sql.query<{ merchant: Uuid; pointType: number; feeFen: number }>(
    `select taker as merchant, point_type as "pointType", sum(fee_fen)::int8 as "feeFen" from clearing_pair
      where period = $1 group by taker, point_type having sum(fee_fen) <> 0 order by taker, point_type`,
    [period],
  );
  return rows;
}

/** Merchants of a period whose fee is invoiced, and neither reversed nor cancelled. Until the transaction ends nobody else makes invoices of it. */
export async function lockInvoiced(tx: Transaction, period: Uuid): Promise<ReadonlySet<Uuid>> {
  await tx.query('select from clearing_period where id = $1 for no key update', [period]);
  const { rows } = await tx.query<{ merchant: Uuid }>(
    'select merchant from invoice where period = $1 and not reversed',
    [period],
  );
  return new Set(rows.map(({ merchant }) => merchant));
}

export async function insertInvoice(
  tx: Transaction,
  invoice: Omit<Invoice, 'reversed' | 'cancelled' | 'numbers'> & { readonly madeBy: Uuid },
  lines: readonly InvoiceLine[],
): Promise<void> {
  await tx.query(
    `insert into invoice (id, programme, period, merchant, seller_number, buyer_number, rate_bp, gross_fen, net_fen, tax_fen,
        made_at_ms, made_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[invoice.id, invoice.programme, invoice.period, invoice.merchant, invoice.sellerNumber],
      ...[invoice.buyerNumber, invoice.rateBp, invoice.grossFen, invoice.netFen, invoice.taxFen],
      ...[invoice.madeAt, invoice.madeBy, invoice.actor],
    ],
  );
  await tx.query(
    `insert into invoice_line (invoice, place, point_type, gross_fen, net_fen, tax_fen)
      select $1, * from unnest($2::int[], $3::int[], $4::int8[], $5::int8[], $6::int8[])`,
    [
      invoice.id,
      lines.map(({ place }) => place),
      lines.map(({ pointType }) => pointType),
      lines.map(({ grossFen }) => grossFen),
      lines.map(({ netFen }) => netFen),
      lines.map(({ taxFen }) => taxFen),
    ],
  );
}

const INVOICE = `select i.id, i.programme, i.period, i.merchant, i.seller_number as "sellerNumber",
    i.buyer_number as "buyerNumber", i.rate_bp as "rateBp", i.gross_fen as "grossFen", i.net_fen as "netFen",
    i.tax_fen as "taxFen", i.made_at_ms as "madeAt", i.actor, i.reversed,
    (select c.reason from invoice_cancellation c where c.invoice = i.id) as cancelled,
    coalesce((select json_agg(json_build_object('kind', n.kind, 'number', n.number, 'issuedOn', n.issued_on, 'reason', n.reason)
      order by n.kind) from invoice_number n where n.invoice = i.id), '[]') as numbers
  from invoice i`;

export async function findInvoice(sql: Sql, id: Uuid): Promise<Invoice | undefined> {
  const { rows } = await sql.query<Invoice>(`${INVOICE} where i.id = $1`, [id]);
  return rows[0];
}

export async function lockInvoice(tx: Transaction, id: Uuid): Promise<Invoice | undefined> {
  await tx.query('select from invoice where id = $1 for no key update', [id]);
  return await findInvoice(tx, id);
}

/** Invoices of a period, of one merchant or of all (null), after the invoice `after`. */
export async function listInvoices(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null,
  after: Uuid | null,
  limit: number,
): Promise<Invoice[]> {
  const { rows } = await sql.query<Invoice>(
    `${INVOICE} where i.period = $1 and ($2::uuid is null or i.merchant = $2) and ($3::uuid is null or i.id > $3)
      order by i.id limit $4`,
    [period, merchant, after, limit],
  );
  return rows;
}

export async function readInvoiceLines(sql: Sql, invoice: Uuid): Promise<InvoiceLine[]> {
  const { rows } = await sql.query<InvoiceLine>(
    `select place, point_type as "pointType", gross_fen as "grossFen", net_fen as "netFen", tax_fen as "taxFen"
      from invoice_line where invoice = $1 order by place`,
    [invoice],
  );
  return rows;
}

/** False when the number is another invoice's, or this was told before. */
export async function insertNumber(
  tx: Transaction,
  { id, programme }: Invoice,
  told: InvoiceNumber,
  by: { readonly key: Uuid; readonly now: number; readonly actor: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into invoice_number (invoice, kind, programme, number, issued_on, reason, told_at_ms, told_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      ...[id, told.kind, programme, told.number, told.issuedOn, told.reason],
      ...[by.now, by.key, by.actor],
    ],
  );
  if (rowCount === 1 && told.kind === 'reversed')
    await tx.query('update invoice set reversed = true where id = $1', [id]);
  return rowCount === 1;
}

/** That an invoice is never to be issued; of one that is locked and was not issued. */
export async function insertCancellation(
  tx: Transaction,
  invoice: Uuid,
  reason: string,
  by: { readonly key: Uuid; readonly now: number; readonly actor: string },
): Promise<void> {
  await tx.query(
    `insert into invoice_cancellation (invoice, reason, cancelled_at_ms, cancelled_by, actor) values ($1, $2, $3, $4, $5)`,
    [invoice, reason, by.now, by.key, by.actor],
  );
  await tx.query('update invoice set reversed = true where id = $1', [invoice]);
}
