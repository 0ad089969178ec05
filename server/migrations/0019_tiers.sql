-- Tiers of members: what a programme asks for them, what each member did day by day, and who is in which.

-- What tiers a programme has and how they are reached: only ever inserted. At an instant the version of the greatest
-- number holds that begins by then, so that what held in the past never changes.
create table tier_scheme (
  programme int not null references programme,
  number int not null check (number > 0),
  body json not null,
  -- By the programme's clock.
  from_ms bigint not null,
  -- How it compares with what held before, with reasons, and the days of notice that this made necessary.
  comparison json not null,
  notice_days int not null check (notice_days >= 0),
  published_at_ms bigint not null,
  published_by uuid not null,
  primary key (programme, number),
  -- tiers/publish-scheme.ts: every process knows that a programme has tiers before the first scheme counts.
  check (from_ms >= published_at_ms + 10000)
);

-- What is counted of each order: only what it is worth now less this is added to its day, so that it can be counted
-- again at any time.
create table tier_counted (
  order_id uuid primary key,
  programme int not null,
  member uuid not null,
  -- By the programme's time zone.
  day date not null,
  spend_fen bigint not null check (spend_fen >= 0),
  points bigint not null check (points >= 0)
) with (fillfactor = 90);

-- What is left of a member's orders of one day. Not checked to be above zero: what a return takes back is
-- offered to the table as a negative row before it is added to the one that is there.
create table tier_day (
  programme int not null,
  member uuid not null,
  day date not null,
  spend_fen bigint not null,
  -- Of which something paid is left.
  orders int not null,
  points bigint not null,
  primary key (programme, member, day)
) with (fillfactor = 80);

-- Which tier a member is in. Whoever counts or reviews a member holds this row.
create table member_tier (
  programme int not null,
  member uuid not null,
  -- Null: none.
  tier text,
  since_ms bigint,
  -- The first day on which it is not deserved any more, as far as is known; grace comes after it.
  until_day date,
  -- One step down it is kept, deserved or not, until then.
  kept boolean not null default false,
  -- When it was announced that it will be lost.
  noticed_day date,
  -- Given by hand: at least this tier, until before this day.
  floor_tier text,
  floor_until_day date,
  -- When to look again; null: nothing will change by time alone.
  next_at_ms bigint,
  primary key (programme, member),
  check ((tier is null) = (since_ms is null) and (tier is null) = (until_day is null)),
  check ((floor_tier is null) = (floor_until_day is null))
) with (fillfactor = 80);
create index member_tier_next on member_tier (programme, next_at_ms);

-- Who got and lost which tier, when and why: only ever inserted.
create table tier_change (
  programme int not null,
  member uuid not null,
  number bigint generated always as identity,
  -- By the programme's clock.
  at_ms bigint not null,
  kind text not null check (kind in ('reached', 'given', 'announced', 'lost', 'scheme')),
  from_tier text,
  -- Of an announcement: what it will be.
  to_tier text,
  -- The first day on which it is not deserved any more; of an announcement, on which it is lost.
  until_day date,
  -- The version of the scheme that decided.
  scheme int not null,
  -- Of what was given by hand.
  reason text,
  actor text,
  changed_by uuid,
  primary key (programme, member, number),
  check ((kind = 'given') = (reason is not null) and (reason is null) = (actor is null) and (actor is null) = (changed_by is null))
);
create index tier_change_in_force on tier_change (programme, member, at_ms, number) where kind <> 'announced';

-- How far the walks of each programme came: over all orders, which are counted once more, and over all members when
-- another scheme begins to hold.
create table tier_walk (
  programme int primary key,
  orders_after uuid not null,
  -- How often all orders were counted; and the orders that a later walk had to correct.
  rounds int not null,
  corrected bigint not null,
  -- The version that all members were reviewed by, but for those after `members_after`.
  scheme int not null,
  members_after uuid not null
);
