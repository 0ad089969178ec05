-- What orders earn by rules: their circumstances, and an award for every rule that gave points. An order that earned
-- by its merchant's ratio alone needs nothing of this.

alter table orders
  -- What rules looked at besides the lines: store, channel, tenders, and the member's facts of that day, sealed. Null: nothing was
  -- told, and no rule was in force.
  add column occasion jsonb,
  -- When what the ratio gave lapses; null: never. Kept so that a retry sends the same command.
  add column expires_at_ms bigint,
  -- points_earned and points_due are what the merchant's own ratio gave, the award of place 0; rules may have given points
  -- where that is nothing. Why an order earned nothing is said only where no award was asked for.
  drop constraint orders_check2,
  add constraint orders_no_points_reason check (points_earned = 0 or no_points_reason is null);

alter table order_line
  add column brand text,
  add column zone text,
  -- The number of the goods' green certificate.
  add column green_certificate text,
  -- What was paid back of it beside goods that came back.
  add column refunded_fen bigint not null default 0 check (refunded_fen between 0 and amount_fen);

-- Points that one rule gave for an order: one lot of the ledger.
create table order_award (
  order_id uuid not null,
  -- Place 0 is the order itself.
  place smallint not null check (place > 0),
  -- The earn's id in the ledger; carries the member's shard.
  earn uuid not null unique,
  rule_version uuid not null,
  point_type int not null,
  -- What was asked for; limits may have left less of it.
  points bigint not null check (points > 0),
  -- What returns have left of that.
  due bigint not null check (due between 0 and points),
  available_at_ms bigint,
  expires_at_ms bigint,
  -- [{"merchant", "share"}]; null: the seller alone.
  funders jsonb,
  -- The limits of its command, as the ledger takes them.
  limits jsonb,
  primary key (order_id, place)
);

alter table goods_return
  -- Of each of its orders, in their order, what became of its awards: [[{"place", "earn", "pointType", "limits", "before",
  -- "after"}]]. Null: none of them had any.
  add column awards jsonb;

alter table return_line
  -- Either goods or an amount is asked back.
  alter column quantity drop not null,
  add column amount_fen bigint check (amount_fen > 0),
  add check ((quantity is null) <> (amount_fen is null));
