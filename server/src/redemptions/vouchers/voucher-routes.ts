import type Type from 'typebox';
import type { Instant } from '../../kernel/clock.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { actsFor, isWithin, type Principal, principalOf } from '../../platform/web/auth.ts';
import { type Outcome, sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, idOf, mustReadId, mustReadInstant, object } from '../../platform/web/schema.ts';
import { agreedAt } from '../bills/bill-offset.ts';
import {
  CheckVoucher,
  UndoVoucherUse,
  UseVoucher,
  VoucherChecked,
  VoucherUseShown,
} from '../schema.ts';
import { showUse, showVoucher } from '../show.ts';
import { findAt, type Used, undoVoucherUse, useVoucher } from './use-voucher.ts';
import { tryAt, type Voucher } from './voucher.ts';
import { findUse } from './voucher-store.ts';

export interface VoucherRoutes {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly merchants: Merchants;
  readonly programmes: { programmeClock(programme: number): Instant };
}

const tags = ['vouchers'];

/** Vouchers at the tills of the merchants they are of. */
export function voucherRoutes(app: App, deps: VoucherRoutes): void {
  const { pool, sealer, merchants, programmes } = deps;

  /** The voucher of a code at a till, and how it stands there. */
  async function atTill(
    principal: Principal,
    told: Type.Static<typeof CheckVoucher> & { readonly at?: string },
  ): Promise<{ readonly voucher: Voucher; readonly till: Parameters<typeof tryAt>[1] } | Refusal> {
    const id = mustReadId('merchant', told.merchantId);
    const { programme } = await reachedMerchant(merchants, principal, id);
    const voucher = await findAt(pool, told.code, id, sealer);
    if ('code' in voucher) return voucher;
    const { store = null } = told;
    if (store !== null && (await merchants.findStore(id, store)) === undefined)
      return problem('store_not_found');
    const now = programmes.programmeClock(programme);
    const at = agreedAt({ at: told.at === undefined ? null : mustReadInstant(told.at) }, now);
    if (typeof at !== 'number') return at;
    return { voucher, till: { store, billFen: told.billFen ?? 0, at } };
  }

  app.post(
    '/vouchers/check',
    {
      config: {
        scopes: ['vouchers:use'],
        perProgramme: true,
        noDryRun: 'it changes nothing in any case',
      },
      schema: {
        operationId: 'checkVoucher',
        tags,
        summary: 'What a voucher would take off a bill',
        body: CheckVoucher,
        response: answers({ 200: VoucherChecked }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const found = await atTill(principalOf(request), request.body);
      if ('code' in found) return refuse(reply, found);
      const taken = tryAt(found.voucher, found.till);
      if ('code' in taken) return refuse(reply, taken);
      return reply.code(200).send({ voucher: showVoucher(found.voucher), ...taken });
    },
  );

  app.post(
    '/vouchers/uses',
    {
      config: { scopes: ['vouchers:use'], perProgramme: true },
      schema: {
        operationId: 'useVoucher',
        tags,
        summary: 'Use a voucher for a bill',
        description:
          'Once, or in parts where its form says so; of two tills at the same moment one finds what is left. The same `useNo` at a ' +
          'merchant is one use, whatever the key. What a till used while it was cut off counts if nobody used it meanwhile.',
        body: UseVoucher,
        response: answers({ 200: VoucherUseShown, 201: VoucherUseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await atTill(principal, request.body);
      if ('code' in found) return refuse(reply, found);
      const { voucher, till } = found;
      const { merchant } = voucher;
      const use = { ...till, merchant, useNo: request.body.useNo, by: principal.keyId };
      const answer = await writeOnce(pool, writeOf(request), async (tx) =>
        outcomeOf(await useVoucher(tx, voucher, use)),
      );
      return sendStored(reply, answer);
    },
  );

  app.post(
    '/vouchers/uses/:id/undo',
    {
      config: { scopes: ['vouchers:use'], perProgramme: true },
      schema: {
        operationId: 'undoVoucherUse',
        tags,
        summary: 'Give back what a voucher took off a bill that was not paid after all',
        params: object({ id: idOf('voucherUse') }),
        body: UndoVoucherUse,
        response: answers({ 200: VoucherUseShown, 201: VoucherUseShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const use = await findUse(pool, mustReadId('voucherUse', request.params.id));
      const merchant =
        use === undefined || !actsFor(principal, use.merchant)
          ? undefined
          : await merchants.find(use.merchant);
      if (use === undefined || merchant === undefined || !isWithin(principal, merchant.programme))
        return refuse(reply, problem('voucher_use_not_found'));
      const { reason, actor } = request.body;
      const at = programmes.programmeClock(merchant.programme);
      const answer = await writeOnce(pool, writeOf(request), async (tx) =>
        outcomeOf(await undoVoucherUse(tx, use, { at, by: principal.keyId, reason, actor })),
      );
      return sendStored(reply, answer);
    },
  );
}

function outcomeOf(told: Used | Refusal): Outcome<Type.Static<typeof VoucherUseShown>> {
  if ('code' in told) return { refusal: told };
  return { status: told.known ? 200 : 201, body: showUse(told.use, told.voucher) };
}
