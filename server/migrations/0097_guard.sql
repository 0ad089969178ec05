-- Who drains whom: what pairs of merchants did, what who takes points took day by day, and the alerts that come of it.

-- How far the accruals of a shard were counted.
create table guard_walk (
  shard smallint primary key,
  seq bigint not null
);

-- What points of a payer a taker has taken, less what came back. Counted from ledger.accrual.
create table guard_pair (
  programme int not null,
  point_type int not null,
  payer uuid not null,
  taker uuid not null,
  points bigint not null,
  last_at_ms bigint not null,
  primary key (programme, point_type, payer, taker)
) with (fillfactor = 70);

-- What a taker took in a day of the programme's time zone; days beyond sixty are forgotten.
create table guard_day (
  programme int not null,
  point_type int not null,
  taker uuid not null,
  day date not null,
  points bigint not null,
  primary key (programme, point_type, taker, day)
) with (fillfactor = 70);

create table guard_alert (
  number bigint generated always as identity primary key,
  programme int not null references programme,
  point_type int not null references point_type,
  kind text not null check (kind in ('negative_margin', 'drain', 'quota_near')),
  -- Who takes the points that it is about; the nil merchant stands for all that go by the standard terms.
  taker uuid not null,
  facts jsonb not null,
  first_seen_ms bigint not null,
  last_seen_ms bigint not null,
  -- Since then it does not hold any more.
  resolved_at_ms bigint,
  acknowledged_at_ms bigint,
  acknowledged_by uuid,
  actor text,
  reason text,
  check ((acknowledged_at_ms is null) = (reason is null) and (reason is null) = (actor is null)
    and (reason is null) = (acknowledged_by is null))
);
-- One at a time of a kind; one that comes back after it was over is a new one.
create unique index guard_alert_open on guard_alert (programme, point_type, kind, taker) where resolved_at_ms is null;
create index guard_alert_programme on guard_alert (programme, number);
