-- Corrections of what was closed, which fall into the next period, and what merchants dispute.

-- Only ever inserted.
create table clearing_adjustment (
  id uuid primary key,
  programme int not null references programme,
  -- Who pays whom; the nil merchant is the platform.
  payer uuid not null,
  payee uuid not null check (payee <> payer),
  fen bigint not null check (fen > 0),
  reason text not null,
  evidence text,
  evidence_hash bytea check (length(evidence_hash) = 32),
  -- What it settles; null: the operator's own.
  dispute uuid,
  -- It counts only once a second person agreed.
  needs_second boolean not null,
  actor text not null,
  made_by uuid not null,
  made_at_ms bigint not null
);
create index clearing_adjustment_programme on clearing_adjustment (programme, id);

-- What the second person said. Only ever inserted.
create table clearing_adjustment_decision (
  adjustment uuid primary key references clearing_adjustment,
  approved boolean not null,
  actor text not null,
  decided_by uuid not null,
  decided_at_ms bigint not null
);

-- The period that an adjustment fell into: written by the close, once. Only ever inserted.
create table clearing_adjusted (
  adjustment uuid primary key references clearing_adjustment,
  period uuid not null references clearing_period
);
create index clearing_adjusted_period on clearing_adjusted (period);

create table dispute (
  id uuid primary key,
  programme int not null references programme,
  period uuid not null references clearing_period,
  -- Who disputes, and with whom; the nil merchant is the platform.
  merchant uuid not null,
  other uuid not null check (other <> merchant),
  payer uuid not null,
  taker uuid not null,
  point_type int not null,
  -- The one line that is disputed; null: the whole pair.
  shard smallint,
  seq bigint,
  place smallint,
  fen bigint not null check (fen > 0),
  reason text not null,
  raised_at_ms bigint not null,
  -- When the operator is to have decided.
  due_at_ms bigint not null,
  raised_by uuid not null,
  actor text not null,
  state text not null default 'open' check (state in ('open', 'escalated', 'upheld', 'rejected', 'withdrawn')),
  ended_at_ms bigint,
  upheld_fen bigint check (upheld_fen between 1 and fen),
  check (num_nulls(shard, seq, place) in (0, 3)),
  check ((ended_at_ms is not null) = (state in ('upheld', 'rejected', 'withdrawn'))),
  check ((upheld_fen is not null) = (state = 'upheld'))
) with (fillfactor = 80);
create index dispute_programme on dispute (programme, id);
create index dispute_due on dispute (programme, due_at_ms) where state = 'open';
-- One at a time about the same thing.
create unique index dispute_about on dispute (period, merchant, payer, taker, point_type, coalesce(shard, -1), coalesce(seq, -1), coalesce(place, -1))
  where state in ('open', 'escalated');
alter table clearing_adjustment add foreign key (dispute) references dispute;
create unique index clearing_adjustment_dispute on clearing_adjustment (dispute);

-- What was said and shown. Only ever inserted.
create table dispute_step (
  dispute uuid not null references dispute,
  number int not null check (number > 0),
  kind text not null check (kind in ('raised', 'evidence', 'escalated', 'upheld', 'rejected', 'withdrawn')),
  -- Whose word it is; the nil merchant is the operator.
  merchant uuid not null,
  text text not null,
  file_name text,
  file_hash bytea check (length(file_hash) = 32),
  fen bigint,
  actor text not null,
  -- Null: the clock.
  made_by uuid,
  at_ms bigint not null,
  check ((file_name is null) = (file_hash is null)),
  primary key (dispute, number)
);
