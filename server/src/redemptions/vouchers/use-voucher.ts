import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';
import { readCode, tryAt, unusedBy, usedBy, type Voucher, type VoucherUse } from './voucher.ts';
import {
  findUse,
  findUseByNumber,
  findVoucherByCode,
  insertUse,
  lockVoucher,
  undoUse,
  writeVoucher,
} from './voucher-store.ts';

/** A till, and the bill that lies there. */
export interface Till {
  readonly merchant: Uuid;
  readonly store: string | null;
  readonly billFen: number;
  /** By the programme's clock. */
  readonly at: Instant;
}

/**
 * The voucher of a code, for a till of the merchant it is of. Refused: `voucher_not_found`, also where there is one of another
 * merchant: a till learns nothing of others.
 */
export async function findAt(
  sql: Sql,
  told: string,
  merchant: Uuid,
  sealer: Sealer,
): Promise<Voucher | Refusal> {
  const voucher = await findVoucherByCode(sql, readCode(told), sealer);
  return voucher === undefined || voucher.merchant !== merchant
    ? problem('voucher_not_found')
    : voucher;
}

/** `known`: told before, under the same number. */
export interface Used {
  readonly voucher: Voucher;
  readonly use: VoucherUse;
  readonly known: boolean;
}

/**
 * Uses a voucher at a till. Uses of one voucher wait for each other: of two tills with one code the second finds what is left.
 * The merchant's number is one use, however often it is told, and none any more once it was undone.
 *
 * Refused: `voucher_used`, `voucher_void`, `voucher_expired`, `voucher_elsewhere`, `bill_too_small`, `voucher_use_exists`,
 * `voucher_use_undone`.
 */
export async function useVoucher(
  tx: Transaction,
  { id }: Voucher,
  till: Till & { readonly useNo: string; readonly by: Uuid },
): Promise<Used | Refusal> {
  const { merchant, store, billFen, useNo, at, by } = till;
  const voucher = await lockVoucher(tx, id);
  const known = await findUseByNumber(tx, merchant, useNo);
  if (known !== undefined) {
    const isSame = known.voucher === id && known.billFen === billFen && known.store === store;
    if (!isSame) return problem('voucher_use_exists');
    // The number was told again by who does not know: what is answered as used is handed out, and the voucher counts still.
    if (known.undone !== null)
      return problem('voucher_use_undone', 'it was undone: use the voucher under another number');
    return { voucher, use: known, known: true };
  }
  const taken = tryAt(voucher, till);
  if ('code' in taken) return taken;
  const { offFen } = taken;
  const use = {
    ...{ id: newId(at), voucher: id, merchant, useNo, store, billFen, offFen, at, by },
    undone: null,
  };
  // Another voucher's use took the number in between.
  if (!(await insertUse(tx, use, voucher.form))) return problem('voucher_use_exists');
  const now = usedBy(voucher, taken);
  await writeVoucher(tx, now);
  return { voucher: now, use, known: false };
}

/**
 * Takes a use back: the bill was not paid after all. What it took is there again, until the voucher lapses. Told again with
 * the same words it is answered as it is; else refused: `voucher_use_undone`, `voucher_void`.
 */
export async function undoVoucherUse(
  tx: Transaction,
  { id, voucher: of }: VoucherUse,
  undone: NonNullable<VoucherUse['undone']>,
): Promise<Used | Refusal> {
  const voucher = await lockVoucher(tx, of);
  const use = await findUse(tx, id);
  if (use === undefined) throw new Error(`use ${id} is not there`);
  if (use.undone !== null) {
    const isSame = use.undone.reason === undone.reason && use.undone.actor === undone.actor;
    return isSame ? { voucher, use, known: true } : problem('voucher_use_undone');
  }
  // Its points went back, or another took its place: it must not come back to life.
  if (voucher.state === 'void') return problem('voucher_void');
  const now = unusedBy(voucher, use);
  await undoUse(tx, id, undone);
  await writeVoucher(tx, now);
  return { voucher: now, use: { ...use, undone }, known: false };
}
