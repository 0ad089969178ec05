-- What merchants pay and receive for points, from when on; who leaves; and the budgets behind monthly quotas. What the
-- ledger decides by is derived of it (ledger.price, 0085): clearing/terms/derive-prices.ts.

-- Versions of terms: only ever inserted. Of those of one merchant (null: the standard terms) that are not withdrawn, the
-- one with the latest from_ms that is not after an instant is in force then; of two for one instant the greater number.
create table settlement_terms (
  id uuid primary key,
  programme int not null references programme,
  merchant uuid references merchant,
  number int not null check (number > 0),
  -- Prices by point type, settlement, cycle: clearing/terms/terms.ts.
  body jsonb not null,
  from_ms bigint not null,
  published_at_ms bigint not null,
  published_by uuid not null,
  actor text not null,
  unique nulls not distinct (programme, merchant, number)
);

-- That a version will never begin. Only ever inserted, before it begins.
create table settlement_terms_withdrawal (
  terms uuid primary key references settlement_terms,
  withdrawn_at_ms bigint not null,
  withdrawn_by uuid not null,
  actor text not null,
  reason text not null
);

-- Merchants that leave clearing, and that some did not after all. Only ever inserted.
create table departure (
  merchant uuid not null references merchant,
  number int not null check (number > 0),
  programme int not null references programme,
  at_ms bigint not null,
  reason text not null,
  announced_at_ms bigint not null,
  announced_by uuid not null,
  actor text not null,
  primary key (merchant, number)
);
create table departure_withdrawal (
  merchant uuid not null,
  number int not null,
  withdrawn_at_ms bigint not null,
  withdrawn_by uuid not null,
  actor text not null,
  reason text not null,
  primary key (merchant, number),
  foreign key (merchant, number) references departure
);

-- The budget of the ledger that the points a merchant takes in a month draw on. `most` is what its total was set to last.
create table acceptance_quota (
  programme int not null references programme,
  merchant uuid not null references merchant,
  point_type int not null references point_type,
  -- The first instant of the month, by the programme's time zone.
  from_ms bigint not null,
  budget uuid not null unique,
  most bigint not null check (most > 0),
  primary key (merchant, point_type, from_ms)
);
create index acceptance_quota_programme on acceptance_quota (programme, from_ms);
