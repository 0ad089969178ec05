-- What those who issue points must show: credit certification, third-party assessment, filing. A document that lapses
-- stops issuing at that instant: it stands in the price list long before (clearing/terms/derive-prices.ts).

create table dossier (
  id uuid primary key,
  programme int not null references programme,
  merchant uuid not null references merchant,
  kind text not null check (kind in ('credit_certification', 'third_party_assessment', 'filing')),
  made_at_ms bigint not null
);
create index dossier_programme on dossier (programme, merchant);

-- What a document says, as it was changed; the last number holds. Only ever inserted.
create table dossier_change (
  dossier uuid not null references dossier,
  number int not null check (number > 0),
  document_no text not null,
  issuing_body text not null,
  valid_from_ms bigint not null,
  -- Not included.
  valid_until_ms bigint not null check (valid_until_ms > valid_from_ms),
  status text not null check (status in ('valid', 'suspended', 'revoked')),
  -- When somebody last asked the issuing body about it.
  checked_at_ms bigint not null,
  -- Where the document itself is kept: an address, a file number.
  reference text not null,
  reason text,
  changed_at_ms bigint not null,
  changed_by uuid not null,
  actor text not null,
  primary key (dossier, number)
);

-- Which kinds every merchant of a programme needs to issue, from when on. Only ever inserted.
create table dossier_requirement (
  programme int not null references programme,
  number int not null check (number > 0),
  kinds text[] not null check (kinds <@ array['credit_certification', 'third_party_assessment', 'filing']),
  from_ms bigint not null,
  set_at_ms bigint not null,
  set_by uuid not null,
  actor text not null,
  primary key (programme, number)
);
