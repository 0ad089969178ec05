-- Funding: what merchants paid in beforehand, or may owe, for the points they issue. The balance that issuing draws on is a
-- budget of the ledger in thousandths of a fen (milli-fen), so that an empty one refuses at once, whoever races; what stands
-- here says what its total is made of: deposits − withdrawals + credit line + what was settled otherwise + what was released.

create table funding_account (
  id uuid primary key,
  programme int not null references programme,
  merchant uuid not null references merchant,
  -- ledger.budget, of point type 0: money.
  budget uuid not null unique,
  -- Issuing draws on it from then on, by the programme's clock.
  from_ms bigint not null,
  -- Less than this available: somebody is told.
  alert_fen bigint not null check (alert_fen >= 0),
  -- Sums of its entries.
  deposited_fen bigint not null default 0 check (deposited_fen >= 0),
  withdrawn_fen bigint not null default 0 check (withdrawn_fen >= 0),
  -- Of the deposits, what was paid out of custody for periods that were closed; and what of used points was settled
  -- without touching deposits (against what the merchant received, or paid by itself), which frees as much again.
  paid_out_fen bigint not null default 0 check (paid_out_fen >= 0),
  settled_fen bigint not null default 0 check (settled_fen >= 0),
  -- What the terms let it owe.
  credit_fen bigint not null default 0 check (credit_fen >= 0),
  -- What the follower learnt from the ledger; milli-fen.
  released_milli bigint not null default 0 check (released_milli >= 0),
  used_milli bigint not null default 0,
  -- Since when less than alert_fen is available; null: enough is.
  low_since_ms bigint,
  opened_at_ms bigint not null,
  opened_by uuid not null,
  actor text not null,
  unique (programme, merchant),
  check (withdrawn_fen + paid_out_fen <= deposited_fen)
) with (fillfactor = 50);

-- Money in and out, as it was booked. Only ever inserted.
create table funding_entry (
  id uuid primary key,
  account uuid not null references funding_account,
  programme int not null,
  kind text not null check (kind in ('deposit', 'withdrawal', 'paid_out', 'settled')),
  fen bigint not null check (fen > 0),
  -- The bank's number of the transfer, or the instruction that it settles: in a programme booked once.
  reference text not null,
  -- The day that the proof bears.
  paid_on date not null,
  at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  unique (programme, kind, reference)
);
create index funding_entry_account on funding_entry (account, id);

-- When less than its alert value was available on an account, and when enough again. Only ever inserted.
create table funding_alert (
  account uuid not null references funding_account,
  at_ms bigint not null,
  is_low boolean not null,
  available_fen bigint not null,
  alert_fen bigint not null,
  primary key (account, at_ms)
);

-- How far the ledger's entries were followed, by shard.
create table funding_followed (
  shard smallint primary key,
  seq bigint not null
) with (fillfactor = 50);

-- What became of the points of a lot that an account funds; made when the first of them go. `lot` is the one that was issued:
-- lots that points were sent into belong to it, those made by converting have rows of their own.
create table funding_lot (
  lot uuid not null,
  account uuid not null references funding_account,
  -- Milli-fen that were drawn for all of its points.
  drawn_milli bigint not null check (drawn_milli >= 0),
  points bigint not null check (points >= 0),
  -- Points that nobody will ever owe for; they never come back.
  released_points bigint not null default 0 check (released_points between 0 and points),
  -- Points that are owed for.
  used_points bigint not null default 0,
  primary key (lot, account)
) with (fillfactor = 70);
