-- Funds that points are donated to: what each is, as it was changed, and what came in, was given back and was paid over. Nothing here
-- says who gave: that is the redemption's.

create table fund (
  id uuid primary key,
  programme int not null references programme,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  -- Entries follow each other: what a month closed with stays so.
  last_at_ms bigint not null,
  unique (programme, code)
) with (fillfactor = 50);

-- What a fund says of itself; the last number holds. Only ever inserted.
create table fund_change (
  fund uuid not null references fund,
  number int not null check (number > 0),
  -- Name, organisation, certificate, days.
  body jsonb not null,
  changed_at_ms bigint not null,
  changed_by uuid not null,
  actor text not null,
  primary key (fund, number)
);

-- In, back, and out. Only ever inserted.
create table fund_entry (
  id uuid primary key,
  fund uuid not null references fund,
  kind text not null check (kind in ('donated', 'given_back', 'paid')),
  -- Who handed the donation out, got its points, and owes it.
  merchant uuid not null references merchant,
  fen bigint not null check (fen > 0),
  -- By the programme's clock.
  at_ms bigint not null,
  -- Of a donation, and of giving it back: whose it was, what points it took, and what the fund said of itself.
  redemption uuid references redemption,
  points jsonb,
  fund_number int,
  -- Of what was paid over: the proof, by the day it bears, and who booked it.
  reference text,
  paid_on date,
  actor text,
  made_by uuid,
  check ((kind = 'paid') = (redemption is null) and (kind = 'paid') = (points is null) and (kind = 'paid') = (fund_number is null)),
  check ((kind = 'paid') = (reference is not null) and (kind = 'paid') = (paid_on is not null) and (kind = 'paid') = (actor is not null)
    and (kind = 'paid') = (made_by is not null)),
  unique (redemption, kind),
  unique (fund, merchant, reference)
);
create index fund_entry_fund on fund_entry (fund, at_ms);

-- What a merchant has not paid over yet: never less than nothing.
create table fund_due (
  fund uuid not null references fund,
  merchant uuid not null references merchant,
  fen bigint not null constraint fund_due_not_below_zero check (fen >= 0),
  primary key (fund, merchant)
) with (fillfactor = 50);
