-- Sums of the ledger by day, for pages that ask again and again: what was issued, redeemed, lapsed and is outstanding, and how many
-- members were active. Nothing here is a fact: all of it can be deleted at once, and is then counted again from the first entry.

-- The first entry of a shard that was not counted yet.
create table insight_walk (
  shard smallint primary key,
  next_seq bigint not null
);

-- What entries did that took effect on a day of the programme's time zone; the nil merchant has the sums of all. Sums may pass 2^63.
create table insight_day (
  programme int not null,
  merchant uuid not null,
  point_type int not null,
  day date not null,
  -- Where it gave points: given, taken back by returns, corrected by hand (up less down), in how many transactions given.
  issued numeric(38, 0) not null,
  returned numeric(38, 0) not null,
  adjusted numeric(38, 0) not null,
  earns bigint not null,
  -- Where it took points: taken, given back, of the taken less the given back those for donations, in how many transactions taken.
  redeemed numeric(38, 0) not null,
  refunded numeric(38, 0) not null,
  donated numeric(38, 0) not null,
  redemptions bigint not null,
  -- Of points that it issued, wherever that was: used less given back, lapsed less recovered, given away by members less come back,
  -- turned into points of another type.
  used numeric(38, 0) not null,
  expired numeric(38, 0) not null,
  transferred numeric(38, 0) not null,
  converted numeric(38, 0) not null,
  -- By how much what members have of them changed; how many of these have a unit cost, and what they cost, in micro-fen.
  outstanding numeric(38, 0) not null,
  priced numeric(38, 0) not null,
  cost_micro numeric(38, 0) not null,
  primary key (programme, merchant, point_type, day)
) with (fillfactor = 70);

-- When members earned or redeemed of late, so that nobody is counted twice in a day or a month: the newest day, and a bit for it and for
-- each of the 61 days before it (1: itself); the same of months, numbered from year 0. A row is written by its member's shard alone.
create table insight_active (
  programme int not null,
  merchant uuid not null,
  member uuid not null,
  day date not null,
  days bigint not null,
  month int not null,
  months bigint not null,
  primary key (programme, merchant, member)
) with (fillfactor = 80);

-- How many members that were in a day (d), or in the month that begins with it (m).
create table insight_active_count (
  programme int not null,
  merchant uuid not null,
  unit "char" not null check (unit in ('d', 'm')),
  day date not null,
  members bigint not null,
  primary key (programme, merchant, unit, day)
) with (fillfactor = 70);
