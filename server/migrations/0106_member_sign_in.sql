-- Members who sign in by a code that is sent to their phone.

-- Whether whoever proves a phone number may become a member by it.
alter table programme add members_join_themselves boolean not null default false;

-- Codes that were asked for, sent or not: of numbers that are nobody's as well, so that the limits tell nothing. Kept for a day.
create table member_code (
  id uuid primary key,
  -- Keyed indexes of the number, and of the network that asked.
  phone bytea not null,
  asker bytea not null,
  -- Keyed, and of this row alone.
  code bytea not null,
  made_at_ms bigint not null,
  tries smallint not null default 0,
  used boolean not null default false
);
create index member_code_phone on member_code (phone, made_at_ms);
create index member_code_asker on member_code (asker, made_at_ms);
create index member_code_made on member_code (made_at_ms);

create table member_session (
  id uuid primary key,
  -- SHA-256 of what the cookie holds.
  token bytea not null unique check (length(token) = 32),
  member uuid not null references member,
  begun_at_ms bigint not null,
  -- Within the hour.
  seen_at_ms bigint not null,
  user_agent text
);
create index member_session_of on member_session (member, begun_at_ms);
