-- What points are worth between merchants, and who owes whom for those that were used. Why settlement happens on
-- use, and how everything is worked out: docs/adr/0022-settled-on-use.md, docs/clearing.md.

-- The price list the ledger decides by: what clearing derived of terms, dossiers, funding and leaving, for every time.
-- Only clearing/ writes it (ledger/price-list.ts). A programme is cleared, for a point type, from the first row of the
-- nil merchant on: those are the standard terms, for merchants that have no rows of their own for the point type.
-- Of a merchant's rows the one with the latest from_ms that is not after the effective time counts.
create table ledger.price (
  programme int not null,
  point_type int not null,
  merchant uuid not null,
  from_ms bigint not null,
  -- What an issuer owes for a point once it is used, and what who takes it receives and pays as a fee; micro-fen per
  -- point (a millionth of 0.01 yuan).
  issue_price bigint not null check (issue_price between 0 and 1000000000000),
  reimbursement bigint not null check (reimbursement between 0 and 1000000000000),
  fee bigint not null check (fee between 0 and reimbursement),
  -- Why the merchant may not issue, or take points, from here on: the code of the refusal; null: it may.
  issuing text,
  accepting text,
  -- The budget that issuing draws on, in thousandths of a fen: prefunded, or a line of credit; null: without limit.
  funding uuid,
  -- The budget that taking points draws on, in points; null: without limit.
  quota uuid,
  primary key (programme, point_type, merchant, from_ms)
);

-- What an entry is worth between merchants: a row for each who pays for the lot. Written in the ledger's own
-- transaction, by the prices of the entry's effective time. Amounts are in micro-fen; what undoes is negative.
-- Payer owes the platform `owed`, the platform owes the taker `due` less `fee`.
create table ledger.accrual (
  shard smallint not null,
  seq bigint not null,
  place smallint not null,
  -- 1 use 2 reversal 3 repayment: points that settle a debt go, at their own price, to whom the debt cost
  kind smallint not null check (kind between 1 and 3),
  programme int not null,
  point_type int not null,
  effective_at_ms bigint not null,
  payer uuid not null,
  taker uuid not null,
  points bigint not null,
  owed bigint not null,
  due bigint not null,
  fee bigint not null,
  primary key (shard, seq, place)
);
