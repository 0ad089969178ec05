-- A member's birthday, month and day only, given by consent; and who has just joined.
alter table member
  -- Sealed as the phone is; the index finds everybody of a day.
  add column birthday_sealed bytea,
  add column birthday_index bytea,
  add column birthday_given_at_ms bigint,
  add check ((birthday_sealed is null) = (birthday_index is null) and (birthday_sealed is null) = (birthday_given_at_ms is null));
create index member_birthday on member (birthday_index, id) where birthday_index is not null;

-- Where the member joined; null: nowhere in particular.
alter table membership add column merchant uuid;

-- Who joined somewhere, until what follows from it (a gift, say) is recorded.
create table joining (
  member uuid not null,
  programme int not null,
  merchant uuid not null,
  since_ms bigint not null,
  primary key (member, programme)
);
create index joining_since on joining (since_ms);
