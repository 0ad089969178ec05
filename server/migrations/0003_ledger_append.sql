-- Appends one block to a shard's chain, with everything the batch decided, or does nothing and answers
-- false when the head has moved since those decisions were made. One call is one transaction: it is
-- sent without BEGIN, so deciding happens outside any lock and the answer arrives after the commit.
-- Arrays of a group run in parallel, one element per row.
create function ledger.append(
  p_shard smallint, p_expected bigint, p_recorded_at_ms bigint, p_format smallint,
  p_previous_hash bytea, p_merkle_root bytea, p_hash bytea, p_entry_first bigint,
  -- transactions, in block order
  t_id uuid[], t_key text[], t_fingerprint bytea[], t_kind int2[], t_programme int[], t_point_type int[],
  t_member uuid[], t_points bigint[], t_effective_at_ms bigint[], t_merchant uuid[], t_subject uuid[],
  t_source_kind int2[], t_source uuid[], t_refusal text[], t_refusal_facts text[], t_balance_after bigint[],
  t_entry_first bigint[], t_entries int[], t_detail text[], t_salt bytea[], t_commitment bytea[], t_leaf bytea[],
  -- entries, in order
  e_transaction uuid[], e_kind int2[], e_programme int[], e_point_type int[], e_from_role int2[], e_from_owner uuid[],
  e_to_role int2[], e_to_owner uuid[], e_points bigint[], e_lot uuid[], e_ref uuid[], e_expires_at_ms bigint[],
  -- lots made
  l_id uuid[], l_seq bigint[], l_transaction uuid[], l_programme int[], l_point_type int[], l_member uuid[],
  l_issuer uuid[], l_funders text[], l_funder_shares text[], l_rule_version uuid[], l_evidence bytea[],
  l_unit_cost bigint[], l_available_at_ms bigint[], l_made_expires_at_ms bigint[], l_issued bigint[], l_amount bigint[],
  -- lots as they are now, those just made included
  s_id uuid[], s_expires_at_ms bigint[], s_remaining bigint[], s_held bigint[], s_expired bigint[],
  s_expired_recovered bigint[], s_returned bigint[], s_pending boolean[],
  -- member accounts as they are now
  a_member uuid[], a_point_type int[], a_programme int[], a_free bigint[], a_held bigint[], a_debt bigint[],
  a_earned bigint[], a_redeemed bigint[], a_expired bigint[], a_last_effective_at_ms bigint[],
  -- what other accounts gained or lost
  c_role int2[], c_owner uuid[], c_point_type int[], c_programme int[], c_delta text[],
  -- holds, debts and counters as they are now; a hold's takes are text so that one array can carry lists
  h_id uuid[], h_programme int[], h_point_type int[], h_member uuid[], h_merchant uuid[], h_expires_at_ms bigint[],
  h_lots text[], h_points text[], h_remaining bigint[],
  d_member uuid[], d_point_type int[], d_lot uuid[], d_seq bigint[], d_amount bigint[], d_remaining bigint[],
  n_member uuid[], n_name text[], n_value bigint[]
) returns boolean
language plpgsql
as $$
declare
  changed bigint;
begin
  update ledger.head
    set block = p_expected + 1, entries = entries + cardinality(e_transaction), hash = p_hash, recorded_at_ms = p_recorded_at_ms
    where shard = p_shard and block = p_expected and hash = p_previous_hash;
  if not found then
    return false;
  end if;

  insert into ledger.block
    values (p_shard, p_expected + 1, p_format, p_recorded_at_ms, p_previous_hash, p_merkle_root, p_hash,
      t_id, p_entry_first, cardinality(e_transaction));

  insert into ledger.transaction (shard, id, block, position, key, fingerprint, kind, programme, point_type, member,
      points, effective_at_ms, merchant, subject, source_kind, source, refusal, refusal_facts, balance_after,
      entry_first, entries, detail, salt, commitment, leaf)
    select p_shard, t.id, p_expected + 1, t.position - 1, t.key, t.fingerprint, t.kind, t.programme, t.point_type, t.member,
      t.points, t.effective_at_ms, t.merchant, t.subject, t.source_kind, t.source, t.refusal, t.refusal_facts, t.balance_after,
      t.entry_first, t.entries, t.detail, t.salt, t.commitment, t.leaf
    from unnest(t_id, t_key, t_fingerprint, t_kind, t_programme, t_point_type, t_member, t_points, t_effective_at_ms,
      t_merchant, t_subject, t_source_kind, t_source, t_refusal, t_refusal_facts, t_balance_after, t_entry_first,
      t_entries, t_detail, t_salt, t_commitment, t_leaf) with ordinality
      as t (id, key, fingerprint, kind, programme, point_type, member, points, effective_at_ms, merchant, subject,
        source_kind, source, refusal, refusal_facts, balance_after, entry_first, entries, detail, salt, commitment, leaf, position);

  if cardinality(e_transaction) > 0 then
    insert into ledger.entry (shard, seq, transaction, kind, programme, point_type, from_role, from_owner, to_role,
        to_owner, points, lot, ref, expires_at_ms)
      select p_shard, p_entry_first + e.position - 1, e.transaction, e.kind, e.programme, e.point_type, e.from_role,
        e.from_owner, e.to_role, e.to_owner, e.points, e.lot, e.ref, e.expires_at_ms
      from unnest(e_transaction, e_kind, e_programme, e_point_type, e_from_role, e_from_owner, e_to_role, e_to_owner,
        e_points, e_lot, e_ref, e_expires_at_ms) with ordinality
        as e (transaction, kind, programme, point_type, from_role, from_owner, to_role, to_owner, points, lot, ref,
          expires_at_ms, position);
  end if;

  -- The state arrays end with the lots just made, in the same order: those are inserted as they now
  -- are, the others updated.
  if cardinality(l_id) > 0 then
    insert into ledger.lot (shard, id, seq, transaction, programme, point_type, member, issuer, funders, funder_shares,
        rule_version, evidence, unit_cost, available_at_ms, made_expires_at_ms, issued, amount,
        expires_at_ms, remaining, held, expired, expired_recovered, returned, pending, open)
      select p_shard, l.id, l.seq, l.transaction, l.programme, l.point_type, l.member, l.issuer, l.funders::uuid[],
        l.funder_shares::bigint[], l.rule_version, l.evidence, l.unit_cost, l.available_at_ms, l.made_expires_at_ms,
        l.issued, l.amount, l.expires_at_ms, l.remaining, l.held, l.expired, l.expired_recovered, l.returned,
        l.pending, l.remaining > 0
      from unnest(l_id, l_seq, l_transaction, l_programme, l_point_type, l_member, l_issuer, l_funders, l_funder_shares,
        l_rule_version, l_evidence, l_unit_cost, l_available_at_ms, l_made_expires_at_ms, l_issued, l_amount,
        s_expires_at_ms[1:cardinality(l_id)], s_remaining[1:cardinality(l_id)], s_held[1:cardinality(l_id)],
        s_expired[1:cardinality(l_id)], s_expired_recovered[1:cardinality(l_id)], s_returned[1:cardinality(l_id)],
        s_pending[1:cardinality(l_id)])
        as l (id, seq, transaction, programme, point_type, member, issuer, funders, funder_shares, rule_version,
          evidence, unit_cost, available_at_ms, made_expires_at_ms, issued, amount, expires_at_ms, remaining, held,
          expired, expired_recovered, returned, pending);
  end if;
  if cardinality(s_id) > cardinality(l_id) then
    update ledger.lot
      set expires_at_ms = s.expires_at_ms, remaining = s.remaining, held = s.held, expired = s.expired,
        expired_recovered = s.expired_recovered, returned = s.returned, pending = s.pending, open = s.remaining > 0
      from (
        -- Found one by one and joined by place: a cached plan must not choose to walk the shard's lots.
        select l.ctid as place, s.*
        from unnest(s_id, s_expires_at_ms, s_remaining, s_held, s_expired, s_expired_recovered, s_returned, s_pending)
          with ordinality
          as s (id, expires_at_ms, remaining, held, expired, expired_recovered, returned, pending, position)
        cross join lateral (select ctid from ledger.lot where shard = p_shard and id = s.id offset 0) l
        where s.position > cardinality(l_id)
      ) s
      where lot.ctid = s.place;
    get diagnostics changed = row_count;
    if changed <> cardinality(s_id) - cardinality(l_id) then
      raise exception 'a lot that should change is not there' using errcode = 'HM002';
    end if;
  end if;

  insert into ledger.member_account (shard, member, point_type, programme, free, held, debt, earned, redeemed, expired, last_effective_at_ms)
    select p_shard, * from unnest(a_member, a_point_type, a_programme, a_free, a_held, a_debt, a_earned, a_redeemed,
      a_expired, a_last_effective_at_ms)
    on conflict (shard, member, point_type) do update
      set free = excluded.free, held = excluded.held, debt = excluded.debt, earned = excluded.earned,
        redeemed = excluded.redeemed, expired = excluded.expired, last_effective_at_ms = excluded.last_effective_at_ms;

  insert into ledger.counter_account as c (shard, role, owner, point_type, programme, balance)
    select p_shard, role, owner, point_type, programme, delta::numeric
    from unnest(c_role, c_owner, c_point_type, c_programme, c_delta) as u (role, owner, point_type, programme, delta)
    on conflict (shard, role, owner, point_type) do update set balance = c.balance + excluded.balance;

  if cardinality(h_id) > 0 then
    insert into ledger.hold (shard, id, programme, point_type, member, merchant, expires_at_ms, lots, points, remaining, open)
      select p_shard, h.id, h.programme, h.point_type, h.member, h.merchant, h.expires_at_ms, h.lots::uuid[],
        h.points::bigint[], h.remaining, h.remaining > 0
      from unnest(h_id, h_programme, h_point_type, h_member, h_merchant, h_expires_at_ms, h_lots, h_points, h_remaining)
        as h (id, programme, point_type, member, merchant, expires_at_ms, lots, points, remaining)
      on conflict (shard, id) do update
        set lots = excluded.lots, points = excluded.points, remaining = excluded.remaining, open = excluded.open;
  end if;
  if cardinality(d_seq) > 0 then
    insert into ledger.debt (shard, member, point_type, lot, seq, amount, remaining)
      select p_shard, * from unnest(d_member, d_point_type, d_lot, d_seq, d_amount, d_remaining)
      on conflict (shard, member, point_type, seq) do update set remaining = excluded.remaining;
  end if;
  if cardinality(n_name) > 0 then
    insert into ledger.counter (shard, member, name, value)
      select p_shard, * from unnest(n_member, n_name, n_value)
      on conflict (shard, member, name) do update set value = excluded.value;
  end if;
  return true;
end
$$;
