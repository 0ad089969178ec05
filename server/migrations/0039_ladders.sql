-- Tiers of merchants beside the programme's. Every table of tiers says whose ladder a row is about: the merchant's id,
-- or the zero id for that of the programme itself, since keys cannot be null. What there is already is the programme's.

alter table tier_scheme add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table tier_scheme alter column ladder drop default, drop constraint tier_scheme_pkey,
  add primary key (programme, ladder, number);

-- An order is counted once on every ladder that it concerns.
alter table tier_counted add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table tier_counted alter column ladder drop default, drop constraint tier_counted_pkey,
  add primary key (deed, ladder);

alter table tier_day add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table tier_day alter column ladder drop default, drop constraint tier_day_pkey,
  add primary key (programme, ladder, member, day);

alter table member_tier add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table member_tier alter column ladder drop default, drop constraint member_tier_pkey,
  add primary key (programme, ladder, member);
drop index member_tier_next;
create index member_tier_next on member_tier (programme, ladder, next_at_ms);

alter table tier_change add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table tier_change alter column ladder drop default, drop constraint tier_change_pkey,
  add primary key (programme, ladder, member, number);
drop index tier_change_in_force;
create index tier_change_in_force on tier_change (programme, ladder, member, at_ms, number) where kind <> 'announced';

alter table tier_walk add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table tier_walk alter column ladder drop default, drop constraint tier_walk_pkey,
  add primary key (programme, ladder);

-- Whose tier brought the service; `merchant` is where it was used.
alter table tier_service_use add column ladder uuid not null default '00000000-0000-0000-0000-000000000000';
alter table tier_service_use alter column ladder drop default;
drop index tier_service_use_of;
create index tier_service_use_of on tier_service_use (programme, member, ladder, service, day);
