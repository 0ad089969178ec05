import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { VoucherForm } from '../../kernel/reward.ts';
import { byteas, int2s, int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { createLane } from '../../platform/lane.ts';
import type { Sealer } from '../../platform/seal.ts';
import type { NewVoucher, ReadVoucher, Voucher, VoucherUse } from './voucher.ts';

const COLUMNS = `v.id, v.redemption, v.place, v.turn, v.programme, v.member, v.merchant, v.stores, v.name, v.form, v.made_at_ms as "madeAt",
  v.counts_from_ms as "countsFrom", v.expires_at_ms as "expiresAt", v.left_fen as "leftFen", v.state`;
const USE_COLUMNS = `u.id, u.voucher, u.merchant, u.use_no as "useNo", u.store, u.bill_fen as "billFen", u.off_fen as "offFen",
  u.at_ms as at, u.used_by as by, u.undone_at_ms as "undoneAt", u.undone_by as "undoneBy", u.undone_reason as "undoneReason",
  u.undone_actor as "undoneActor"`;

const sealContext = (id: Uuid): string => `voucher ${id}`;
const indexOf = (sealer: Sealer, code: string): Buffer => sealer.index('voucher', code);

export async function insertVouchers(
  tx: Transaction,
  list: readonly NewVoucher[],
  sealer: Sealer,
): Promise<void> {
  await tx.query({
    name: 'vouchers-insert',
    text: `insert into voucher (id, redemption, place, programme, member, merchant, stores, name, form, code_index, code_sealed,
        made_at_ms, counts_from_ms, expires_at_ms, left_fen, turn)
      select id, redemption, place, programme, member, merchant,
        case when stores is null then null else array(select jsonb_array_elements_text(stores::jsonb)) end,
        name::jsonb, form::jsonb, code_index, code_sealed, made_at, counts_from, expires_at, left_fen, turn
      from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
          $10::bytea[], $11::bytea[], $12::int8[], $13::int8[], $14::int8[],
          $15::int8[], $16::int2[])
        as n (id, redemption, place, programme, member, merchant, stores, name, form, code_index, code_sealed, made_at,
          counts_from, expires_at, left_fen, turn)`,
    values: [
      uuids(list, (each) => each.id),
      uuids(list, (each) => each.redemption),
      int4s(list, (each) => each.place),
      int4s(list, (each) => each.programme),
      uuids(list, (each) => each.member),
      uuids(list, (each) => each.merchant),
      texts(list, ({ stores }) => (stores === null ? null : JSON.stringify(stores))),
      texts(list, (each) => JSON.stringify(each.name)),
      texts(list, (each) => JSON.stringify(each.form)),
      byteas(list, ({ code }) => indexOf(sealer, code)),
      byteas(list, ({ id, code }) => sealer.seal(sealContext(id), code)),
      int8s(list, (each) => each.madeAt),
      int8s(list, (each) => each.countsFrom),
      int8s(list, (each) => each.expiresAt),
      int8s(list, (each) => each.leftFen),
      int2s(list, (each) => each.turn),
    ],
  });
}

/** Reads the vouchers of redemptions with their codes, in order; what is asked for at one moment is one statement. */
export function createVouchersOf(
  sql: Sql,
  sealer: Sealer,
): (redemptions: readonly Uuid[]) => Promise<(readonly ReadVoucher[])[]> {
  const lane = createLane<Uuid, readonly ReadVoucher[]>({
    maxBatch: 500,
    maxQueue: 20_000,
    async run(redemptions) {
      const found = new Map<Uuid, ReadVoucher[]>(redemptions.map((id) => [id, []]));
      for (const voucher of await readVouchers(sql, [...found.keys()], sealer))
        found.get(voucher.redemption)?.push(voucher);
      return redemptions.map((id) => found.get(id) ?? []);
    },
  });
  return (redemptions) => lane.pushAll(redemptions);
}

/** The vouchers of these redemptions, with their codes. */
export async function readVouchers(
  sql: Sql,
  redemptions: readonly Uuid[],
  sealer: Sealer,
): Promise<ReadVoucher[]> {
  const { rows } = await sql.query<Omit<ReadVoucher, 'code'> & { sealed: Buffer }>({
    name: 'vouchers-of',
    text: `select ${COLUMNS}, v.code_sealed as sealed,
        (select max(u.at_ms) from voucher_use u where u.voucher = v.id and u.undone_at_ms is null) as "usedAt"
      from voucher v where v.redemption = any ($1::uuid[])
      order by v.redemption, v.place, v.turn`,
    values: [uuids(redemptions)],
  });
  return rows.map(({ sealed, ...voucher }) => {
    const code = sealer.open(sealContext(voucher.id), sealed);
    if (code === undefined) throw new Error(`the code of voucher ${voucher.id} cannot be opened`);
    return { ...voucher, code };
  });
}

export async function findVoucherByCode(
  sql: Sql,
  code: string,
  sealer: Sealer,
): Promise<Voucher | undefined> {
  const { rows } = await sql.query<Voucher>({
    name: 'voucher-by-code',
    text: `select ${COLUMNS} from voucher v where v.code_index = $1`,
    values: [indexOf(sealer, code)],
  });
  return rows[0];
}

/** Locked until the transaction ends: whoever else would use it waits. */
export async function lockVoucher(tx: Transaction, id: Uuid): Promise<Voucher> {
  const [voucher] = await lockWhere(tx, 'v.id = $1', id);
  if (voucher === undefined) throw new Error(`voucher ${id} is not there`);
  return voucher;
}

export function lockVouchersOf(tx: Transaction, redemption: Uuid): Promise<Voucher[]> {
  return lockWhere(tx, 'v.redemption = $1', redemption);
}

async function lockWhere(tx: Transaction, which: string, id: Uuid): Promise<Voucher[]> {
  const { rows } = await tx.query<Voucher>(
    `select ${COLUMNS} from voucher v where ${which} order by v.id for update`,
    [id],
  );
  return rows;
}

export async function writeVoucher(
  tx: Transaction,
  { id, state, leftFen }: Voucher,
): Promise<void> {
  await tx.query('update voucher set state = $2, left_fen = $3 where id = $1', [
    id,
    state,
    leftFen,
  ]);
}

/** Whether anything of it was used and not undone. */
export async function hasUses(sql: Sql, redemption: Uuid): Promise<boolean> {
  const { rows } = await sql.query<{ used: boolean }>(
    `select exists (select from voucher_use u join voucher v on v.id = u.voucher
      where v.redemption = $1 and u.undone_at_ms is null) as used`,
    [redemption],
  );
  return rows[0]?.used === true;
}

interface UseRow extends Omit<VoucherUse, 'undone'> {
  readonly undoneAt: Instant | null;
  readonly undoneBy: Uuid | null;
  readonly undoneReason: string | null;
  readonly undoneActor: string | null;
}

function useOf({ undoneAt, undoneBy, undoneReason, undoneActor, ...use }: UseRow): VoucherUse {
  const isUndone =
    undoneAt !== null && undoneBy !== null && undoneReason !== null && undoneActor !== null;
  return {
    ...use,
    undone: isUndone
      ? { at: undoneAt, by: undoneBy, reason: undoneReason, actor: undoneActor }
      : null,
  };
}

/** False when the merchant has a use of this number already. */
export async function insertUse(
  tx: Transaction,
  use: VoucherUse,
  form: VoucherForm,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into voucher_use (id, voucher, merchant, use_no, store, bill_fen, off_fen, at_ms, used_by, whole)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (merchant, use_no) do nothing`,
    [
      ...[use.id, use.voucher, use.merchant, use.useNo, use.store, use.billFen, use.offFen],
      ...[use.at, use.by, !(form.form === 'no_threshold' && form.partial)],
    ],
  );
  return rowCount === 1;
}

export async function findUseByNumber(
  sql: Sql,
  merchant: Uuid,
  useNo: string,
): Promise<VoucherUse | undefined> {
  const { rows } = await sql.query<UseRow>(
    `select ${USE_COLUMNS} from voucher_use u where u.merchant = $1 and u.use_no = $2`,
    [merchant, useNo],
  );
  return rows[0] && useOf(rows[0]);
}

export async function findUse(sql: Sql, id: Uuid): Promise<VoucherUse | undefined> {
  const { rows } = await sql.query<UseRow>(
    `select ${USE_COLUMNS} from voucher_use u where u.id = $1`,
    [id],
  );
  return rows[0] && useOf(rows[0]);
}

/** Of a voucher that is locked. */
export async function undoUse(
  tx: Transaction,
  id: Uuid,
  { at, by, reason, actor }: NonNullable<VoucherUse['undone']>,
): Promise<void> {
  await tx.query(
    `update voucher_use set undone_at_ms = $2, undone_by = $3, undone_reason = $4, undone_actor = $5 where id = $1`,
    [id, at, by, reason, actor],
  );
}
