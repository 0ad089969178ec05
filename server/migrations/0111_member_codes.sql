-- Codes that members show at tills, made on their phones without a network: docs/member-codes.md.

alter table member_session
  -- Ten digits that begin every code of this session: whose it is, and no secret.
  add code_number bigint check (code_number between 0 and 9999999999),
  -- It is kept for some days after its end: a till that was cut off tells late of codes that were shown before.
  add ended_at_ms bigint;
update member_session s set code_number = n.number
  from (select id, row_number() over () as number from member_session) n where n.id = s.id;
alter table member_session
  alter code_number set not null,
  add constraint member_session_code_number unique (code_number);

-- Each code counts at the merchant where it was shown first.
create table member_code_shown (
  number bigint not null,
  step bigint not null,
  merchant uuid not null references merchant,
  shown_at_ms bigint not null,
  primary key (number, step)
);
create index member_code_shown_at on member_code_shown (shown_at_ms);

-- Codes of a session that a merchant told wrong, since when: of ten million one is guessed.
create table member_code_wrong (
  number bigint not null,
  merchant uuid not null references merchant,
  since_ms bigint not null,
  count smallint not null,
  primary key (number, merchant)
);
