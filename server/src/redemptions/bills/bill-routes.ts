import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { type Principal, principalOf, reaches } from '../../platform/web/auth.ts';
import { idempotencyKeyOf } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import { DryRun, WasDryRun } from '../../platform/web/rehearse.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Fen,
  InstantText,
  idOf,
  mustReadId,
  object,
  text,
} from '../../platform/web/schema.ts';
import type { Redemption } from '../redemption.ts';
import { type Showing, showAll } from '../request.ts';
import { RedemptionShown } from '../schema.ts';
import { readRedemptions } from '../store.ts';
import { type BillReturn, readBillReturns, waitingOf } from './bill-return-store.ts';
import { type AskedReturn, type BillDeps, previewReturn, returnBill } from './bill-returns.ts';

const tags = ['redemptions'];
const params = object({ id: idOf('redemption') });
const ReturnNo = Type.String({
  pattern: '^[\\x21-\\x7e]{1,64}$',
  description: 'The merchant’s own number.',
});
const why = { reason: text(200), actor: text(100) };

const VoidBill = object({ ...why, dryRun: DryRun }, { title: 'VoidBill' });
const ReturnBill = object(
  {
    returnNo: ReturnNo,
    returnedFen: { ...Fen, minimum: 1, description: 'What the goods cost that come back.' },
    ...why,
    dryRun: DryRun,
  },
  { title: 'ReturnBill' },
);
const ReturnShown = object(
  {
    id: Type.Optional(idOf('billReturn')),
    redemptionId: idOf('redemption'),
    returnNo: ReturnNo,
    returnedFen: Fen,
    units: Type.Integer({ description: 'Given back, pro rata.' }),
    cashFen: { ...Fen, description: 'What the till gives back in money.' },
    reason: why.reason,
    actor: Type.Optional({ ...why.actor, description: 'Not told to members.' }),
    returnedAt: InstantText,
    pointsBack: Type.Boolean({
      description: 'The points are there; else they follow by themselves.',
    }),
    dryRun: WasDryRun,
  },
  { title: 'BillReturn' },
);

function showReturn(each: BillReturn, pointsBack: boolean): Type.Static<typeof ReturnShown> {
  const { returnNo, returnedFen, units, cashFen, reason, actor } = each;
  return {
    id: showId('billReturn', each.id),
    redemptionId: showId('redemption', each.redemption),
    ...{ returnNo: returnNo ?? '', returnedFen, units, cashFen, reason, actor, pointsBack },
    returnedAt: showInstant(each.at),
  };
}

/** What becomes of bills that points were taken off. */
export function billRoutes(app: App, deps: BillDeps & Showing): void {
  const { pool } = deps;
  const write = { scopes: ['redemptions:write' as const], perProgramme: true };

  async function find(principal: Principal, id: string): Promise<Redemption | undefined> {
    const uuid = mustReadId('redemption', id);
    const found = (await readRedemptions(pool, [uuid])).get(uuid);
    return found !== undefined && reaches(principal, found) ? found : undefined;
  }
  const tell = (redemption: Redemption, asked: AskedReturn, isDryRun: boolean) =>
    isDryRun ? previewReturn(deps, redemption, asked) : returnBill(deps, redemption, asked);

  app.post(
    '/redemptions/:id/void',
    {
      config: write,
      schema: {
        operationId: 'voidBill',
        tags,
        summary: 'Undo what points took off a bill that was not paid after all',
        description:
          'On its own day, by the time zone of the programme. The points go back to their lots, whatever its terms say, and the bill may be ' +
          'offset again. Told again it is answered as it is.',
        params,
        body: VoidBill,
        response: answers({ 200: RedemptionShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('redemption_not_found'));
      const { dryRun, ...said } = request.body;
      const requestKey = `${principal.tenant}:${idempotencyKeyOf(request)}`;
      const asked = { ...said, returnNo: null, returnedFen: null, by: principal.keyId, requestKey };
      const told = await tell(found, asked, dryRun === true);
      if ('code' in told) return refuse(reply, told);
      const [shown] = await showAll(deps, [told.redemption], {
        isBearer: principal.merchant === null,
      });
      if (shown === undefined) throw new Error('what there is is shown');
      return reply.code(200).send(dryRun === true ? { ...shown, dryRun } : shown);
    },
  );

  app.post(
    '/redemptions/:id/returns',
    {
      config: write,
      schema: {
        operationId: 'returnBill',
        tags,
        summary: 'Give back what points took off goods of a bill that come back',
        description:
          'Units pro rata, their points to the lots they came from; `cashFen` is what the till gives back in money beside them. Never more ' +
          'money than was paid. With the last of the goods everything is back. The same `returnNo` is one return, whatever the key.',
        params,
        body: ReturnBill,
        response: answers({ 200: ReturnShown, 201: ReturnShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('redemption_not_found'));
      const { dryRun, ...said } = request.body;
      const requestKey = `${principal.tenant}:${idempotencyKeyOf(request)}`;
      const told = await tell(found, { ...said, by: principal.keyId, requestKey }, dryRun === true);
      if ('code' in told) return refuse(reply, told);
      if (dryRun === true && !told.known) {
        const { id: _, ...shown } = showReturn(told.returned, true);
        return reply.code(200).send({ ...shown, dryRun });
      }
      const waiting = await waitingOf(pool, [told.returned.id]);
      const shown = showReturn(told.returned, !waiting.has(told.returned.id));
      if (dryRun === true) return reply.code(200).send({ ...shown, dryRun });
      return reply.code(told.known ? 200 : 201).send(shown);
    },
  );

  app.get(
    '/redemptions/:id/returns',
    {
      config: { scopes: ['redemptions:read'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'listBillReturns',
        tags,
        summary: 'List what was given back for goods of a bill, the oldest first',
        params,
        response: answers(
          { 200: object({ items: Type.Array(ReturnShown) }, { title: 'BillReturns' }) },
          404,
        ),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const found = await find(principal, request.params.id);
      if (found === undefined) return refuse(reply, problem('redemption_not_found'));
      const all = await readBillReturns(pool, [found.id]);
      const list = all.filter(({ returnNo }) => returnNo !== null);
      const waiting = await waitingOf(
        pool,
        list.map(({ id }) => id),
      );
      return {
        items: list.map((each) => {
          const shown = showReturn(each, !waiting.has(each.id));
          // Which person of the staff it was, members are not told.
          if (principal.member !== null) delete shown.actor;
          return shown;
        }),
      };
    },
  );
}
