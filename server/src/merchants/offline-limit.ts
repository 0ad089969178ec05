import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { LATE_MS } from '../kernel/effective-time.ts';
import type { Uuid } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import type { Pool, Sql } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, nullable, object } from '../platform/web/schema.ts';
import { reachedMerchant } from './reached.ts';
import type { Merchants } from './registry.ts';

const dayMax = Type.Integer({ minimum: 0, maximum: POINTS_MAX });
const SetLimit = object(
  {
    dayMax: {
      ...nullable(dayMax),
      description: 'Null: as much as the programme. More than that counts as much.',
    },
  },
  { title: 'SetOfflineLimit' },
);
const LimitShown = object(
  {
    dayMax: {
      ...dayMax,
      description: 'What counts: points of one member and day that are final; 0: none are.',
    },
    ownDayMax: nullable(dayMax),
    programmeDayMax: dayMax,
    queuedHoursMax: Type.Integer({
      description: 'How long after it happened a till may tell of it.',
    }),
  },
  { title: 'OfflineLimit' },
);

/** What a merchant said of itself; null: nothing. */
async function readOwn(sql: Sql, merchant: Uuid): Promise<number | null> {
  const { rows } = await sql.query<{ dayMax: number | null }>({
    name: 'offline-limit',
    text: 'select day_max as "dayMax" from offline_limit where merchant = $1 order by number desc limit 1',
    values: [merchant],
  });
  return rows[0]?.dayMax ?? null;
}

export interface OfflineLimits {
  readonly pool: Pool;
  /** What the programme of this number lets its merchants. */
  readonly programmeMaxOf: (programme: number) => number;
}

/** The most points of one member that are final in a day, of what a merchant's tills took while they were cut off. */
export async function offlineMaxOf(
  { pool, programmeMaxOf }: OfflineLimits,
  merchant: Uuid,
  programme: number,
): Promise<number> {
  const most = programmeMaxOf(programme);
  return most === 0 ? 0 : Math.min((await readOwn(pool, merchant)) ?? most, most);
}

/** How far deductions of tills that were cut off are final: of what is never repaid the merchant bears the loss. */
export function offlineLimitRoutes(
  app: App,
  deps: OfflineLimits & { readonly clock: Clock; readonly merchants: Merchants },
): void {
  const { pool, clock, merchants, programmeMaxOf } = deps;
  const tags = ['merchants'];
  const params = object({ id: idOf('merchant') });
  const show = (ownDayMax: number | null, programme: number): Type.Static<typeof LimitShown> => {
    const programmeDayMax = programmeMaxOf(programme);
    return {
      dayMax: Math.min(ownDayMax ?? programmeDayMax, programmeDayMax),
      ownDayMax,
      programmeDayMax,
      queuedHoursMax: LATE_MS / 3600_000,
    };
  };

  app.get(
    '/merchants/:id/offline-limit',
    {
      config: { scopes: ['merchants:read'], perProgramme: true },
      schema: {
        operationId: 'getOfflineLimit',
        tags,
        summary: 'Read how far deductions are final that tills agreed while they were cut off',
        description:
          'A till that took them off a bill has taken them, within this limit; what the member lacks is a debt, at the merchant’s risk.',
        params,
        response: answers({ 200: LimitShown }, 404),
      },
    },
    async (request) => {
      const id = mustReadId('merchant', request.params.id);
      const { programme } = await reachedMerchant(merchants, principalOf(request), id);
      return show(await readOwn(pool, id), programme);
    },
  );

  app.put(
    '/merchants/:id/offline-limit',
    {
      config: { scopes: ['stores:write'], perProgramme: true },
      schema: {
        operationId: 'setOfflineLimit',
        tags,
        summary: 'Say how much less than the programme a merchant lets its tills take',
        description: 'It counts for what tills tell from now on.',
        params,
        body: SetLimit,
        response: answers({ 200: LimitShown }, 404),
      },
    },
    async (request, reply) => {
      const id = mustReadId('merchant', request.params.id);
      const principal = principalOf(request);
      const { programme } = await reachedMerchant(merchants, principal, id);
      const own = request.body.dayMax;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        await tx.query(
          'insert into offline_limit (merchant, day_max, changed_at_ms, changed_by) values ($1, $2, $3, $4)',
          [id, own, clock.now(), principal.keyId],
        );
        return { status: 200, body: show(own, programme) };
      });
      return sendStored(reply, answer);
    },
  );
}
