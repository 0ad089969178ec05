-- Invoices: what of closed periods is a service that is invoiced (the fee), by which rates, in whose name. What merchants pay for
-- points and receive for taking them passes through, and is no revenue of the platform. Numbers are the tax system's: they are
-- given back to us. All but the flag of a reversal is only ever inserted.

-- VAT rates in basis points, from a day on; the last number with such a day counts.
create table tax_rate (
  programme int not null references programme,
  number int not null check (number > 0),
  from_day date not null,
  standard_bp int not null check (standard_bp between 0 and 10000),
  reduced_bp int not null check (reduced_bp between 0 and 10000),
  service_bp int not null check (service_bp between 0 and 10000),
  made_at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  primary key (programme, number)
);

-- In whose name invoices are, in versions; the nil UUID is the platform, which issues those of fees.
create table invoice_title (
  programme int not null references programme,
  merchant uuid not null,
  number int not null check (number > 0),
  title text not null,
  -- The unified social credit code, GB 32100-2015.
  tax_number text not null check (tax_number ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  address text not null,
  phone text not null,
  bank text not null,
  bank_account text not null,
  -- What a merchant hands out for points, by which its own sales are taxed.
  hands_out text not null check (hands_out in ('goods', 'reduced_goods', 'service')),
  made_at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  primary key (programme, merchant, number)
);

-- The fee that a taker of points pays for a period. Below zero: a red letter, more was undone than done.
create table invoice (
  id uuid primary key,
  programme int not null references programme,
  period uuid not null references clearing_period,
  merchant uuid not null references merchant,
  seller_number int not null,
  buyer_number int not null,
  rate_bp int not null,
  gross_fen bigint not null check (gross_fen <> 0),
  net_fen bigint not null,
  tax_fen bigint not null check (net_fen + tax_fen = gross_fen),
  made_at_ms bigint not null,
  made_by uuid not null,
  actor text not null,
  -- The tax system's red letter came back: another may be made.
  reversed boolean not null default false
);
create unique index invoice_once on invoice (period, merchant) where not reversed;
create index invoice_merchant on invoice (merchant, id);

create table invoice_line (
  invoice uuid not null references invoice,
  place int not null,
  point_type int not null,
  gross_fen bigint not null,
  net_fen bigint not null,
  tax_fen bigint not null check (net_fen + tax_fen = gross_fen),
  primary key (invoice, place)
);

-- What the tax system gave back.
create table invoice_number (
  invoice uuid not null references invoice,
  kind text not null check (kind in ('issued', 'reversed')),
  programme int not null,
  number text not null,
  issued_on date not null,
  reason text check ((reason is not null) = (kind = 'reversed')),
  told_at_ms bigint not null,
  told_by uuid not null,
  actor text not null,
  primary key (invoice, kind),
  unique (programme, number)
);
