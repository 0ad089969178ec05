-- Periods of clearing, between two cuts of the ledger, and what merchants owe each other in them. Amounts end in
-- _fen, or are micro-fen.

create table clearing_period (
  id uuid primary key,
  programme int not null references programme,
  number int not null check (number > 0),
  -- [from_ms, until_ms) by effective time; what came late stands in the period in which it was recorded.
  from_ms bigint not null,
  until_ms bigint not null check (until_ms > from_ms),
  cut uuid not null,
  state text not null check (state in ('closing', 'closed')),
  closed_at_ms bigint,
  -- SHA-256 of the figures' CSV.
  figures_hash bytea,
  check ((state = 'closed') = (closed_at_ms is not null and figures_hash is not null)),
  unique (programme, number)
);

-- What one merchant owes for points that another took, of one point type. The carries are what rounding left over, which
-- the next period begins with: nothing is ever lost.
create table clearing_pair (
  period uuid not null references clearing_period,
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
  carry_owed bigint not null,
  carry_due bigint not null,
  carry_fee bigint not null,
  primary key (period, payer, taker, point_type)
);

-- What each merchant receives (above zero) or pays in all; the nil merchant is the platform. They sum to zero.
create table clearing_position (
  period uuid not null references clearing_period,
  merchant uuid not null,
  owed_fen bigint not null,
  due_fen bigint not null,
  fee_fen bigint not null,
  adjusted_fen bigint not null,
  net_fen bigint not null,
  primary key (period, merchant)
);
