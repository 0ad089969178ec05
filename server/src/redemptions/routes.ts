import Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { REWARD_KINDS } from '../kernel/reward.ts';
import type { Merchants } from '../merchants/registry.ts';
import {
  assertReaches,
  membersAsked,
  type Principal,
  principalOf,
  reaches,
} from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { type CancelDeps, cancelRedemption, previewCancel } from './cancel.ts';
import type { AskedCash } from './cash/asked-cash.ts';
import type { CashDesk } from './cash/desk.ts';
import type { Cash } from './cash/routes.ts';
import { showDevice, unpaid } from './cash/show.ts';
import type { Redeem } from './redeem.ts';
import type { Redemption } from './redemption.ts';
import { askedOf, type Showing, showAll, toldOf } from './request.ts';
import { tooLate } from './saga.ts';
import {
  CancelRedemption,
  NewRedemption,
  RedemptionPage,
  RedemptionShown,
  StageFilter,
  StateFilter,
} from './schema.ts';
import { showRedemption } from './show.ts';
import { listRedemptions, readRedemptions } from './store.ts';

export interface RedemptionRoutes extends CancelDeps, Omit<Showing, 'pool'> {
  readonly programmes: Pick<ProgrammeRegistry, 'all' | 'programmeClock'>;
  readonly redeeming: Redeem;
  readonly merchants: Merchants;
  /** Absent where no cash is taken. */
  readonly cash: Cash | undefined;
}

const tags = ['redemptions'];
const params = object({ id: idOf('redemption') });
const LIST = 'redemptions';

/** Redeeming points for rewards. */
export function redemptionRoutes(app: App, deps: RedemptionRoutes): void {
  const { pool, merchants, programmes, sealer, codesOf, cash } = deps;
  const { redeem, preview } = deps.redeeming;

  const show = (list: readonly Redemption[], isBearer: boolean, isOne = true) =>
    showAll(deps, list, { isBearer, isOne });

  /** Answers what the payer needs; nobody is asked for cash that no provider takes. */
  function payFor(redemption: Redemption, asked: AskedCash | null): ReturnType<CashDesk['open']> {
    const payer = asked?.payer ?? null;
    if (cash === undefined || payer === null) return Promise.resolve({ redemption, device: null });
    return cash.desk.open(redemption, payer);
  }

  /** Nobody owes what is not paid yet: that is given up whatever the terms say. */
  async function cancel(found: Redemption): Promise<Redemption | Refusal> {
    if (found.cashFen > 0 && found.state === 'timed_out') return found;
    if (found.state !== 'paying' || cash === undefined) return cancelRedemption(deps, found);
    const now = await cash.desk.abandon(found);
    return now.state === 'fulfilled' ? cancelRedemption(deps, now) : now;
  }

  async function find(principal: Principal, id: string): Promise<Redemption | undefined> {
    const uuid = mustReadId('redemption', id);
    const found = (await readRedemptions(pool, [uuid])).get(uuid);
    return found !== undefined && reaches(principal, found) ? found : undefined;
  }

  app.post(
    '/redemptions',
    {
      config: { scopes: ['redemptions:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'redeem',
        tags,
        summary: 'Redeem points for a reward',
        description:
          'Answered when it has come to its end: `fulfilled`, or a problem, and then nothing was taken. What also costs cash is answered ' +
          'as `paying`, with what the payer pays by and until when; the same key tells how it stands. After a 503 it goes on by itself ' +
          'for at most 15 minutes; the same key tells what became of it. `dryRun` answers what it would cost now.',
        body: NewRedemption,
        response: answers({ 200: RedemptionShown, 201: RedemptionShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      const anybody = cash?.payments.anybody;
      const told = { ...(anybody !== undefined && { payerOpenid: anybody }), ...body };
      const asked = await askedOf(merchants, principal, told, idempotencyKeyOf(request));
      if ('code' in asked) return refuse(reply, asked);
      const isDryRun = body.dryRun === true;
      const [redeemed] = await (isDryRun ? preview([asked]) : redeem([asked]));
      if (redeemed === undefined) throw new Error('everybody is answered');
      const became = toldOf(redeemed);
      if ('code' in became) return refuse(reply, became);
      const paying =
        became.redemption.state === 'paying' && !isDryRun
          ? await payFor(became.redemption, asked.cash)
          : { redemption: became.redemption, device: null };
      const now = toldOf({ ...became, redemption: paying.redemption });
      if ('code' in now) return refuse(reply, now);
      const { redemption, replayed } = now;
      const { device } = paying;
      // Nobody pays any more, but that is not known for certain yet.
      if (redemption.state === 'paying' && device === null && !isDryRun)
        return refuse(reply, tooLate());
      if (isDryRun && !replayed)
        return reply.code(200).send(
          showRedemption(redemption, [], codesOf, {
            isKept: false,
            sealer,
            cash: unpaid(redemption),
          }),
        );
      if (replayed) reply.header('idempotency-replayed', 'true');
      const [shown] = await show([redemption], true);
      if (isDryRun) return reply.code(200).send({ ...shown, dryRun: true } as never);
      const payment = device === null ? {} : { payment: showDevice(device) };
      return reply.code(201).send({ ...shown, ...payment } as never);
    },
  );

  app.get(
    '/redemptions',
    {
      config: { scopes: ['redemptions:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'listRedemptions',
        tags,
        summary: 'List redemptions, the latest first',
        description: "A merchant's key sees what it hands out, without codes.",
        querystring: object({
          ...PageQuery,
          memberId: Type.Optional(idOf('member')),
          merchantId: Type.Optional(idOf('merchant')),
          state: StateFilter,
          kind: Type.Optional(Type.Enum([...REWARD_KINDS])),
          stage: StageFilter,
        }),
        response: answers({ 200: RedemptionPage }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, memberId, merchantId, state } = request.query;
      const { kind = null, stage = null } = request.query;
      const start = readPageStart(LIST, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const merchant: Uuid | null =
        merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
      if (merchant !== null) assertReaches(principal, merchant);
      const by = {
        members: membersAsked(
          principal,
          memberId === undefined ? null : mustReadId('member', memberId),
        ),
        merchant,
        programme: principal.programme?.id ?? null,
        states: state === undefined ? null : [state],
        ...{ kind, stage },
      };
      const clocks = programmes
        .all()
        .map(({ id }) => ({ programme: id, now: programmes.programmeClock(id) }));
      const found = await listRedemptions(pool, by, clocks, start.after, limit + 1);
      return reply.code(200).send({
        items: await show(found.slice(0, limit), principal.merchant === null, false),
        nextCursor: writeNextCursor(LIST, found, limit),
      });
    },
  );

  app.get(
    '/redemptions/:id',
    {
      config: { scopes: ['redemptions:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'getRedemption',
        tags,
        summary: 'Read a redemption',
        params,
        response: answers({ 200: RedemptionShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('redemption_not_found'));
      const [shown] = await show([found], principal.merchant === null);
      return reply.code(200).send(shown as never);
    },
  );

  app.post(
    '/redemptions/:id/cancel',
    {
      config: { scopes: ['redemptions:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'cancelRedemption',
        tags,
        summary: 'Cancel what a member changed their mind about, by its terms',
        description:
          'What was handed out counts no more, and the points go back to their lots, less the fee of the terms. Told again it is answered as it is. ' +
          'One that is `paying` is given up, whatever its terms: it ends `timed_out`.',
        params,
        body: CancelRedemption,
        response: answers({ 200: RedemptionShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('redemption_not_found'));
      const isDryRun = request.body.dryRun === true;
      const told = await (isDryRun ? previewCancel(deps, found) : cancel(found));
      if ('code' in told) return refuse(reply, told);
      const [shown] = await show([told], principal.merchant === null);
      if (shown === undefined) throw new Error('what there is is shown');
      if (!isDryRun) return reply.code(200).send(shown);
      const vouchers = shown.vouchers.map((voucher) => ({ ...voucher, state: 'void' as const }));
      return reply.code(200).send({ ...shown, vouchers, dryRun: true });
    },
  );
}
