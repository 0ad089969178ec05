import { newId } from '../../kernel/id.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import { viewOf } from '../../platform/publishing/published.ts';
import { findItem } from '../../platform/publishing/store.ts';
import { principalOf, reaches } from '../../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../../platform/web/schema.ts';
import type { CancellingMany } from './cancel-many.ts';
import type { AfterSalesDeps } from './deps.ts';
import { CancellationShown, CancelManyBySupplier } from './schema.ts';
import { showCancellation } from './show.ts';
import { findCancellation, insertCancellation } from './supplier-store.ts';

export interface SupplierRoutes extends AfterSalesDeps {
  readonly merchants: Merchants;
  readonly cancelling: CancellingMany;
}

const tags = ['after-sales'];

/** Suppliers who cancel all that was redeemed of a reward. */
export function supplierRoutes(app: App, deps: SupplierRoutes): void {
  const { pool, clock, programmes, merchants, cancelling } = deps;

  app.post(
    '/rewards/:id/supplier-cancellations',
    {
      config: { scopes: ['after-sales:answer'], perProgramme: true },
      schema: {
        operationId: 'cancelRewardBySupplier',
        tags,
        summary: 'Cancel all that a merchant was to hand out of a reward',
        description:
          'Of what was redeemed by now and neither used nor lapsed. The first hundred are done when it is answered, the others by the minute. ' +
          'It goes on being offered: retire it, or say that its stock is gone.',
        params: object({ id: idOf('reward') }),
        body: CancelManyBySupplier,
        response: answers({ 200: CancellationShown, 201: CancellationShown }, 404, 409),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      const merchant = mustReadId('merchant', body.merchantId);
      const { programme } = await reachedMerchant(merchants, principal, merchant);
      const reward = mustReadId('reward', request.params.id);
      const item = await findItem(pool, 'reward', reward, viewOf(principal));
      if (item?.programme !== programme) return refuse(reply, problem('reward_not_found'));
      const { day = null, slot = null } = body;
      if (slot !== null && day === null)
        return refuse(reply, problem('invalid_request', 'a slot is one of a day'));
      const id = newId(clock.now());
      const stored = await writeOnce(pool, writeOf(request), async (tx) => {
        await insertCancellation(tx, {
          ...{ id, programme, merchant, reward, reason: body.reason, note: body.note ?? null },
          ...{ day, slot },
          ...{ onShelf: body.onShelf ?? false, actor: body.actor, by: principal.keyId },
          ...{ at: programmes.programmeClock(programme), recordedAt: clock.now() },
        });
        // A dry run tells how far it comes at once.
        const made = request.isDryRun
          ? await cancelling.rehearse(tx, id)
          : await findCancellation(tx, id);
        if (made === undefined) throw new Error('what is made is there');
        return { status: 201, body: showCancellation(made) };
      });
      if (stored.status >= 400 || request.isDryRun) return sendStored(reply, stored);
      const { id: shown } = JSON.parse(stored.body) as { id: string };
      const now = await cancelling.goOn(mustReadId('supplierCancellation', shown));
      if (stored.replayed) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send(showCancellation(now));
    },
  );

  app.get(
    '/supplier-cancellations/:id',
    {
      config: { scopes: ['after-sales:read'], perProgramme: true },
      schema: {
        operationId: 'getSupplierCancellation',
        tags,
        summary: 'How far a cancellation by a supplier came',
        params: object({ id: idOf('supplierCancellation') }),
        response: answers({ 200: CancellationShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('supplierCancellation', request.params.id);
      const found = await findCancellation(pool, id);
      if (found === undefined || !reaches(principalOf(request), found))
        return refuse(reply, problem('supplier_cancellation_not_found'));
      return reply.code(200).send(showCancellation(found));
    },
  );
}
