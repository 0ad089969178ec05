-- Cash beside points. A redemption that also costs cash opens one payment at the provider; what is given back of it is
-- recorded first and then sent until it is done. The money goes from the payer to the merchant's own account, never over ours.

alter table redemption
  add column cash_fen bigint not null default 0 check (cash_fen >= 0),
  -- The merchant's account at the provider, as it was when the redemption was asked for.
  add column payee text,
  add constraint redemption_payee check ((payee is not null) = (cash_fen > 0)),
  drop constraint redemption_state_check,
  add constraint redemption_state_check check (state in ('recorded', 'reserved', 'held', 'paying', 'confirmed', 'fulfilled', 'refusing',
    'refused', 'timing_out', 'timed_out', 'cancelling', 'cancelled')),
  add constraint redemption_paying check (state <> 'paying' or (cash_fen > 0 and confirmed_at_ms is null));

create table payment (
  id uuid primary key,
  redemption uuid not null unique references redemption,
  programme int not null,
  merchant uuid not null,
  -- Ours at the provider: the same number is the same payment.
  payment_no text not null unique,
  payee text not null,
  amount_fen bigint not null check (amount_fen > 0),
  -- By the machine's clock, which the provider's is compared with: after `expires` nobody can pay it.
  asked_at_ms bigint not null,
  expires_at_ms bigint not null check (expires_at_ms > asked_at_ms),
  -- `closed`: it was never paid, and cannot be any more.
  state text not null default 'open' check (state in ('open', 'paid', 'closed')),
  -- Why the provider did not open it.
  refused text,
  paid_fen bigint check (paid_fen > 0),
  paid_at_ms bigint,
  -- The provider's number.
  transaction_no text,
  check ((state = 'paid') = (paid_fen is not null)),
  check ((paid_fen is null) = (paid_at_ms is null) and (paid_fen is null) = (transaction_no is null))
);
create index payment_merchant on payment (merchant, id);

create table payment_refund (
  -- Ours at the provider, as 32 hexadecimal digits.
  id uuid primary key,
  payment uuid not null references payment,
  -- What it is for: of one payment each only once.
  key text not null,
  amount_fen bigint not null check (amount_fen > 0),
  reason text not null check (reason in ('not_redeemed', 'cancelled', 'after_sales', 'supplier_cancelled')),
  -- `sending`: it is sent until the provider says what became of it; `failed`: the money did not leave, somebody must pay it by other means.
  state text not null default 'sending' check (state in ('sending', 'done', 'failed')),
  -- Why the provider did not take it when it was last sent.
  refused text,
  asked_at_ms bigint not null,
  ended_at_ms bigint check ((ended_at_ms is null) = (state = 'sending')),
  unique (payment, key)
);

-- Whose account at the provider cash goes to, from when on: the last row of a merchant counts. Only ever inserted.
create table merchant_payee (
  number bigint generated always as identity primary key,
  merchant uuid not null references merchant,
  -- Null: it takes no cash any more.
  account text,
  changed_at_ms bigint not null,
  changed_by uuid not null
);
create index merchant_payee_last on merchant_payee (merchant, number desc);
create index payment_refund_failed on payment_refund (payment) where state = 'failed';
