import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';

/**
 * The application as a feature's routes see it: schemas give the types of the request.
 *
 * A feature exports one function that registers its routes; `http/app.ts` calls it inside `/v1`:
 *
 * ```ts
 * export function merchantRoutes(app: App, { pool, clock }: { pool: Pool; clock: Clock }): void {
 *   app.post(
 *     '/merchants',
 *     {
 *       config: { scopes: ['merchants:write'] },       // required: who may call; 'public' is said aloud
 *       schema: {
 *         operationId: 'createMerchant', tags: ['merchants'], summary: 'Admit a merchant',
 *         body: NewMerchant,                             // object({...}) of platform/web/schema.ts: closed
 *         response: answers({ 201: MerchantShown }, 409),// its answers, then the problems beyond the usual
 *       },
 *     },
 *     async (request, reply) => {
 *       const { tenant, merchant } = principalOf(request);
 *       const answer = await writeOnce(pool, writeOf(request), (tx) => createMerchant(tx, request.body));
 *       return sendStored(reply, answer);                // ordinary write: same key, same answer
 *     },
 *   );
 * }
 * ```
 *
 * - Every write has its Idempotency-Key checked before the body is read (`idempotencyKeyOf(request)`).
 *   A command for the ledger passes `${tenant}` and that key on instead of using `writeOnce`.
 * - Every write has a dry run, which `writeOnce` takes back; what a route does beside it must look at `request.isDryRun`
 *   (rehearse.ts). `config.noDryRun` says why there is none; a `dryRun` in the route's own schema, that it performs its own.
 * - An expected refusal is a value: `return refuse(reply, refusal)`. Its status comes from the table in
 *   problem.ts. A `RefusalError` thrown anywhere becomes the same problem; anything else thrown is a 500,
 *   and what {@link databaseFailure} calls unavailable (or `LedgerUnavailable`) a 503.
 * - `assertReaches(principal, merchantId)` keeps a merchant's key to its merchant.
 * - Ids are read with `readId` after the schema has checked their form: `mustReadId`.
 */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
