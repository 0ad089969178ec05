-- History replayed against drafts: what would have happened by other rules than those that were in force.

-- The order in which it is replayed. Of equal times the order is any, but always the same.
create index orders_paid on orders (programme, paid_at_ms, merchant, id);

create table rule_simulation (
  id uuid primary key,
  programme int not null references programme,
  -- Whose orders; null: all of the programme.
  merchant uuid,
  -- The merchant whose key asked for it, and who sees it; null: the operator.
  owner uuid,
  -- Orders that were paid in [from, until), by the programme's clock.
  from_ms bigint not null,
  until_ms bigint not null check (until_ms > from_ms),
  -- Against the rules of each order's day (then), or against those of as_of_ms as though they had always been in force (now).
  rules text not null check (rules in ('then', 'now')),
  as_of_ms bigint not null,
  -- [{"id", "rule", "code", "number", "merchant", "body"}]: as they were when it was asked for.
  drafts json not null,
  without uuid[] not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  -- How often it was begun: what ends the process each time is not begun for ever.
  attempts int not null default 0,
  -- Orders replayed, of so many; null: not counted yet.
  done bigint not null default 0,
  total bigint,
  result json,
  -- Why it failed.
  failure text,
  made_at_ms bigint not null,
  made_by uuid not null,
  finished_at_ms bigint,
  check ((state = 'done') = (result is not null) and (state = 'failed') = (failure is not null)),
  check ((state in ('waiting', 'running')) = (finished_at_ms is null))
);
-- Everybody has one at a time.
create unique index rule_simulation_unfinished on rule_simulation (programme, owner) nulls not distinct
  where finished_at_ms is null;
