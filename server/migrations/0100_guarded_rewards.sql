-- Which rewards take points where they cost most.

-- What was taken for a reward at a taker in a day of the programme's time zone, and what that was worth, in micro-fen: counted from
-- ledger.accrual with guard_day; days beyond sixty are forgotten. The nil reward: points that were taken for none.
create table guard_reward_day (
  programme int not null,
  point_type int not null,
  reward uuid not null,
  taker uuid not null,
  day date not null,
  points bigint not null,
  owed numeric(38, 0) not null,
  due numeric(38, 0) not null,
  fee numeric(38, 0) not null,
  primary key (programme, point_type, reward, taker, day)
) with (fillfactor = 70);
create index guard_reward_day_programme on guard_reward_day (programme, day);

-- The sums of thirty days, made again every hour, so that who looks adds nothing up.
create table guard_reward (
  programme int not null,
  point_type int not null,
  reward uuid not null,
  taker uuid not null,
  points bigint not null,
  -- Points of the thirty days before those.
  before bigint not null,
  owed numeric(38, 0) not null,
  due numeric(38, 0) not null,
  fee numeric(38, 0) not null,
  margin numeric(38, 0) not null generated always as (owed - due + fee) stored,
  -- Of all rewards and takers, and of all rewards of this taker.
  all_points bigint not null,
  taker_points bigint not null,
  taker_before bigint not null,
  taker_margin numeric(38, 0) not null,
  primary key (programme, point_type, reward, taker)
);
create index guard_reward_margin on guard_reward (programme, margin, point_type, reward, taker);

-- When they were made, by the programme's clock.
create table guard_refresh (
  programme int primary key references programme,
  at_ms bigint not null
);

alter table guard_alert
  -- What the points are taken for; the nil reward: the alert is about no reward.
  add column reward uuid not null default '00000000-0000-0000-0000-000000000000',
  drop constraint guard_alert_kind_check,
  add constraint guard_alert_kind_check check (kind in ('negative_margin', 'drain', 'reward_drain', 'quota_near'));
drop index guard_alert_open;
create unique index guard_alert_open on guard_alert (programme, point_type, kind, taker, reward) where resolved_at_ms is null;

-- All is counted again from the beginning, now by reward too.
truncate guard_walk, guard_pair, guard_day;
