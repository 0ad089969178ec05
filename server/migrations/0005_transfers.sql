-- Points given by one member to another: free of charge and capped, for a purpose from a list. A transfer is
-- written first; then three commands with keys that never change bring it to its end, whoever sends them.
alter table programme
  -- The most points of one gift, and of one member's gifts of a day; 0: this programme has no gifts.
  add column gift_max bigint not null default 10000 check (gift_max >= 0),
  add column gift_day_max bigint not null default 20000 check (gift_day_max >= 0);

-- Transfers in the order in which they were asked for: a giver's leave in it, also when a crash held them up.
create sequence transfer_arrival;

create table transfer (
  -- Carries the giver's shard, and is also the id of the transfer_out in the ledger.
  id uuid primary key,
  arrival bigint not null,
  programme int not null,
  point_type int not null,
  giver uuid not null,
  receiver uuid not null check (receiver <> giver),
  points bigint not null check (points > 0),
  purpose text not null,
  -- The day it counts on by the programme's time, and the cap of that day: kept so that a retry sends the same.
  day date not null,
  day_max bigint not null,
  -- Days that a lot which lapsed on the way lives again when the transfer comes back.
  grace_days int not null,
  -- open until it arrived, came back (returned) or was refused; never ended by time.
  status text not null default 'open' check (status in ('open', 'arrived', 'returned', 'refused')),
  -- Why it was refused or came back: code, message and facts.
  refusal json check ((refusal is null) = (status in ('open', 'arrived'))),
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null
) with (fillfactor = 90);
create index transfer_open on transfer (arrival) where status = 'open';

-- Rates at which points of one type become points of another of the same programme; published with it.
create table conversion_rate (
  programme int not null references programme,
  from_type int not null references point_type,
  to_type int not null references point_type check (to_type <> from_type),
  -- floor(points × num / den); docs/ledger.md says what becomes of the rest.
  num bigint not null check (num > 0),
  den bigint not null check (den > 0),
  primary key (from_type, to_type)
);
