-- Two members become one. The absorbed member stays where it is, with its history, and leads to the survivor;
-- what its accounts hold is moved there.

-- Names lead on: when the survivor is absorbed in turn, so do those that it absorbed.
alter table member add column merged_into uuid references member check (merged_into <> id);
create index member_absorbed on member (merged_into) where merged_into is not null;

-- Who a member is now. Chains are as long as there were merges one after another: short.
create function survivor_of(p_member uuid) returns uuid
language sql stable
as $$
  with recursive path (id, merged_into) as (
    select id, merged_into from public.member where id = p_member
    union all
    select m.id, m.merged_into from path p join public.member m on m.id = p.merged_into
  )
  select id from path where merged_into is null
$$;

create table member_merge (
  id uuid primary key,
  absorbed uuid not null unique references member,
  survivor uuid not null references member,
  reason text not null check (reason <> ''),
  actor text not null check (actor <> ''),
  -- Until the absorbed member's accounts were found empty.
  open boolean not null default true,
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null
);
create index member_merge_open on member_merge (recorded_at_ms) where open;
create index member_merge_survivor on member_merge (survivor);

-- One account on its way from an absorbed member to who it has become: written first, then sent, and taken in
-- or given back, by commands with keys that never change. Whatever comes to an absorbed account later
-- is moved by another one.
create table account_move (
  -- Carries the absorbed member's shard, and is also the id of the transfer_out in the ledger.
  id uuid primary key,
  merge uuid not null references member_merge,
  absorbed uuid not null,
  survivor uuid not null,
  programme int not null,
  point_type int not null,
  -- open until it arrived, came back (returned), or found nothing that could be sent (idle).
  status text not null default 'open' check (status in ('open', 'arrived', 'returned', 'idle')),
  points bigint check ((points is not null) = (status = 'arrived')),
  debt bigint check ((debt is not null) = (status = 'arrived')),
  recorded_at_ms bigint not null
) with (fillfactor = 90);
-- An account is moved by one at a time, whoever asks.
create unique index account_move_open on account_move (absorbed, point_type) where status = 'open';
create index account_move_absorbed on account_move (absorbed);
create index account_move_waiting on account_move (recorded_at_ms) where status = 'open';

-- Returns of absorbed members' earns, written down until what they did not find was clawed back from the survivor
-- too: a crash between the two is made good by the settle job.
create table absorbed_return (
  id uuid primary key,
  -- As the ledger would get it; its key makes sure that it happens once.
  command json not null,
  recorded_at_ms bigint not null
);
create index absorbed_return_since on absorbed_return (recorded_at_ms);

-- Whose orders a return touched, in the order of `orders`, where they are not all the returning member's own.
alter table goods_return add column owners uuid[] check (cardinality(owners) = cardinality(orders));
