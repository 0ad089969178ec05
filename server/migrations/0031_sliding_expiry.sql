-- Points that last as long as their member comes: by how many months after the month of the last activity.

alter table point_type
  -- What points of it were ever issued with; what was issued keeps it when the policy changes.
  add slide_months smallint[] not null default '{}';

alter table ledger.lot
  -- Null: it lapses when it says. Fixed when the lot is made; the chain holds it as a mark of its transaction.
  add slide_months smallint check (slide_months > 0);
-- What an activity must extend: nothing, but once in a month. Lots that do not slide are not in it.
create index lot_sliding on ledger.lot (member, point_type, slide_months, expires_at_ms) where open and slide_months is not null;

-- Kept so that a retry sends the same command.
alter table orders add slide_months smallint;
alter table order_award add slide_months smallint;
alter table activity_award add slide_months smallint;
