-- Vouchers and codes that redemptions gave. A code is random, found by a keyed index and shown by opening its seal.

create table voucher (
  id uuid primary key,
  redemption uuid not null references redemption,
  -- Of as many as were redeemed at once, from 0.
  place int not null check (place >= 0),
  programme int not null,
  member uuid not null,
  -- At whose tills it counts, and at which of its stores (null: all).
  merchant uuid not null,
  stores text[],
  name jsonb not null,
  form jsonb not null,
  code_index bytea not null unique check (length(code_index) = 32),
  code_sealed bytea not null,
  made_at_ms bigint not null,
  -- Not included; null: without end.
  expires_at_ms bigint,
  -- What is left of one that is used in parts.
  left_fen bigint check (left_fen >= 0),
  state text not null default 'open' check (state in ('open', 'used', 'void')),
  unique (redemption, place)
) with (fillfactor = 90);

create table voucher_use (
  id uuid primary key,
  voucher uuid not null references voucher,
  merchant uuid not null,
  -- The merchant's own number: told twice it is one use.
  use_no text not null,
  store text,
  bill_fen bigint not null check (bill_fen >= 0),
  off_fen bigint not null check (off_fen >= 0),
  at_ms bigint not null,
  used_by uuid not null,
  -- Of a voucher that is not used in parts.
  whole boolean not null,
  undone_at_ms bigint,
  undone_by uuid,
  undone_reason text,
  undone_actor text,
  unique (merchant, use_no),
  check (num_nulls(undone_at_ms, undone_by, undone_reason, undone_actor) in (0, 4))
);
create index voucher_use_voucher on voucher_use (voucher, id);
-- Once at a time, whoever races.
create unique index voucher_use_once on voucher_use (voucher) where whole and undone_at_ms is null;
