-- What green behaviour saves of emissions: published methods, and a register of what was saved by them. It stands beside the
-- points and never in them: nothing here is owned, given, spent or traded.

create table carbon_method (
  id uuid primary key,
  programme integer not null references programme,
  behaviour text not null,
  -- 1, 2, 3 …: a behaviour's methods follow each other.
  number integer not null check (number > 0),
  name text not null,
  source text not null,
  region text not null,
  year smallint not null check (year between 1990 and 2100),
  -- What is counted, and by which attribute of an activity; null: each activity is one.
  unit text not null,
  attribute text,
  -- Emission factors: mg CO2e a unit, of what is usual and of what was done instead.
  baseline_mg bigint not null check (baseline_mg between 0 and 1000000000),
  actual_mg bigint not null check (actual_mg between 0 and baseline_mg),
  from_ms bigint not null,
  actor text not null,
  created_at_ms bigint not null,
  unique (programme, behaviour, number),
  unique (programme, behaviour, from_ms)
);

create table carbon_entry (
  -- Of what was saved, the activity's; of what is taken back, the forgery's.
  id uuid primary key,
  activity uuid not null references activity,
  programme integer not null references programme,
  member uuid not null,
  merchant uuid not null,
  method uuid not null references carbon_method,
  quantity bigint not null check (quantity <> 0),
  -- g CO2e, rounded down; below zero takes back.
  grams bigint not null check (grams <> 0 and (grams > 0) = (quantity > 0)),
  -- SHA-256 of behaviour and number: evidence counts once, in all programmes.
  evidence bytea unique check (length(evidence) = 32),
  at_ms bigint not null,
  recorded_at_ms bigint not null,
  unique (activity, id),
  check ((evidence is null) = (grams < 0)),
  check ((id = activity) = (grams > 0))
);
create index carbon_entry_member on carbon_entry (member, id);
create index carbon_entry_programme on carbon_entry (programme, at_ms) include (method, quantity, grams);
