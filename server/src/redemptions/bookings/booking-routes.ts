import Type from 'typebox';
import { DateText } from '../../catalogue/terms-schema.ts';
import { daysBetween, endOfDate, isDate, startOfDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { isUuid } from '../../kernel/id.ts';
import { reachedMerchant } from '../../merchants/reached.ts';
import type { Merchants } from '../../merchants/registry.ts';
import type { Pool } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { principalOf, reaches } from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  Code,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../../platform/web/schema.ts';
import type { VersionOf } from '../offer.ts';
import { showAll } from '../request.ts';
import type { TellNews } from '../reward-news.ts';
import { RedemptionShown } from '../schema.ts';
import type { CodesOf } from '../show.ts';
import { readRedemptions } from '../store.ts';
import { createVouchersOf } from '../vouchers/voucher-store.ts';
import { readAvailable } from './availability.ts';
import { bookedAt } from './booking.ts';
import {
  AvailabilityShown,
  BookingPage,
  MoveBooking,
  showAvailable,
  showBooking,
} from './booking-schema.ts';
import { type BookingPosition, countVisits, isBooked, listBookings } from './booking-store.ts';
import { moveBooking } from './move-booking.ts';

export interface BookingRoutes {
  readonly pool: Pool;
  readonly merchants: Merchants;
  readonly programmes: { programmeClock(programme: number): Instant };
  readonly timeZoneOf: (programme: number) => string;
  readonly versionOf: VersionOf;
  readonly tell: TellNews;
  readonly sealer: Sealer;
  readonly codesOf: CodesOf;
}

const DAYS_MAX = 31;
const LIST = 'bookings';

/** What is booked: what is free, moving it, and a merchant's day. */
export function bookingRoutes(app: App, deps: BookingRoutes): void {
  const { pool, merchants, programmes, timeZoneOf } = deps;

  app.get(
    '/rewards/:id/availability',
    {
      config: { scopes: ['rewards:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'getRewardAvailability',
        tags: ['rewards'],
        summary: 'What can be booked of a reward, and how many places are left',
        description: `For at most ${DAYS_MAX} days, by the version in force.`,
        params: object({ id: idOf('reward') }),
        querystring: object({
          merchantId: { ...idOf('merchant'), description: 'Who is to hand it out.' },
          store: Type.Optional(Code),
          from: DateText,
          to: { ...DateText, description: 'This day included.' },
        }),
        response: answers({ 200: AvailabilityShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { merchantId, store = null, from, to } = request.query;
      const merchant = mustReadId('merchant', merchantId);
      const { programme } = await reachedMerchant(merchants, principalOf(request), merchant);
      if (!isDate(from) || !isDate(to) || from > to || daysBetween(from, to) >= DAYS_MAX)
        return refuse(reply, problem('days_invalid'));
      const reward = mustReadId('reward', request.params.id);
      const found = await deps.versionOf({ reward, programme, merchant, store });
      if ('code' in found) return refuse(reply, found);
      const { fulfilment: terms, offered, stores } = found.version.body;
      if (terms.kind !== 'booking') return refuse(reply, problem('reward_not_booked'));
      const place = bookedAt(reward, merchant, store, { stores });
      const rules = { terms, offered, timeZone: timeZoneOf(programme) };
      const items = await readAvailable(pool, place, { from, to }, found.at, rules);
      return reply.code(200).send({ unit: terms.unit, items: items.map(showAvailable) });
    },
  );

  app.post(
    '/redemptions/:id/move',
    {
      config: { scopes: ['redemptions:write'], perProgramme: true, member: 'own' },
      schema: {
        operationId: 'moveBooking',
        tags: ['redemptions'],
        summary: 'Move a booking to another time, as long as its terms let it be cancelled',
        description:
          'It gives up the places it has and takes others at once: it never has both, or none. Codes stay what they are. Where it is ' +
          'already it stays.',
        params: object({ id: idOf('redemption') }),
        body: MoveBooking,
        response: answers({ 200: RedemptionShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('redemption', request.params.id);
      const found = (await readRedemptions(pool, [id])).get(id);
      if (found === undefined || !reaches(principal, found))
        return refuse(reply, problem('redemption_not_found'));
      const about = {
        at: programmes.programmeClock(found.programme),
        timeZone: timeZoneOf(found.programme),
        by: principal.keyId,
        tell: deps.tell,
      };
      const asked = { kind: 'booking', ...request.body } as const;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const told = await moveBooking(tx, id, asked, about);
        if ('code' in told) return { refusal: told };
        // The answer is kept, and codes are nowhere written in the clear.
        const [body] = await showAll(
          { ...deps, pool: tx, vouchersOf: createVouchersOf(tx, deps.sealer) },
          [told],
          {
            isBearer: false,
          },
        );
        if (body === undefined) throw new Error('what there is is shown');
        return { status: 200, body };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/bookings',
    {
      config: { scopes: ['redemptions:read'], perProgramme: true },
      schema: {
        operationId: 'listBookings',
        tags: ['redemptions'],
        summary: "List a merchant's bookings that begin on a day, by their times",
        querystring: object({
          ...PageQuery,
          merchantId: idOf('merchant'),
          store: Type.Optional(Code),
          day: DateText,
        }),
        response: answers({ 200: BookingPage }, 404, 422),
      },
    },
    async (request, reply) => {
      const { merchantId, store = null, day, cursor, limit = PAGE_DEFAULT } = request.query;
      const merchant = mustReadId('merchant', merchantId);
      const { programme } = await reachedMerchant(merchants, principalOf(request), merchant);
      const after = readPosition(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      if (!isDate(day)) return refuse(reply, problem('days_invalid'));
      const timeZone = timeZoneOf(programme);
      const span = { from: startOfDate(day, timeZone), until: endOfDate(day, timeZone) };
      const found = await listBookings(pool, { merchant, store }, span, after, limit + 1);
      const page = found.slice(0, limit);
      const ids = page.map(({ redemption }) => redemption);
      const [redemptions, visits] = await Promise.all([
        readRedemptions(pool, ids),
        countVisits(pool, ids),
      ]);
      const at = programmes.programmeClock(programme);
      const items = ids.flatMap((id) => {
        const redemption = redemptions.get(id);
        // Moved or cancelled in between, it is shown where it was.
        if (redemption === undefined || !isBooked(redemption)) return [];
        return showBooking(redemption, visits.get(id) ?? { booked: 0, came: 0 }, at);
      });
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor =
        last === undefined ? null : writeCursor(LIST, [last.startsAt, last.redemption]);
      return reply.code(200).send({ items, nextCursor });
    },
  );
}

/** Undefined: the cursor is none of this list. */
function readPosition(cursor: string | undefined): BookingPosition | null | undefined {
  if (cursor === undefined) return null;
  const [startsAt, redemption] = readCursor(LIST, cursor) ?? [];
  return typeof startsAt === 'number' && typeof redemption === 'string' && isUuid(redemption)
    ? { startsAt, redemption }
    : undefined;
}
