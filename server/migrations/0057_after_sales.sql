-- What becomes of redeemed things that are returned, exchanged or bad, and of those that their supplier cannot hand out. Reasons are
-- these and no other: that something was paid in points is none.

-- How many of its units came back. Never more than were handed out.
alter table redemption add column returned int not null default 0;
alter table redemption add constraint redemption_returned check (returned between 0 and quantity);

-- A unit that is exchanged gets another voucher; the ones before it are void.
alter table voucher add column turn smallint not null default 0 check (turn >= 0);
alter table voucher drop constraint voucher_redemption_place_key;
alter table voucher add constraint voucher_redemption_place_turn_key unique (redemption, place, turn);

-- A supplier who cancels all that was redeemed of a reward, in one go that can be taken up again anywhere.
create table supplier_cancellation (
  id uuid primary key,
  programme int not null,
  merchant uuid not null,
  reward uuid not null,
  -- Of what was booked, only what is on this day, in this slot of it; null: all.
  day text,
  slot text check (slot is null or day is not null),
  reason text not null check (reason in ('event_cancelled', 'out_of_stock', 'cannot_honour', 'merchant_left', 'recalled', 'unsafe',
    'force_majeure', 'other')),
  note text check (length(note) between 1 and 500),
  on_shelf boolean not null,
  actor text not null check (length(actor) between 1 and 100),
  asked_by uuid not null,
  -- By the programme's clock, and by the machine's: what is redeemed later is not cancelled.
  at_ms bigint not null,
  recorded_at_ms bigint not null,
  -- The last redemption that was looked at in this round, and whether one was still on its way.
  looked_at uuid,
  again boolean not null default false,
  done_at_ms bigint
);
create index supplier_cancellation_open on supplier_cancellation (id) where done_at_ms is null;
create index supplier_cancellation_merchant on supplier_cancellation (merchant, id);
create index redemption_reward on redemption (reward, merchant, id);

create table after_sales_case (
  -- Carries the member's shard.
  id uuid primary key,
  redemption uuid not null references redemption,
  programme int not null,
  member uuid not null,
  merchant uuid not null,
  kind text not null,
  reason text not null,
  note text check (length(note) between 1 and 500),
  -- The units that it is about, each once.
  places int[] not null check (cardinality(places) between 1 and 1000 and 0 <= all (places)),
  remedy text check (remedy in ('refund', 'exchange', 'mend')),
  on_shelf boolean,
  state text not null check (state in ('opened', 'accepted', 'sent', 'received', 'escalated', 'refused', 'settling', 'refunded',
    'exchanged', 'mended', 'dismissed', 'withdrawn')),
  steps int not null check (steps > 0),
  -- By the programme's clock: when who has to act has not acted.
  due_at_ms bigint,
  opened_at_ms bigint not null,
  -- What goes to the member, decided once: points by type, ids of transactions, attempts.
  back jsonb,
  cancellation uuid references supplier_cancellation,
  recorded_at_ms bigint not null,
  check (case kind
    when 'return' then reason in ('changed_mind', 'not_needed', 'not_suited', 'other')
    when 'exchange' then reason in ('wrong_size', 'wrong_colour', 'wrong_kind', 'not_suited', 'other')
    when 'quality' then reason in ('faulty', 'damaged', 'expired', 'not_as_described', 'wrong_item', 'incomplete', 'not_delivered',
      'not_honoured', 'poor_service', 'other')
    when 'supplier' then reason in ('event_cancelled', 'out_of_stock', 'cannot_honour', 'merchant_left', 'recalled', 'unsafe',
      'force_majeure', 'other')
    else false end),
  constraint after_sales_case_due check ((due_at_ms is not null) = (state in ('opened', 'sent', 'received'))),
  check (state not in ('accepted', 'sent', 'received', 'settling', 'refunded', 'exchanged', 'mended') or remedy is not null),
  check ((back is not null) = (state in ('settling', 'refunded')))
) with (fillfactor = 70);
create index after_sales_case_redemption on after_sales_case (redemption, id);
create index after_sales_case_cancellation on after_sales_case (cancellation) where cancellation is not null;
create index after_sales_case_member on after_sales_case (member, id);
-- Worklists: the next deadline first, then what has none.
create index after_sales_case_work on after_sales_case (programme, coalesce(due_at_ms, 9007199254740991), id);
create index after_sales_case_merchant on after_sales_case (merchant, coalesce(due_at_ms, 9007199254740991), id);
create index after_sales_case_due_at on after_sales_case (programme, due_at_ms, id) where due_at_ms is not null;
create index after_sales_case_waiting on after_sales_case (state)
  where state in ('opened', 'accepted', 'sent', 'received', 'escalated', 'settling');

-- What was done about a case, by whom and when: written once.
create table after_sales_step (
  case_id uuid not null references after_sales_case,
  number int not null check (number > 0),
  step text not null check (step in ('open', 'accept', 'send', 'receive', 'refund', 'exchange', 'mend', 'refuse', 'withdraw', 'overtake',
    'escalate', 'appeal', 'dismiss', 'end')),
  state text not null,
  at_ms bigint not null,
  -- An API key; null: the clock.
  taken_by uuid,
  actor text check (length(actor) between 1 and 100),
  reason text check (reason in ('no_fault_found', 'damaged_by_member', 'used_up', 'incomplete', 'not_ours', 'not_returned', 'perishable',
    'custom_made', 'unsealed')),
  note text check (length(note) between 1 and 500),
  primary key (case_id, number),
  check ((reason is not null) = (step in ('refuse', 'dismiss'))),
  -- How it was paid for is no matter of a refusal, in no words.
  constraint after_sales_step_not_of_points check (step not in ('refuse', 'dismiss') or note !~* '积分|(^|[^a-z])points?([^a-z]|$)')
);
