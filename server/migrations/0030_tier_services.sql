-- Free services that tiers bring: each use of one, and that it was undone. Both only ever inserted.
create table tier_service_use (
  id uuid primary key,
  programme int not null,
  member uuid not null references member,
  merchant uuid not null,
  -- The merchant's own number of it: what is told twice is used once.
  use_no text not null,
  service text not null,
  -- What the member was in.
  tier text not null,
  -- By the programme's time zone; its month, quarter or year is the period of the quota.
  day date not null,
  at_ms bigint not null,
  -- An API key.
  used_by uuid not null,
  unique (merchant, use_no)
);
create index tier_service_use_of on tier_service_use (programme, member, service, day);

-- What was undone was not used.
create table tier_service_undo (
  use uuid primary key references tier_service_use,
  at_ms bigint not null,
  reason text not null,
  actor text not null,
  undone_by uuid not null
);
