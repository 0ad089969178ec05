-- What members are told of their tiers, points that activities earn, and members who became one.

-- Activities are counted as orders are.
alter table tier_counted rename column order_id to deed;
alter table tier_walk rename column orders_after to deeds_after;
-- They never were: everything is counted once more.
update tier_walk set deeds_after = '00000000-0000-0000-0000-000000000000', rounds = 0;

-- What the tier becomes that it was announced will be lost; null: none, or nothing was announced.
alter table member_tier add column noticed_tier text, add check (noticed_day is not null or noticed_tier is null);
-- Nobody was told so far: each gets a notice before a loss.
update member_tier set noticed_day = null, next_at_ms = 0 where noticed_day is not null;

alter table tier_change drop constraint tier_change_kind_check,
  add check (kind in ('reached', 'given', 'announced', 'lost', 'scheme', 'merged'));

-- Members who became part of another, until what they were is the survivor's. Written with the merge.
create table tier_union (
  absorbed uuid primary key references member
);
