-- The books: what a programme owes its members for points that were given and not yet used, by cohort, after CAS 14 and
-- IFRS 15. A period of the books is a period of clearing; what is written here is never changed. How everything is
-- worked out: docs/books.md. Amounts are in micro-fen (a millionth of 0.01 yuan) unless they end in _fen.

-- How many of the points of one type are never used, in versions. One counts for the closing of periods that end at
-- from_ms or later, until the next one does.
create table book_estimate (
  id uuid primary key,
  programme int not null references programme,
  point_type int not null references point_type,
  -- 1, 2, 3 …: the estimates of a point type follow each other.
  number int not null check (number > 0),
  from_ms bigint not null,
  -- Of a million points, how many are never used.
  breakage_ppm int not null check (breakage_ppm between 0 and 990000),
  -- statistical: worked out of the books' own history; override: somebody says so, and why.
  method text not null check (method in ('statistical', 'override')),
  -- What history says, whichever counts: [cohorts followed to their end, breakage and its standard error in ppm].
  cohorts int not null check (cohorts >= 0),
  measured_ppm int,
  error_ppm int,
  reason text,
  actor text not null,
  created_at_ms bigint not null,
  check ((method = 'override') = (reason is not null)),
  check ((measured_ppm is null) = (error_ppm is null)),
  unique (programme, point_type, number)
);

-- What a point without a price between merchants is worth in the books, for points of a month of origin and later ones.
create table book_value (
  programme int not null references programme,
  point_type int not null references point_type,
  vintage text not null check (vintage ~ '^\d{4}-\d{2}$'),
  value_micro bigint not null check (value_micro between 0 and 1000000000000),
  reason text not null,
  actor text not null,
  created_at_ms bigint not null,
  primary key (programme, point_type, vintage)
);

create table book_period (
  id uuid primary key,
  programme int not null references programme,
  number int not null check (number > 0),
  clearing_period uuid not null unique references clearing_period,
  -- Whose months the cohorts are: that of the programme when its first books were closed.
  time_zone text not null,
  from_ms bigint not null,
  until_ms bigint not null check (until_ms > from_ms),
  -- SHA-256 of the roll-forward's CSV.
  figures_hash bytea not null check (length(figures_hash) = 32),
  closed_at_ms bigint not null,
  unique (programme, number)
);

-- Where a period's entries are in each shard: from from_seq up to its marker, beside those of the next period that were recorded
-- before the marker, the first of them at next_seq.
create table book_slice (
  period uuid not null references book_period,
  shard smallint not null,
  from_seq bigint not null,
  until_seq bigint not null check (until_seq >= from_seq),
  next_seq bigint not null check (next_seq between from_seq and until_seq),
  primary key (period, shard)
);

-- A cohort: the points of one type that could first be used in one month. All figures are cumulative from the first books on; what a
-- period added is the difference to the cohort's row before. A cohort of which nothing changed and nothing is left has no row.
create table book_cohort (
  period uuid not null references book_period,
  point_type int not null references point_type,
  -- The month from which its points could be used, `2026-03`: it travels with them when they are given away.
  vintage text not null check (vintage ~ '^\d{4}-\d{2}$'),
  -- Points: came into being · arrived less sent away and converted · taken back · used · gone into debts · lapsed.
  issued bigint not null,
  moved bigint not null,
  taken_back bigint not null,
  redeemed bigint not null,
  settled bigint not null,
  expired bigint not null,
  issued_micro numeric(38, 0) not null,
  moved_micro numeric(38, 0) not null,
  taken_back_micro numeric(38, 0) not null,
  redeemed_micro numeric(38, 0) not null,
  settled_micro numeric(38, 0) not null,
  expired_micro numeric(38, 0) not null,
  -- The estimate it was closed by; null: none, and what lapses is released when it does.
  breakage_ppm int,
  -- What of its worth is no liability any more, and what new estimates changed of that at once.
  recognised_micro numeric(38, 0) not null,
  catch_up_micro numeric(38, 0) not null,
  primary key (period, point_type, vintage)
);
create index book_cohort_vintage on book_cohort (point_type, vintage);
