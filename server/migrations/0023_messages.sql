-- What members are told, and the evidence that they were. Instants are milliseconds since the Unix epoch, by the
-- clock of the message's programme.

-- How a programme sends: the row with the greatest number counts. Only ever inserted.
create table message_policy (
  programme int not null references programme,
  number bigint generated always as identity,
  -- Before points expire their member is told so many days ahead.
  expiry_notice_days int[] not null,
  -- Local times, `22:00`; messages that can wait do so from one to the other. Null: none waits.
  quiet_from text,
  quiet_to text check ((quiet_to is null) = (quiet_from is null)),
  -- Of one kind at most so many to a member within so many days: [{kind, max, days}].
  caps json not null,
  changed_at_ms bigint not null,
  -- An API key.
  changed_by uuid not null,
  primary key (programme, number)
);

-- The outbox: what is to be told, written with whatever is the reason for it. Only ever inserted.
create table message (
  id uuid primary key,
  programme int not null references programme,
  -- Null: everybody in the programme.
  member uuid references member,
  kind text not null check (kind ~ '^[a-z][a-z_]{0,39}$'),
  channel text not null default 'in_app' check (channel in ('in_app')),
  -- What is told is told once: names the reason, whoever finds it and however often.
  dedupe_key text not null unique,
  -- What the texts were made of.
  facts json not null,
  zh_title text not null,
  zh_text text not null,
  en_title text not null,
  en_text text not null,
  -- Shown from here to there; null: for ever.
  due_at_ms bigint not null,
  expires_at_ms bigint check (expires_at_ms > due_at_ms),
  made_at_ms bigint not null
);
create index message_member on message (member, due_at_ms, id) where member is not null;
create index message_programme on message (programme, due_at_ms, id) where member is null;

-- That a member's side fetched a message for the first time, and that the member read it. Only ever inserted.
create table message_evidence (
  message uuid not null references message,
  member uuid not null references member,
  what text not null check (what in ('fetched', 'read')),
  at_ms bigint not null,
  -- The API key of the member's side.
  by_key uuid not null,
  primary key (message, member, what)
);

-- How far the notices of expiry have come: whose points expire by then was told so many days ahead.
create table expiry_walk (
  programme int not null references programme,
  shard smallint not null,
  days int not null,
  through_ms bigint not null,
  primary key (programme, shard, days)
);
