-- What redemptions have to be delivered. To whom it goes stands in the redemption, sealed, until it is erased.
create table delivery (
  redemption uuid primary key references redemption,
  programme int not null,
  member uuid not null,
  merchant uuid not null,
  store text,
  made_at_ms bigint not null,
  state text not null default 'to_send' check (state in ('to_send', 'sent', 'delivered', 'undeliverable', 'cancelled')),
  sent_at_ms bigint,
  carrier text,
  tracking_no text,
  -- When it was delivered, or known to be undeliverable, and why.
  ended_at_ms bigint,
  reason text,
  -- When it needs no recipient any more; null: it does, or has none.
  erase_at_ms bigint,
  check ((sent_at_ms is not null) = (state in ('sent', 'delivered', 'undeliverable'))),
  check (num_nulls(sent_at_ms, carrier, tracking_no) in (0, 3)),
  check ((ended_at_ms is not null) = (state in ('delivered', 'undeliverable'))),
  check ((reason is not null) = (state = 'undeliverable'))
) with (fillfactor = 80);
-- A merchant's worklist, the oldest first.
create index delivery_merchant on delivery (merchant, state, made_at_ms, redemption);
create index delivery_erase on delivery (programme, erase_at_ms, redemption) where erase_at_ms is not null;

-- What was told of deliveries, and taken back: kept as written.
create table delivery_change (
  redemption uuid not null references redemption,
  -- From 1.
  number int not null check (number > 0),
  from_state text not null,
  to_state text not null,
  -- When it happened, and when it was told, by the programme's clock.
  at_ms bigint not null,
  told_at_ms bigint not null,
  carrier text,
  tracking_no text,
  reason text,
  -- Why what was told before was wrong; null: it was not.
  correction text,
  actor text not null,
  told_by uuid not null,
  primary key (redemption, number)
);

-- Recipients of what came to nothing, which are erased.
create index redemption_recipient on redemption (id)
  where particulars ->> 'recipient' is not null and state in ('refused', 'timed_out', 'cancelled');
-- Of what is erased with its member.
create index redemption_recipient_member on redemption (member) where particulars ->> 'recipient' is not null;
