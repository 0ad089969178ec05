import Type from 'typebox';
import type { Refusal } from '../kernel/refusal.ts';
import { principalOf } from '../platform/web/auth.ts';
import { idempotencyKeyOf } from '../platform/web/idempotency.ts';
import { problemOf } from '../platform/web/problem.ts';
import { DryRun } from '../platform/web/rehearse.ts';
import type { App } from '../platform/web/route.ts';
import { answers, BULK_BODY_BYTES, object, ProblemBody } from '../platform/web/schema.ts';
import { unpaid } from './cash/show.ts';
import type { Redeemed } from './redeem.ts';
import type { Redemption } from './redemption.ts';
import { askedOf, showAll, toldOf } from './request.ts';
import type { RedemptionRoutes } from './routes.ts';
import { RedemptionShown, redemptionTold } from './schema.ts';
import { showRedemption } from './show.ts';

const BULK_MAX = 500;
const ItemKey = Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' });

const NewRedemptions = object(
  {
    redemptions: Type.Array(object({ ...redemptionTold, idempotencyKey: Type.Optional(ItemKey) }), {
      minItems: 1,
      maxItems: BULK_MAX,
    }),
    dryRun: DryRun,
  },
  { title: 'NewRedemptions' },
);
const RedemptionResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: Type.Enum(['applied', 'replayed', 'refused']),
        redemption: Type.Optional(RedemptionShown),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'RedemptionResults', description: 'In the order of the request.' },
);

/** Many redemptions in one request. */
export function bulkRedemptionRoutes(app: App, deps: RedemptionRoutes): void {
  const { merchants, sealer, codesOf } = deps;
  const { redeem, preview } = deps.redeeming;

  app.post(
    '/redemptions/bulk',
    {
      config: { scopes: ['redemptions:write'], perProgramme: true },
      bodyLimit: BULK_BODY_BYTES,
      schema: {
        operationId: 'createRedemptions',
        tags: ['redemptions'],
        summary: 'Up to 500 redemptions in one request',
        description:
          'Independent of each other, answered in order when all have come to their ends; those of one member happen in this order. An item ' +
          'without a key of its own has the header’s and its place. What they cost is decided before the first of them happens. ' +
          'What also costs cash is redeemed alone.',
        body: NewRedemptions,
        response: answers({ 200: RedemptionResults }, 413, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      const key = idempotencyKeyOf(request);
      const isDryRun = body.dryRun === true;
      const asked = await Promise.all(
        body.redemptions.map(({ idempotencyKey, ...told }, place) =>
          askedOf(merchants, principal, told, idempotencyKey ?? `${key}/${place}`),
        ),
      );
      const wanted = asked.flatMap((each) => ('code' in each ? [] : [each]));
      const done = (await (isDryRun ? preview(wanted) : redeem(wanted))).values();
      const told = asked.map(
        (each): Redeemed => ('code' in each ? each : toldOf(done.next().value as Redeemed)),
      );
      const kept = told.flatMap((each) =>
        'code' in each || (isDryRun && !each.replayed) ? [] : [each.redemption],
      );
      const shown = await showAll(deps, kept, { isBearer: true });
      const byId = new Map(kept.map(({ id }, place) => [id, shown[place]]));
      const show = (redemption: Redemption) =>
        byId.get(redemption.id) ??
        showRedemption(redemption, [], codesOf, {
          isKept: false,
          sealer,
          cash: unpaid(redemption),
        });
      const results = told.map((each) =>
        'code' in each
          ? refused(each)
          : {
              status: each.replayed ? ('replayed' as const) : ('applied' as const),
              redemption: show(each.redemption),
            },
      );
      return reply.code(200).send({ ...(isDryRun ? { dryRun: true as const } : {}), results });
    },
  );
}

const refused = (refusal: Refusal) => ({
  status: 'refused' as const,
  problem: problemOf(refusal),
});
