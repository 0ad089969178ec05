-- Members who bring somebody: docs/activities.md.

-- What the link of a member's invitation carries: nobody works it out who has not the master key, and it is no id of anybody.
create table invitation (
  code text primary key check (code ~ '^[2-9a-z]{10}$'),
  member uuid not null references member,
  programme int not null references programme,
  made_at_ms bigint not null,
  unique (member, programme)
);

-- Who became a member by an invitation, until the referral is recorded. Of one row there is one who invited: nothing here
-- relates one invitation to another.
create table invited (
  member uuid primary key references member,
  programme int not null references programme,
  by uuid not null references member check (by <> member),
  since_ms bigint not null
);
create index invited_since on invited (since_ms, member);
