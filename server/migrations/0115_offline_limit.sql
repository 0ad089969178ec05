-- Points that tills take off bills while they are cut off: final within a limit of the member's day.

-- The most of one member's day at one merchant; 0: nothing is final.
alter table programme add offline_day_max bigint not null default 0 check (offline_day_max >= 0);

-- Merchants that bear less risk than their programme lets them.
create table offline_limit (
  number bigint generated always as identity primary key,
  merchant uuid not null references merchant,
  -- Null: as much as the programme.
  day_max bigint check (day_max >= 0),
  changed_at_ms bigint not null,
  changed_by uuid not null references api_key
);
create index offline_limit_of on offline_limit (merchant, number desc);
