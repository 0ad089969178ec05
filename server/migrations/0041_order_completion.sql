-- Orders that are completed: the goods arrived, the stay is over. Points that waited for it are available from then on.

alter table order_award
  -- Available as soon as the order is completed, if that is before available_at_ms.
  add column on_completion boolean not null default false,
  add check (not on_completion or available_at_ms is not null);

-- Once for an order, and only ever inserted.
create table order_completion (
  order_id uuid primary key references orders,
  id uuid not null unique,
  completed_at_ms bigint not null,
  effective_at_ms bigint,
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null
);
