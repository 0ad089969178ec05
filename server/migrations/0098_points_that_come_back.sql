-- Points that were used and settled may come back, and wait to be used again: they must be covered as they were before. What is
-- owed to a merchant for them is not simply paid out then (clearing/payments/payment.ts).

-- Of what the merchant was to receive, what stayed in custody for such points.
alter table funding_account add kept_fen bigint not null default 0 check (kept_fen >= 0);
alter table funding_account drop constraint funding_account_check;
alter table funding_account add constraint funding_account_in_custody
  check (withdrawn_fen + paid_out_fen <= deposited_fen + kept_fen);
alter table funding_entry drop constraint funding_entry_kind_check;
alter table funding_entry add constraint funding_entry_kind_check
  check (kind in ('deposit', 'withdrawal', 'paid_out', 'settled', 'kept', 'undone'));

-- What of a credit stayed in custody, and what of that which was settled otherwise may no longer be drawn again.
alter table payment_offset add kept_fen bigint not null default 0 check (kept_fen >= 0);
alter table payment_offset add undone_fen bigint not null default 0 check (undone_fen >= 0);
