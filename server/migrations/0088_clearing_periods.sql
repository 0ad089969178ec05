-- Periods of clearing, between two cuts of the ledger, and what merchants owe each other in them. Amounts end in
-- _fen, or are micro-fen. Of a period that is closed nothing changes any more; docs/clearing.md.

create table clearing_period (
  id uuid primary key,
  programme int not null references programme,
  number int not null check (number > 0),
  -- What takes effect in [from_ms, until_ms). What came late takes effect when the cut let it: in the period it was recorded in.
  from_ms bigint not null,
  until_ms bigint not null check (until_ms > from_ms),
  cut uuid not null,
  -- By the programme's clock, as closed_at_ms.
  begun_at_ms bigint not null,
  state text not null default 'closing' check (state in ('closing', 'closed')),
  closed_at_ms bigint,
  -- SHA-256 of the figures' CSV.
  figures_hash bytea check (length(figures_hash) = 32),
  -- The sum of all positions.
  sum_fen numeric(38, 0) constraint clearing_sums_to_zero check (sum_fen = 0),
  check ((state = 'closed') = (closed_at_ms is not null and figures_hash is not null and sum_fen is not null)),
  check (num_nulls(closed_at_ms, figures_hash, sum_fen) in (0, 3)),
  unique (programme, number),
  unique (programme, until_ms)
);
create index clearing_period_closing on clearing_period (programme, number) where state = 'closing';

-- Where a period's accruals are in each shard: from from_seq up to its marker, beside those of the next period that were
-- recorded before the marker, the first of them at next_seq.
create table clearing_slice (
  period uuid not null references clearing_period,
  shard smallint not null,
  from_seq bigint not null,
  until_seq bigint not null check (until_seq >= from_seq),
  next_seq bigint not null check (next_seq between from_seq and until_seq),
  primary key (period, shard)
);

-- What one merchant owes for points that another took, of one point type. The carries are what rounding left over, which
-- the next period begins with: nothing is ever lost. A pair that only carries has no points. Written only by the transaction
-- that has its period locked: to check that for each of 250,000 rows would take as long as all the rest of writing them.
create table clearing_pair (
  period uuid not null,
  payer uuid not null,
  taker uuid not null,
  point_type int not null,
  points bigint not null,
  owed numeric(38, 0) not null,
  due numeric(38, 0) not null,
  fee numeric(38, 0) not null,
  owed_fen bigint not null,
  due_fen bigint not null,
  fee_fen bigint not null,
  carry_owed int not null check (abs(carry_owed) < 1000000),
  carry_due int not null check (abs(carry_due) < 1000000),
  carry_fee int not null check (abs(carry_fee) < 1000000),
  primary key (period, payer, taker, point_type)
);
-- Not by the period first: what has just been written is read in its order, before the planner knows how much it is.
create index clearing_pair_taker on clearing_pair (taker, period);

-- What each merchant receives (above zero) or pays in all; the nil merchant is the platform, which receives what payers owe
-- and the fees, and pays what is due. They sum to zero.
create table clearing_position (
  period uuid not null references clearing_period,
  merchant uuid not null,
  owed_fen bigint not null,
  due_fen bigint not null,
  fee_fen bigint not null,
  adjusted_fen bigint not null,
  net_fen bigint not null check (net_fen = due_fen - owed_fen - fee_fen + adjusted_fen),
  primary key (period, merchant)
);
create index clearing_position_merchant on clearing_position (merchant, period);
