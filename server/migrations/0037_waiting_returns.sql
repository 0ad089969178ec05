-- Returns that were told before their order: they name it by the merchant's number and wait until it is recorded. What was told
-- never changes; its state does, once.
alter table goods_return
  add column state text not null default 'applied' check (state in ('applied', 'waiting', 'refused', 'withdrawn')),
  -- The merchant's number of the order, where the caller named it by that.
  add column order_no text,
  -- What was asked back, of those that had to wait: [{"lineNo", "sku", "quantity", "amountFen"}].
  add column asked jsonb,
  -- In which order they began to wait; counted with the arrivals of orders.
  add column arrival bigint,
  -- From then on nobody waits for the order any more.
  add column wait_until_ms bigint,
  -- Why it came to nothing: {"code", "message", "facts"}.
  add column refusal jsonb,
  -- When it stopped waiting.
  add column ended_at_ms bigint,
  add constraint goods_return_waited check (
    (asked is null) = (arrival is null) and (asked is null) = (wait_until_ms is null)
    and (asked is null or order_no is not null) and (asked is not null or state = 'applied')),
  add constraint goods_return_refused check ((state = 'refused') = (refusal is not null)),
  add constraint goods_return_ended check ((asked is not null and state <> 'waiting') = (ended_at_ms is not null));

-- Looked up for every order that is recorded; nearly always empty.
create index goods_return_awaiting on goods_return (merchant, order_no) where state = 'waiting';
create index goods_return_state on goods_return (state, id) where state <> 'applied';
create index goods_return_merchant_state on goods_return (merchant, state, id) where state <> 'applied';

-- What has ended stays as it ended, whoever may change columns of what waits.
create function refuse_change_of_ended_return() returns trigger language plpgsql as $$
begin
  raise exception 'return % does not wait any more', old.id using errcode = '55000';
end
$$;
create trigger goods_return_stays before update on goods_return for each row
  when (old.state <> 'waiting') execute function refuse_change_of_ended_return();
