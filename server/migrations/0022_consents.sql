-- What members were told and agreed to, and what is known about them only as long as they do.
-- Instants are milliseconds since the Unix epoch, by the machine's clock: consent is given to the platform, not
-- to one programme.

-- What a member is told before they agree, by purpose and version. Only ever inserted.
create table consent_notice (
  purpose text not null check (purpose ~ '^[a-z][a-z_]{0,39}$'),
  version int not null check (version > 0),
  -- Paragraphs.
  zh text[] not null check (cardinality(zh) > 0),
  en text[] not null check (cardinality(en) > 0),
  valid_from_ms bigint not null,
  -- Whoever agreed to an earlier version has to agree again once this one is valid.
  renews boolean not null,
  -- Who said no is not asked again for so many days.
  ask_again_days int not null check (ask_again_days between 0 and 3650),
  created_at_ms bigint not null,
  -- An API key.
  created_by uuid not null,
  primary key (purpose, version)
);

-- The register: every time a member agreed, refused or took consent back. Only ever inserted; the latest row of
-- a member, purpose and merchant is what holds.
create table consent_change (
  member uuid not null references member,
  -- Grows with every change; those of one member are made one after another.
  number bigint generated always as identity,
  purpose text not null,
  -- To whom data may go; null where it stays with the platform.
  merchant uuid references merchant,
  state text not null check (state in ('given', 'withdrawn', 'refused')),
  version int not null,
  channel text not null check (channel <> ''),
  -- Who agreed for a member under 14: a reference to the paper, never a name.
  guardian text check (guardian is null or state = 'given'),
  changed_at_ms bigint not null,
  -- An API key.
  changed_by uuid not null,
  primary key (member, number),
  foreign key (purpose, version) references consent_notice (purpose, version)
);
create index consent_change_latest on consent_change (member, purpose, merchant, number desc);

-- Members who are under 14 until then: only their guardian can agree for them.
create table member_minority (
  member uuid primary key references member,
  until_ms bigint not null,
  set_at_ms bigint not null,
  -- An API key.
  set_by uuid not null
);

-- A band, never a score: there is no digit in it. Deleted with the consent to it.
create table credit_band (
  member uuid primary key references member,
  band text not null check (band ~ '^[a-z]+(-[a-z]+)*$'),
  from_ms bigint not null,
  until_ms bigint not null check (until_ms > from_ms),
  source text not null check (source <> ''),
  set_at_ms bigint not null,
  -- An API key.
  set_by uuid not null
);

-- Sets that members can be in, within a programme.
create table segment (
  programme int not null references programme,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  zh text not null check (zh <> ''),
  en text not null check (en <> ''),
  -- Why members can be in it who did not agree to personal offers; null: they cannot.
  service_reason text check (service_reason <> ''),
  created_at_ms bigint not null,
  primary key (programme, code)
);

create table member_segment (
  member uuid not null references member,
  programme int not null,
  code text not null,
  since_ms bigint not null,
  -- An API key.
  set_by uuid not null,
  primary key (member, programme, code),
  foreign key (programme, code) references segment (programme, code)
);
