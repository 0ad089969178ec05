-- The ledger. Only the functions in ledger/ read or write this schema. docs/ledger.md explains it.
-- Instants are milliseconds since the Unix epoch; null expires_at_ms means never.
-- Blocks, transactions and entries are only ever inserted. Accounts, lots, holds, debts and counters
-- are what those facts add up to, kept beside them, and `hongmi verify` replays the one into the other.
-- Where a table has several indexes, none of them begins with the shard: plans are made once, often while
-- a table is empty, and an index that could answer `shard = ?` alone then looks as good as the right one.

create schema ledger;

create table ledger.setting (
  id boolean primary key default true check (id),
  ledger_id uuid not null default gen_random_uuid(),
  -- Logical shards, fixed when the ledger is made: a member's shard must never move.
  shards smallint not null check (shards between 1 and 256),
  format smallint not null default 1 check (format = 1)
);

-- One row per shard: the head of its chain. A batch is appended by moving the head from the block
-- its decisions were based on, so the chain itself is the concurrency control.
create table ledger.head (
  shard smallint primary key,
  block bigint not null,
  entries bigint not null,
  hash bytea not null check (length(hash) = 32),
  recorded_at_ms bigint not null
) with (fillfactor = 20);

create table ledger.block (
  shard smallint not null,
  number bigint not null check (number > 0),
  format smallint not null check (format = 1),
  recorded_at_ms bigint not null,
  previous_hash bytea not null check (length(previous_hash) = 32),
  merkle_root bytea not null check (length(merkle_root) = 32),
  hash bytea not null check (length(hash) = 32),
  -- The block's transactions in order.
  transactions uuid[] not null check (cardinality(transactions) > 0),
  entry_first bigint not null,
  entries int not null check (entries >= 0),
  primary key (shard, number)
);

create table ledger.transaction (
  shard smallint not null,
  id uuid not null,
  block bigint not null,
  position int not null,
  key text not null,
  fingerprint bytea not null,
  -- 1 issue 2 burn 3 hold 4 capture 5 release 6 expire 7 mature 8 return 9 refund 10 adjust
  -- 11 transfer_out 12 transfer_in 13 transfer_return 14 convert 15 cut 16 claw_back
  kind smallint not null,
  programme int not null,
  point_type int not null,
  member uuid not null,
  -- Points asked for, or granted where limits trimmed them; negative only for a downward adjustment.
  points bigint not null,
  effective_at_ms bigint not null,
  merchant uuid,
  -- The transaction this one acts on: the hold captured, the earn returned, the burn refunded.
  subject uuid,
  -- Where it came from: 1 an order, 2 a return of goods, 3 a transfer, 4 a move of a merge; more kinds as features grow.
  source_kind smallint,
  source uuid,
  -- null when applied; otherwise why not. A refusal is an answer, so it is recorded and chained too.
  refusal text,
  refusal_facts text check (refusal is not null or refusal_facts is null),
  -- free + held − debt of the member's account after this transaction.
  balance_after bigint not null,
  entry_first bigint not null,
  entries int not null,
  -- Key, free text and references stand in the clear beside the chain, which holds only
  -- commitment = sha256(salt ‖ fingerprint ‖ key ‖ 0x00 ‖ detail).
  detail text,
  salt bytea not null,
  commitment bytea not null,
  -- What the block's Merkle tree holds for this transaction.
  leaf bytea not null,
  -- What an applied transaction was counted on with its points, part of its leaf; null: nothing.
  marks text[],
  primary key (id, shard),
  unique (key, shard)
);
create index transaction_member on ledger.transaction (member, block, position);
create index transaction_subject on ledger.transaction (subject) where subject is not null;
create index transaction_source on ledger.transaction (source) where source is not null;

create table ledger.entry (
  shard smallint not null,
  seq bigint not null,
  transaction uuid not null,
  -- 1 issue 2 take 3 pin 4 unpin 5 capture 6 expire 7 mature 8 recover 9 recover_expired 10 owe
  -- 11 repay 12 restore 13 extend 14 overdraw
  kind smallint not null,
  programme int not null,
  point_type int not null,
  -- 1 member 2 held 3 debt 4 issuer 5 acquirer 6 breakage 7 adjustment
  -- 8 in_transit 9 conversion (10 fund: next); 0 where no points move
  from_role smallint not null,
  from_owner uuid,
  to_role smallint not null,
  to_owner uuid,
  points bigint not null check (points >= 0),
  lot uuid not null,
  -- The other thing named: the hold of a pin, what a debt is about, whom a lot was sent to or where one came from.
  ref uuid,
  -- The new expiry that an extend gives; when a pin's hold releases itself.
  expires_at_ms bigint,
  -- What this entry is worth between merchants, in micro-fen, by the terms of its date.
  issuer_value bigint,
  acquirer_value bigint,
  primary key (shard, seq)
);
create index entry_lot on ledger.entry (lot, seq);

create table ledger.lot (
  shard smallint not null,
  id uuid not null,
  seq bigint not null,
  transaction uuid not null,
  programme int not null,
  point_type int not null,
  member uuid not null,
  issuer uuid not null,
  -- Who pays for the lot and in what proportion; null: the issuer alone.
  funders uuid[],
  funder_shares bigint[],
  rule_version uuid,
  evidence bytea,
  -- What one point costs its funder, in micro-fen, by the terms of the day it was issued.
  unit_cost bigint,
  available_at_ms bigint not null,
  made_expires_at_ms bigint,
  expires_at_ms bigint,
  -- Points granted, of which `repaid` went to debts at once and `amount` became the lot.
  issued bigint not null check (issued > 0),
  amount bigint not null check (amount between 0 and issued),
  remaining bigint not null check (remaining between 0 and amount),
  held bigint not null default 0 check (held between 0 and remaining),
  expired bigint not null default 0 check (expired between 0 and amount),
  expired_recovered bigint not null default 0 check (expired_recovered between 0 and expired),
  returned bigint not null default 0 check (returned between 0 and issued),
  -- Not yet available; cleared by the maturing sweep. Whether points can be spent is decided by time alone.
  pending boolean not null,
  open boolean not null check (open = (remaining > 0)),
  primary key (id, shard)
) with (fillfactor = 80);
-- The order in which points are spent. WHERE open keeps updates of `remaining` heap-only.
create index lot_open on ledger.lot (member, point_type, expires_at_ms, seq) where open;
create index lot_due on ledger.lot (shard, programme, expires_at_ms) where open and expires_at_ms is not null;
create index lot_pending on ledger.lot (shard, programme, available_at_ms) where pending and open;

create table ledger.member_account (
  shard smallint not null,
  member uuid not null,
  point_type int not null,
  programme int not null,
  free bigint not null check (free >= 0),
  held bigint not null check (held >= 0),
  debt bigint not null check (debt >= 0),
  earned bigint not null,
  redeemed bigint not null,
  expired bigint not null,
  last_effective_at_ms bigint not null,
  primary key (shard, member, point_type)
) with (fillfactor = 60);

-- Issuers, acquirers, breakage and the like have an account in every shard, so that double entry
-- closes inside a shard and a busy merchant is never a busy row. Their sums may pass 2^63.
create table ledger.counter_account (
  shard smallint not null,
  role smallint not null,
  owner uuid not null,
  point_type int not null,
  programme int not null,
  balance numeric(38, 0) not null,
  primary key (shard, role, owner, point_type)
) with (fillfactor = 40);

create table ledger.hold (
  shard smallint not null,
  id uuid not null,
  programme int not null,
  point_type int not null,
  member uuid not null,
  merchant uuid,
  expires_at_ms bigint not null,
  -- What is still pinned, in the order it will be captured.
  lots uuid[] not null,
  points bigint[] not null check (cardinality(points) = cardinality(lots)),
  remaining bigint not null check (remaining >= 0),
  open boolean not null check (open = (remaining > 0)),
  primary key (id, shard)
);
create index hold_due on ledger.hold (shard, programme, expires_at_ms) where open;

create table ledger.debt (
  shard smallint not null,
  member uuid not null,
  point_type int not null,
  -- The lot whose points were spent before they were taken back, or the transaction that overdrew.
  lot uuid not null,
  seq bigint not null,
  amount bigint not null check (amount > 0),
  remaining bigint not null check (remaining between 0 and amount),
  primary key (shard, member, point_type, seq)
);

-- Per-member limits (so many points a day, once per member): moved in the member's own shard, in the
-- same transaction as the points.
create table ledger.counter (
  shard smallint not null,
  member uuid not null,
  name text not null,
  value bigint not null check (value >= 0),
  primary key (shard, member, name)
) with (fillfactor = 80);
