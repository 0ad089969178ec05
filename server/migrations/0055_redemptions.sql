-- Points redeemed for rewards. A redemption is recorded first; steps that can each be repeated bring it to its end. Which
-- rewards there are, and who may have them, is the catalogue's; what was agreed stands here once more.

-- How much there is of a reward. A reward without a row has no limit; its row comes with the first redemption.
create table reward_stock (
  reward uuid primary key,
  -- Null: without limit.
  total bigint check (total >= 0),
  -- Set aside for redemptions that are under way, and given out for good.
  reserved bigint not null default 0 check (reserved >= 0),
  sold bigint not null default 0 check (sold >= 0),
  constraint reward_stock_enough check (reserved + sold <= total)
) with (fillfactor = 50);

-- What limits of a member and quotas of a merchant have counted, by reward and period; freed when a redemption does not come to pass.
create table reward_count (
  name text primary key,
  used bigint not null check (used >= 0)
) with (fillfactor = 50);

create table redemption (
  -- Carries the member's shard.
  id uuid primary key,
  programme int not null,
  member uuid not null,
  reward uuid not null,
  -- The terms it was made by, and the promotion that made it cheaper.
  reward_version uuid not null,
  promotion_version uuid,
  price_option smallint not null check (price_option >= 0),
  quantity int not null check (quantity > 0),
  -- Who hands it out, and gets the points.
  merchant uuid not null,
  store text,
  -- What it costs, a part for each type of points: its number, points, the ids of its hold and of its capture.
  parts jsonb not null,
  -- What of the terms it goes by to its end, whatever becomes of the reward.
  terms jsonb not null,
  -- What it counts on besides the stock: names in reward_count, units and maxima.
  counts jsonb not null,
  state text not null check (state in ('recorded', 'reserved', 'held', 'confirmed', 'fulfilled', 'refusing', 'refused',
    'timing_out', 'timed_out', 'cancelling', 'cancelled')),
  -- Why it was refused: code, message and facts.
  refusal json check ((refusal is not null) = (state in ('refusing', 'refused'))),
  -- By the programme's clock: when it was asked for, until when it must be confirmed, and when it was.
  asked_at_ms bigint not null,
  deadline_ms bigint not null check (deadline_ms > asked_at_ms),
  confirmed_at_ms bigint,
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null,
  check (state not in ('confirmed', 'fulfilled') or confirmed_at_ms is not null),
  check (state not in ('recorded', 'reserved', 'held', 'timing_out', 'timed_out') or confirmed_at_ms is null)
) with (fillfactor = 80);
create index redemption_member on redemption (member, id);
create index redemption_merchant on redemption (merchant, id);
