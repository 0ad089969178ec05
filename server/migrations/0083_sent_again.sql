-- What is exchanged is sent again, as another delivery of the same redemption: it is about units, and has an id, recipient and story of its own.
alter table delivery add column id uuid;
-- From 0, of the deliveries of a redemption.
alter table delivery add column turn smallint not null default 0 check (turn >= 0);
-- The case that it is the exchange of; null: the first, of the redemption itself.
alter table delivery add column exchange_of uuid references after_sales_case;
-- The units that it sends: those that come back before it is sent are not among them any more.
alter table delivery add column places int[];
-- To whom it goes; null: as stands in the redemption.
alter table delivery add column particulars jsonb;
update delivery d set id = d.redemption, places = array(
  select p.place from redemption r, generate_series(0, r.quantity - 1) as p (place)
  where r.id = d.redemption and (d.state <> 'to_send' or not exists (
    select from after_sales_case c
    where c.redemption = r.id and c.state in ('settling', 'refunded') and p.place = any (c.places)))
  order by p.place);
-- Nobody needs to know any more to whom it was to go.
update delivery set erase_at_ms = made_at_ms where state = 'cancelled';
alter table delivery alter column id set not null, alter column places set not null,
  add check (cardinality(places) > 0),
  add check (id = coalesce(exchange_of, redemption)),
  add check ((turn = 0) = (exchange_of is null) and (turn = 0) = (particulars is null));
alter table delivery drop constraint delivery_pkey, add primary key (id), add unique (redemption, turn);
drop index delivery_merchant;
create index delivery_merchant on delivery (merchant, state, made_at_ms, id);
drop index delivery_erase;
create index delivery_erase on delivery (programme, erase_at_ms, id) where erase_at_ms is not null;
-- Of what is erased with its member.
create index delivery_recipient_member on delivery (member) where particulars ->> 'recipient' is not null;

alter table delivery_change rename column redemption to delivery;
alter table delivery_change drop constraint delivery_change_redemption_fkey,
  add foreign key (delivery) references delivery (id);
