-- Bills that points were taken off, and that were not paid after all, or of which goods came back: how many units of the
-- redemption are given back for it, and what the till gives back in money.
create table bill_return (
  id uuid primary key,
  redemption uuid not null references redemption,
  -- The merchant's own number; null: the bill was never paid, and all of it is undone.
  return_no text,
  returned_fen bigint not null check (returned_fen > 0),
  units int not null check (units >= 0),
  cash_fen bigint not null check (cash_fen >= 0),
  reason text not null,
  actor text not null,
  at_ms bigint not null,
  -- The API key that told it.
  made_by uuid not null,
  request_key text not null unique,
  constraint bill_return_once unique nulls not distinct (redemption, return_no)
);
