import { addDays } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Count, Redemption } from '../redemption.ts';
import type { Booking } from './booking.ts';

/** A redemption of something that is booked. */
export type BookedRedemption = Redemption & { readonly particulars: Booking };

export const isBooked = (each: Redemption): each is BookedRedemption =>
  each.particulars?.kind === 'booking';

/** A day before at the same hour; null: that is over already, and who books so late needs no reminder. */
export function remindAt({ startsAt }: Booking, now: Instant, timeZone: string): Instant | null {
  const at = addDays(startsAt, -1, timeZone);
  return at > now ? at : null;
}

/** Writes down what was booked, in the transaction in which it is handed out. */
export async function insertBookings(
  tx: Transaction,
  list: readonly BookedRedemption[],
  timeZoneOf: (programme: number) => string,
): Promise<void> {
  await tx.query({
    name: 'bookings-insert',
    text: `insert into booking (redemption, programme, member, merchant, store, day, slot, until_day, starts_at_ms, ends_at_ms, remind_at_ms)
      select * from unnest($1::uuid[], $2::int4[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::int8[], $10::int8[], $11::int8[])`,
    values: [
      uuids(list, (each) => each.id),
      int4s(list, (each) => each.programme),
      uuids(list, (each) => each.member),
      uuids(list, (each) => each.merchant),
      texts(list, (each) => each.store),
      texts(list, (each) => each.particulars.day),
      texts(list, (each) => each.particulars.slot),
      texts(list, (each) => each.particulars.until),
      int8s(list, (each) => each.particulars.startsAt),
      int8s(list, (each) => each.particulars.endsAt),
      int8s(list, (each) =>
        remindAt(each.particulars, each.confirmedAt ?? each.askedAt, timeZoneOf(each.programme)),
      ),
    ],
  });
}

/** Writes that a booking is at another time now, all that hangs on it with it. Its redemption and shelves are locked. */
export async function writeMove(
  tx: Transaction,
  before: BookedRedemption,
  now: BookedRedemption,
  move: {
    readonly id: Uuid;
    readonly at: Instant;
    readonly by: Uuid;
    readonly remindAt: Instant | null;
    readonly vouchers: { readonly countsFrom: Instant | null; readonly expiresAt: Instant };
  },
): Promise<void> {
  const { id, particulars, counts } = now;
  const { day, slot, until, startsAt, endsAt } = particulars;
  await tx.query('update redemption set particulars = $2, counts = $3 where id = $1', [
    ...[id, JSON.stringify(particulars), JSON.stringify(counts satisfies readonly Count[])],
  ]);
  await tx.query(
    `update booking set day = $2, slot = $3, until_day = $4, starts_at_ms = $5, ends_at_ms = $6, remind_at_ms = $7
      where redemption = $1`,
    [id, day, slot, until, startsAt, endsAt, move.remindAt],
  );
  await tx.query(
    'update voucher set counts_from_ms = $2, expires_at_ms = $3 where redemption = $1',
    [id, move.vouchers.countsFrom, move.vouchers.expiresAt],
  );
  await tx.query(
    `insert into booking_move (id, redemption, from_day, from_slot, to_day, to_slot, at_ms, moved_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[move.id, id, before.particulars.day, before.particulars.slot, day, slot],
      ...[move.at, move.by],
    ],
  );
}

/** Where a page of a merchant's bookings begins. */
export interface BookingPosition {
  readonly startsAt: Instant;
  readonly redemption: Uuid;
}

/** Bookings of a merchant that begin in [from, until), those of one store if it is named, by their times. Those that were cancelled or given back are not among them. */
export async function listBookings(
  sql: Sql,
  at: { readonly merchant: Uuid; readonly store: string | null },
  span: { readonly from: Instant; readonly until: Instant },
  after: BookingPosition | null,
  limit: number,
): Promise<BookingPosition[]> {
  const { rows } = await sql.query<BookingPosition>({
    name: 'bookings-of-merchant',
    text: `select b.redemption, b.starts_at_ms as "startsAt" from booking b join redemption r on r.id = b.redemption
      where b.merchant = $1 and ($2::text is null or b.store = $2) and b.starts_at_ms >= $3 and b.starts_at_ms < $4
        and r.state = 'fulfilled' and r.returned < r.quantity and (b.starts_at_ms, b.redemption) > ($5, $6::uuid)
      order by b.starts_at_ms, b.redemption limit $7`,
    values: [
      ...[at.merchant, at.store, span.from, span.until],
      ...[after?.startsAt ?? Number.MIN_SAFE_INTEGER, after?.redemption ?? FIRST, limit],
    ],
  });
  return rows;
}

/** How many codes each of these bookings has, and how many of them were used. */
export async function countVisits(
  sql: Sql,
  redemptions: readonly Uuid[],
): Promise<Map<Uuid, { readonly booked: number; readonly came: number }>> {
  const { rows } = await sql.query<{ redemption: Uuid; booked: number; came: number }>({
    name: 'bookings-visits',
    text: `select redemption, count(*)::int4 as booked, (count(*) filter (where state = 'used'))::int4 as came
      from voucher where redemption = any ($1::uuid[]) and state <> 'void' group by redemption`,
    values: [uuids(redemptions)],
  });
  return new Map(rows.map(({ redemption, ...visits }) => [redemption, visits]));
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Bookings of a programme whose members are to be reminded by now, but none of these. */
export async function readReminders(
  sql: Sql,
  programme: number,
  now: Instant,
  but: readonly Uuid[],
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ redemption: Uuid }>({
    name: 'bookings-to-remind',
    text: `select redemption from booking where programme = $1 and remind_at_ms <= $2 and redemption <> all ($3::uuid[])
      order by remind_at_ms, redemption limit $4`,
    values: [programme, now, uuids(but), limit],
  });
  return rows.map(({ redemption }) => redemption);
}

/** Notes that nobody is to be reminded of these any more; answers those of which it is so since just now. */
export async function takeReminders(
  tx: Transaction,
  list: readonly Uuid[],
  now: Instant,
): Promise<Set<Uuid>> {
  const { rows } = await tx.query<{ redemption: Uuid }>({
    name: 'bookings-reminded',
    // Moved since, it may not be due any more.
    text: `update booking set remind_at_ms = null where redemption = any ($1::uuid[]) and remind_at_ms <= $2 returning redemption`,
    values: [uuids(list), now],
  });
  return new Set(rows.map(({ redemption }) => redemption));
}
