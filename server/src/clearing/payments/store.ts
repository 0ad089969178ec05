import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type {
  AccountRole,
  Confirmation,
  Instruction,
  PaymentRun,
  Settlement,
  SettlementAccount,
} from './payment.ts';

const ACCOUNT = `a.programme, a.role, a.merchant, a.number, a.holder, a.bank, a.cnaps, a.account_sealed as "accountSealed",
  a.account_masked as "accountMasked", a.made_at_ms as "madeAt", a.made_by as "madeBy", a.actor,
  (select json_build_object('at', c.confirmed_at_ms, 'actor', c.actor) from settlement_account_confirmation c
    where (c.programme, c.role, c.merchant, c.number) = (a.programme, a.role, a.merchant, a.number)) as confirmed`;

const lockAccountsOf = (tx: Transaction, programme: number): Promise<unknown> =>
  tx.query('select from programme where id = $1 for no key update', [programme]);

/** Writes the next version of an account; one at a time of each programme. */
export async function insertAccountVersion(
  tx: Transaction,
  made: Omit<SettlementAccount, 'number' | 'confirmed'>,
): Promise<number> {
  await lockAccountsOf(tx, made.programme);
  const { rows } = await tx.query<{ number: number }>(
    `insert into settlement_account (programme, role, merchant, number, holder, bank, cnaps, account_sealed, account_masked,
        made_at_ms, made_by, actor)
      select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11 from settlement_account
        where programme = $1 and role = $2 and merchant = $3 returning number`,
    [
      ...[made.programme, made.role, made.merchant, made.holder, made.bank, made.cnaps],
      ...[made.accountSealed, made.accountMasked, made.madeAt, made.madeBy, made.actor],
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('what is inserted is there');
  return row.number;
}

/** The same as {@link findLastAccount}; nobody else writes or confirms one of the programme until the transaction ends. */
export async function lockLastAccount(
  tx: Transaction,
  ...whose: readonly [programme: number, role: AccountRole, merchant: Uuid]
): Promise<SettlementAccount | undefined> {
  await lockAccountsOf(tx, whose[0]);
  return findLastAccount(tx, ...whose);
}

export async function insertAccountConfirmation(
  tx: Transaction,
  { programme, role, merchant, number }: SettlementAccount,
  said: { readonly at: Instant; readonly by: Uuid; readonly actor: string },
): Promise<void> {
  await tx.query(
    `insert into settlement_account_confirmation (programme, role, merchant, number, confirmed_at_ms, confirmed_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    [programme, role, merchant, number, said.at, said.by, said.actor],
  );
}

/** The last versions, merchants last, after the place `after`. */
export async function listAccounts(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
  after: { readonly role: string; readonly merchant: Uuid } | null,
  limit: number,
): Promise<SettlementAccount[]> {
  const { rows } = await sql.query<SettlementAccount>(
    `select distinct on (role, merchant) ${ACCOUNT} from settlement_account a
      where programme = $1 and ($2::uuid is null or merchant = $2 and role = 'merchant')
        and ($3::text is null or (role, merchant) < ($3, $4::uuid))
      order by role desc, merchant desc, number desc limit $5`,
    [programme, merchant, after?.role ?? null, after?.merchant ?? null, limit],
  );
  return rows;
}

/** The last version: it counts once it is confirmed. */
export async function findLastAccount(
  sql: Sql,
  programme: number,
  role: AccountRole,
  merchant: Uuid,
): Promise<SettlementAccount | undefined> {
  const { rows } = await sql.query<SettlementAccount>(
    `select ${ACCOUNT} from settlement_account a where programme = $1 and role = $2 and merchant = $3
      order by number desc limit 1`,
    [programme, role, merchant],
  );
  return rows[0];
}

/**
 * The last versions, of merchants (the nil UUID: of the operator); null where it is not confirmed: the one before it is then not used
 * either, for somebody says that it is not right any more.
 */
export async function readLastNumbers(
  sql: Sql,
  programme: number,
): Promise<ReadonlyMap<Uuid, number | null>> {
  const { rows } = await sql.query<{ merchant: Uuid; number: number | null }>(
    `select l.merchant, c.number from (
        select role, merchant, max(number) as number from settlement_account
          where programme = $1 and role in ('merchant', 'operator') group by role, merchant) l
      left join settlement_account_confirmation c
        on (c.programme, c.role, c.merchant, c.number) = ($1, l.role, l.merchant, l.number)`,
    [programme],
  );
  return new Map(rows.map(({ merchant, number }) => [merchant, number]));
}

export async function findAccountVersion(
  sql: Sql,
  { programme, custodyNumber }: PaymentRun,
): Promise<SettlementAccount | undefined> {
  const { rows } = await sql.query<SettlementAccount>(
    `select ${ACCOUNT} from settlement_account a where programme = $1 and role = 'custody' and number = $2`,
    [programme, custodyNumber],
  );
  return rows[0];
}

const RUN =
  'select id, period, programme, number, custody_number as "custodyNumber", at_ms as at, actor from payment_run';

export async function findRun(sql: Sql, id: Uuid): Promise<PaymentRun | undefined> {
  const { rows } = await sql.query<PaymentRun>(`${RUN} where id = $1`, [id]);
  return rows[0];
}

/** Runs of a period in their order; those that instruct something of a merchant, or all (null). */
export async function readRuns(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null,
): Promise<PaymentRun[]> {
  const { rows } = await sql.query<PaymentRun>(
    `${RUN} r where period = $1 and ($2::uuid is null
        or exists (select from payment_instruction i where i.run = r.id and i.merchant = $2)) order by number`,
    [period, merchant],
  );
  return rows;
}

/** Lets one process at a time make a run of a period; answers how many there are. */
export async function lockRuns(tx: Transaction, period: Uuid): Promise<number> {
  await tx.query('select from clearing_period where id = $1 for no key update', [period]);
  return (await readRuns(tx, period, null)).length;
}

export async function insertRun(
  tx: Transaction,
  run: PaymentRun & { readonly madeBy: Uuid },
): Promise<void> {
  await tx.query(
    `insert into payment_run (id, period, programme, number, custody_number, at_ms, made_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[run.id, run.period, run.programme, run.number, run.custodyNumber, run.at],
      ...[run.madeBy, run.actor],
    ],
  );
}

export async function insertInstructions(
  tx: Transaction,
  period: Uuid,
  list: readonly Omit<Instruction, 'confirmed'>[],
): Promise<void> {
  await tx.query(
    `insert into payment_instruction (run, place, period, merchant, kind, fen, account_number)
      select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::int8[], $7::int[])`,
    [
      list.map(({ run }) => run),
      list.map(({ place }) => place),
      list.map(() => period),
      list.map(({ merchant }) => merchant),
      list.map(({ kind }) => kind),
      list.map(({ fen }) => fen),
      list.map(({ accountNumber }) => accountNumber),
    ],
  );
}

/** Merchants of a period that are instructed and not rejected. */
export async function readInstructed(sql: Sql, period: Uuid): Promise<ReadonlySet<Uuid>> {
  const { rows } = await sql.query<{ merchant: Uuid }>(
    'select merchant from payment_instruction where period = $1 and not rejected',
    [period],
  );
  return new Set(rows.map(({ merchant }) => merchant));
}

type Row = Omit<Instruction, 'confirmed'> & {
  readonly outcome: Confirmation['outcome'] | null;
  readonly reference: string;
  readonly reason: string | null;
  readonly toldOn: string;
  readonly at: number;
  readonly actor: string;
};

/** Instructions of a run after the place `after`; of one merchant, or of all (null). */
export async function readInstructions(
  sql: Sql,
  run: Uuid,
  merchant: Uuid | null,
  after: number,
  limit: number,
): Promise<Instruction[]> {
  const { rows } = await sql.query<Row>(
    `select i.run, i.place, i.merchant, i.kind, i.fen, i.account_number as "accountNumber", c.outcome, c.reference, c.reason,
        c.told_on as "toldOn", c.at_ms as at, c.actor
      from payment_instruction i left join payment_confirmation c on c.run = i.run and c.place = i.place
      where i.run = $1 and i.place > $2 and ($3::uuid is null or i.merchant = $3) order by i.place limit $4`,
    [run, after, merchant, limit],
  );
  return rows.map(({ outcome, reference, reason, toldOn, at, actor, ...row }) => ({
    ...row,
    confirmed: outcome === null ? null : { outcome, reference, reason, toldOn, at, actor },
  }));
}

/** Of a run, what is instructed with the accounts as they were then, in the order of instructions. */
export async function readInstructedAccounts(
  sql: Sql,
  run: Uuid,
): Promise<
  (Pick<Instruction, 'place' | 'kind' | 'fen'> & { readonly account: SettlementAccount })[]
> {
  const { rows } = await sql.query<Pick<Instruction, 'place' | 'kind' | 'fen'> & SettlementAccount>(
    `select i.place, i.kind, i.fen, ${ACCOUNT}
      from payment_instruction i join payment_run r on r.id = i.run
        join settlement_account a on a.programme = r.programme and a.merchant = i.merchant
          and a.role in ('merchant', 'operator') and a.number = i.account_number
      where i.run = $1 order by i.place`,
    [run],
  );
  return rows.map(({ place, kind, fen, ...account }) => ({ place, kind, fen, account }));
}

/** False when it was confirmed before, or the reference is another's. */
export async function insertConfirmation(
  tx: Transaction,
  { run, place }: Pick<Instruction, 'run' | 'place'>,
  told: Confirmation & { readonly programme: number; readonly madeBy: Uuid },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into payment_confirmation (run, place, programme, outcome, reference, reason, told_on, at_ms, made_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      ...[run, place, told.programme, told.outcome, told.reference, told.reason, told.toldOn],
      ...[told.at, told.madeBy, told.actor],
    ],
  );
  if (rowCount !== 1) return false;
  if (told.outcome === 'rejected')
    await tx.query('update payment_instruction set rejected = true where run = $1 and place = $2', [
      run,
      place,
    ]);
  return true;
}

/** Locks an instruction of a run until the transaction ends. */
export async function lockInstruction(
  tx: Transaction,
  run: Uuid,
  place: number,
): Promise<Instruction | undefined> {
  await tx.query(
    'select from payment_instruction where run = $1 and place = $2 for no key update',
    [run, place],
  );
  const [found] = await readInstructions(tx, run, null, place - 1, 1);
  return found?.place === place ? found : undefined;
}

export interface Offset extends Omit<Settlement, 'instructedFen'> {
  readonly merchant: Uuid;
}

export async function readOffsets(sql: Sql, period: Uuid): Promise<ReadonlyMap<Uuid, Offset>> {
  const { rows } = await sql.query<Offset>(
    `select merchant, deposits_fen as "depositsFen", netted_fen as "nettedFen", kept_fen as "keptFen", undone_fen as "undoneFen"
      from payment_offset where period = $1`,
    [period],
  );
  return new Map(rows.map((row) => [row.merchant, row]));
}

export async function insertOffset(
  tx: Transaction,
  { period, id }: PaymentRun,
  { merchant, depositsFen, nettedFen, keptFen, undoneFen }: Offset,
): Promise<void> {
  await tx.query(
    `insert into payment_offset (period, merchant, deposits_fen, netted_fen, kept_fen, undone_fen, run)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    [period, merchant, depositsFen, nettedFen, keptFen, undoneFen, id],
  );
}
