-- Whether ledger, clearing and books say the same: what was compared, and what did not add up. docs/books.md.

-- The last comparison of a programme, with the figures that were compared.
create table clearing_reconciliation (
  programme int primary key references programme,
  at_ms bigint not null,
  -- How many things were compared, and how many differed.
  checks int not null check (checks >= 0),
  differences int not null check (differences between 0 and checks),
  figures jsonb not null
);

-- When a closed period was last worked out again from the ledger, entry by entry; what was written of it is looked at every time.
create table clearing_reconciled (
  period uuid primary key references clearing_period,
  at_ms bigint not null
);

create table clearing_finding (
  id bigint generated always as identity primary key,
  programme int not null references programme,
  -- Which comparison; clearing/reconcile/finding.ts says it in words.
  code text not null,
  -- What it is about: a point type, a period, a pair in it.
  about text not null,
  expected text not null,
  found text not null,
  first_seen_at_ms bigint not null,
  last_seen_at_ms bigint not null,
  seen int not null default 1,
  -- A comparison that came to it again found nothing any more.
  resolved_at_ms bigint
);
create unique index clearing_finding_open on clearing_finding (programme, code, about) where resolved_at_ms is null;
