-- Orders and returns of goods, and what they are worth in points. Members and merchants are checked by
-- the use cases before anything is written: a foreign key would lock the row of a busy merchant once
-- per order, and neither members nor merchants are ever deleted.

create sequence order_arrival;

create table orders (
  -- Carries the member's shard, and is also the id of the order's earn in the ledger.
  id uuid primary key,
  -- The order in which orders reached us; a return takes goods from the latest first.
  arrival bigint not null,
  programme int not null,
  point_type int not null,
  merchant uuid not null,
  member uuid not null,
  order_no text not null,
  paid_at_ms bigint not null,
  -- When the earn counts; null: when the ledger gets it. Kept so that a retry sends the same command.
  effective_at_ms bigint,
  -- One file or till journal, in which line numbers are places.
  source text,
  -- The ratio of the day: a return computes with it, whatever the merchant's is by then.
  earn_points bigint not null,
  earn_per_fen bigint not null,
  net_fen bigint not null check (net_fen >= 0),
  points_earned bigint not null check (points_earned >= 0),
  -- What returns have left of the two above.
  due_fen bigint not null check (due_fen between 0 and net_fen),
  points_due bigint not null check (points_due between 0 and points_earned),
  -- Why an order earned nothing.
  no_points_reason text check ((points_earned = 0) = (no_points_reason is not null)),
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null,
  unique (merchant, order_no)
) with (fillfactor = 90);
create index orders_member on orders (member, merchant, arrival);

create table order_line (
  order_id uuid not null,
  line_no int not null,
  sku text not null,
  name text,
  category text,
  quantity int not null check (quantity > 0),
  amount_fen bigint not null check (amount_fen >= 0),
  -- How many of them came back so far.
  returned int not null default 0 check (returned between 0 and quantity),
  primary key (order_id, line_no)
) with (fillfactor = 95);

create table goods_return (
  id uuid primary key,
  programme int not null,
  point_type int not null,
  merchant uuid not null,
  member uuid not null,
  return_no text not null,
  -- The order the caller named; null when the goods were matched.
  order_id uuid,
  returned_at_ms bigint not null,
  effective_at_ms bigint,
  source text,
  -- The programme's policy of the day, for a retry.
  policy text not null check (policy in ('pending_only', 'within_balance', 'debt')),
  -- The orders this return touched, and what each was worth before and after.
  orders uuid[] not null,
  points_before bigint[] not null,
  points_after bigint[] not null,
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null,
  unique (merchant, return_no)
);
create index goods_return_member on goods_return (member, merchant);

-- One row for each part of an asked line that was matched, and one for the rest that was not.
create table return_line (
  return_id uuid not null,
  -- The asked line's place in the request, from 0, and the part's place within it.
  place int not null,
  part int not null,
  -- As asked: absent when the goods were named by sku alone.
  line_no int,
  sku text not null,
  quantity int not null check (quantity > 0),
  -- Where it was matched; null: nowhere.
  order_id uuid,
  order_line int,
  primary key (return_id, place, part),
  check ((order_id is null) = (order_line is null))
);

-- What was recorded here and is not known to be in the ledger yet: 1 an order's earn, 2 a return's
-- claw-back, 3 an approved adjustment. A row is removed once the ledger has answered; the settle job
-- sends again what a crash left behind. Apart from the facts so that these never have to be updated.
create table unsettled (
  id uuid primary key,
  kind smallint not null,
  since_ms bigint not null
);
create index unsettled_since on unsettled (kind, since_ms);

-- Adjustments above a programme's limit: proposed by one key, applied when another approves.
create table adjustment_proposal (
  -- Carries the member's shard, and is also the id of the adjustment in the ledger.
  id uuid primary key,
  programme int not null,
  point_type int not null,
  member uuid not null,
  merchant uuid not null,
  points bigint not null check (points <> 0),
  reason text not null,
  reference text,
  actor text not null,
  expires_at_ms bigint,
  proposed_by uuid not null,
  proposed_at_ms bigint not null,
  approved_by uuid check (approved_by <> proposed_by),
  approved_at_ms bigint,
  check ((approved_by is null) = (approved_at_ms is null))
);
