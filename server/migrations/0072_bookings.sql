-- What redemptions booked: for the list of a merchant's day, and for the reminder of the day before. What is booked stands in the
-- redemption; its places are counted in reward_count.
create table booking (
  redemption uuid primary key references redemption,
  programme int not null,
  member uuid not null,
  merchant uuid not null,
  store text,
  -- The day (of nights that of arrival), the slot of it (null: all of it), and of nights the day of departure.
  day text not null,
  slot text,
  until_day text,
  starts_at_ms bigint not null,
  ends_at_ms bigint not null check (ends_at_ms > starts_at_ms),
  -- When its member is to be reminded; null: they were, or need not be.
  remind_at_ms bigint
) with (fillfactor = 80);
create index booking_merchant on booking (merchant, starts_at_ms, redemption);
create index booking_reminder on booking (programme, remind_at_ms, redemption) where remind_at_ms is not null;

-- From when on what was moved is somewhere else: kept as written.
create table booking_move (
  id uuid primary key,
  redemption uuid not null references redemption,
  from_day text not null,
  from_slot text,
  to_day text not null,
  to_slot text,
  at_ms bigint not null,
  moved_by uuid not null
);
create index booking_move_redemption on booking_move (redemption, id);

-- A voucher of a booking counts only around its time; null: at once.
alter table voucher add column counts_from_ms bigint;
