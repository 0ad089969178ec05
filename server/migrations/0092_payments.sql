-- Payments: what closed periods come to, as instructions for a bank or a licensed payment company. The platform holds no money
-- and moves none: what stands here is what others are asked to move between merchants' accounts and a custody account, and
-- what they said became of it.

-- Bank accounts, in versions: the last number counts for what is instructed from then on. Only ever inserted.
create table settlement_account (
  programme int not null references programme,
  -- `custody`: of the bank or licensed company that holds the money; `operator`: where the platform's own fees go.
  role text not null check (role in ('merchant', 'operator', 'custody')),
  -- The nil UUID unless it is a merchant's.
  merchant uuid not null,
  number int not null check (number > 0),
  holder text not null,
  bank text not null,
  -- The bank's number in the national payment system.
  cnaps text not null check (cnaps ~ '^[0-9]{12}$'),
  -- Encrypted, and as people see it.
  account_sealed bytea not null,
  account_masked text not null,
  made_at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  primary key (programme, role, merchant, number),
  check ((role = 'merchant') = (merchant <> '00000000-0000-0000-0000-000000000000'))
);

create table payment_run (
  id uuid primary key,
  period uuid not null references clearing_period,
  programme int not null references programme,
  -- Of the period, from 1: later ones are of what waited, or was rejected.
  number int not null check (number > 0),
  custody_number int not null,
  at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  unique (period, number)
);
create index payment_run_programme on payment_run (programme, id);

-- An amount of one merchant (the nil UUID: the platform's own), between its account and the custody account.
create table payment_instruction (
  run uuid not null references payment_run,
  -- In the run, from 1.
  place int not null check (place between 1 and 9999),
  period uuid not null,
  merchant uuid not null,
  kind text not null check (kind in ('collect', 'pay_out')),
  fen bigint not null check (fen > 0),
  account_number int not null,
  -- The bank did not do it: a later run may instruct it anew.
  rejected boolean not null default false,
  primary key (run, place)
);
-- What is instructed, and not rejected, is not instructed again.
create unique index payment_instructed_once on payment_instruction (period, merchant) where not rejected;

-- What became of instructions, as the bank or company said. Only ever inserted.
create table payment_confirmation (
  run uuid not null,
  place int not null,
  programme int not null,
  outcome text not null check (outcome in ('paid', 'rejected')),
  -- The bank's.
  reference text not null,
  reason text check ((reason is not null) = (outcome = 'rejected')),
  told_on date not null,
  at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  primary key (run, place),
  foreign key (run, place) references payment_instruction,
  unique (programme, reference)
);

-- What of a merchant's debit for a period was settled out of its deposits, once. Only ever inserted.
create table payment_offset (
  period uuid not null references clearing_period,
  merchant uuid not null references merchant,
  -- Out of deposits that are in custody already.
  deposits_fen bigint not null check (deposits_fen >= 0),
  -- Owed for points, and settled against what the merchant receives.
  netted_fen bigint not null check (netted_fen >= 0),
  run uuid not null references payment_run,
  primary key (period, merchant)
);
