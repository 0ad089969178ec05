-- What entries are worth between merchants is written with them, by prices that were in force: 0085_prices_and_accruals.sql.

-- How often prices have changed: raised in every shard by who changes any, which so waits for the blocks under way and
-- voids whatever was decided and not written.
alter table ledger.head add prices bigint not null default 0;

-- Nothing was ever written to them: what an entry is worth has a row for each who pays, in ledger.accrual.
alter table ledger.entry drop issuer_value, drop acquirer_value;

-- The lot of an earn that points came of which were sent since: kept where several pay for it, because those points are its
-- own when it is returned. Null: it is the lot itself, or does not matter.
alter table ledger.lot add root uuid;

drop function ledger.append(smallint, bigint, bigint, smallint, bytea, bytea, bytea, bigint, uuid[], ledger.transaction[],
  ledger.entry[], ledger.lot[], ledger.lot_state[], ledger.member_account[], ledger.counter_delta[], ledger.hold[],
  ledger.debt[], ledger.counter[], ledger.allotment_state[]);

-- As it was in 0003_ledger_append.sql, but for the prices it was decided by, and the accruals.
create function ledger.append(
  p_shard smallint, p_expected bigint, p_recorded_at_ms bigint, p_format smallint,
  p_previous_hash bytea, p_merkle_root bytea, p_hash bytea, p_entry_first bigint, p_ids uuid[],
  p_transactions ledger.transaction[], p_entries ledger.entry[], p_lots_made ledger.lot[],
  p_lots_changed ledger.lot_state[], p_accounts ledger.member_account[], p_deltas ledger.counter_delta[],
  p_holds ledger.hold[], p_debts ledger.debt[], p_counters ledger.counter[],
  p_allotments ledger.allotment_state[], p_prices bigint, p_accruals ledger.accrual[]
) returns boolean
language plpgsql
as $$
declare
  changed bigint;
  budgeted ledger.allotment_state;
begin
  update ledger.head
    set block = p_expected + 1, entries = entries + cardinality(p_entries), hash = p_hash, recorded_at_ms = p_recorded_at_ms
    where shard = p_shard and block = p_expected and hash = p_previous_hash and prices = p_prices;
  if not found then
    return false;
  end if;

  insert into ledger.block
    values (p_shard, p_expected + 1, p_format, p_recorded_at_ms, p_previous_hash, p_merkle_root, p_hash,
      p_ids, p_entry_first, cardinality(p_entries));
  insert into ledger.transaction select * from unnest(p_transactions);
  if cardinality(p_entries) > 0 then
    insert into ledger.entry select * from unnest(p_entries);
  end if;
  if cardinality(p_accruals) > 0 then
    insert into ledger.accrual select * from unnest(p_accruals);
  end if;
  if cardinality(p_lots_made) > 0 then
    insert into ledger.lot select * from unnest(p_lots_made);
  end if;
  if cardinality(p_lots_changed) > 0 then
    update ledger.lot
      set expires_at_ms = s.expires_at_ms, remaining = s.remaining, held = s.held, expired = s.expired,
        expired_recovered = s.expired_recovered, returned = s.returned, pending = s.pending, open = s.remaining > 0
      from (
        -- Found one by one and joined by place: a cached plan must not choose to walk the shard's lots.
        select l.ctid as place, s.*
        from unnest(p_lots_changed) s
        cross join lateral (select ctid from ledger.lot where shard = p_shard and id = s.id offset 0) l
      ) s
      where lot.ctid = s.place;
    get diagnostics changed = row_count;
    if changed <> cardinality(p_lots_changed) then
      raise exception 'a lot that should change is not there' using errcode = 'HM002';
    end if;
  end if;

  if cardinality(p_accounts) > 0 then
    insert into ledger.member_account select * from unnest(p_accounts)
      on conflict (shard, member, point_type) do update
        set free = excluded.free, held = excluded.held, debt = excluded.debt, earned = excluded.earned,
          redeemed = excluded.redeemed, expired = excluded.expired, last_effective_at_ms = excluded.last_effective_at_ms;
  end if;
  if cardinality(p_deltas) > 0 then
    insert into ledger.counter_account as c (shard, role, owner, point_type, programme, balance)
      select p_shard, role, owner, point_type, programme, points from unnest(p_deltas)
      on conflict (shard, role, owner, point_type) do update set balance = c.balance + excluded.balance;
  end if;
  if cardinality(p_holds) > 0 then
    insert into ledger.hold select * from unnest(p_holds)
      on conflict (shard, id) do update
        set lots = excluded.lots, points = excluded.points, remaining = excluded.remaining, open = excluded.open;
  end if;
  if cardinality(p_debts) > 0 then
    insert into ledger.debt select * from unnest(p_debts)
      on conflict (shard, member, point_type, seq) do update set remaining = excluded.remaining;
  end if;
  if cardinality(p_counters) > 0 then
    insert into ledger.counter select * from unnest(p_counters)
      on conflict (shard, member, name) do update set value = excluded.value;
  end if;
  -- In the order of their budgets, so that blocks which wait for each other wait in a line. What the shard
  -- was lent is enough nearly always; only else does a block reach beyond its shard.
  foreach budgeted in array p_allotments loop
    update ledger.allotment set spent = budgeted.spent
      where budget = budgeted.budget and shard = p_shard and granted >= budgeted.spent;
    if not found then
      perform ledger.lend(budgeted.budget, p_shard, budgeted.spent);
      update ledger.allotment set spent = budgeted.spent where budget = budgeted.budget and shard = p_shard;
    end if;
  end loop;
  return true;
end
$$;
