-- What the role may do that the server runs as. The owner of the database gives it anew after every
-- migration (platform/grant.ts names the role in hongmi.server_role), so that this file, not history, says
-- what is allowed. Why it is so: docs/adr/0010-two-database-roles.md.
do $$
declare
  server constant text := current_setting('hongmi.server_role');
  -- Written once: nobody who only has the server's password changes or removes a row.
  facts constant text[] := array['block', 'transaction', 'entry', 'accrual', 'seal', 'seal_key'];
  -- Beside the ledger: who changed what, and what was told to whom; kept as written.
  registers constant text[] := array['programme_change', 'rule_change', 'reward_change', 'promotion_change', 'merchant_term', 'consent_notice', 'consent_change', 'tier_scheme',
    'tier_change', 'tier_service_use', 'tier_service_undo',
    'settlement_terms', 'settlement_terms_withdrawal', 'departure', 'departure_withdrawal', 'dossier', 'dossier_change', 'dossier_requirement',
    'return_line', 'order_completion', 'activity_award', 'activity_forgery', 'merchant_payee', 'offline_limit', 'bill_return', 'fund_change', 'fund_entry', 'booking_move', 'delivery_change', 'carbon_method', 'carbon_entry', 'message_policy', 'message', 'message_evidence', 'after_sales_step', 'clearing_slice', 'clearing_pair', 'clearing_position', 'clearing_issued', 'clearing_issued_slice', 'clearing_adjustment', 'clearing_adjustment_decision',
    'clearing_adjusted', 'dispute_step',
    'funding_entry', 'funding_alert', 'settlement_account', 'settlement_account_confirmation', 'payment_run', 'payment_confirmation', 'payment_offset',
    'tax_rate', 'invoice_title', 'invoice_line', 'invoice_number', 'invoice_cancellation',
    'audit_entry', 'audit_outcome',
    'book_period', 'book_slice', 'book_cohort', 'book_estimate', 'book_value'];
  -- What the facts add up to: kept up to date, never removed.
  states constant text[] := array['head', 'setting', 'lot', 'member_account', 'counter_account', 'hold', 'debt', 'counter',
    'budget', 'allotment', 'replayed', 'shadow', 'finding', 'cut'];
  -- What of orders, returns, activities, redemptions and what stands behind them is as it was told, and what points were given for; nor are they removed.
  told constant jsonb := jsonb_build_object(
    'orders', array['id', 'arrival', 'programme', 'point_type', 'merchant', 'member', 'order_no', 'paid_at_ms', 'effective_at_ms',
      'source', 'earn_points', 'earn_per_fen', 'net_fen', 'points_earned', 'no_points_reason', 'request_key', 'fingerprint',
      'recorded_at_ms', 'occasion', 'expires_at_ms', 'slide_months'],
    'order_line', array['order_id', 'line_no', 'sku', 'name', 'category', 'quantity', 'amount_fen', 'brand', 'zone',
      'green_certificate', 'certificate', 'green'],
    'order_award', array['order_id', 'place', 'earn', 'rule_version', 'point_type', 'points', 'available_at_ms', 'expires_at_ms',
      'funders', 'limits', 'slide_months', 'on_completion'],
    'goods_return', array['id', 'programme', 'point_type', 'merchant', 'member', 'return_no', 'returned_at_ms', 'effective_at_ms',
      'source', 'policy', 'request_key', 'fingerprint', 'recorded_at_ms', 'order_no', 'asked', 'arrival', 'wait_until_ms'],
    'activity', array['id', 'programme', 'merchant', 'member', 'kind', 'activity_no', 'occurred_at_ms', 'effective_at_ms', 'store',
      'channel', 'attributes', 'behaviour', 'evidence', 'certificate', 'referred', 'once', 'request_key', 'fingerprint',
      'recorded_at_ms'],
    'certificate', array['id', 'merchant', 'number', 'issuing_body', 'valid_from_ms', 'created_at_ms'],
    'after_sales_case', array['id', 'redemption', 'programme', 'member', 'merchant', 'kind', 'reason', 'note', 'places', 'opened_at_ms',
      'cancellation', 'recorded_at_ms'],
    'supplier_cancellation', array['id', 'programme', 'merchant', 'reward', 'day', 'slot', 'reason', 'note', 'on_shelf', 'actor', 'asked_by', 'at_ms',
      'recorded_at_ms'],
    'voucher', array['id', 'redemption', 'place', 'turn', 'programme', 'member', 'merchant', 'stores', 'name', 'form', 'code_index', 'code_sealed',
      'made_at_ms'],
    'delivery', array['id', 'redemption', 'turn', 'exchange_of', 'programme', 'member', 'merchant', 'store', 'made_at_ms'],
    'booking', array['redemption', 'programme', 'member', 'merchant', 'store'],
    'voucher_use', array['id', 'voucher', 'merchant', 'use_no', 'store', 'bill_fen', 'off_fen', 'at_ms', 'used_by', 'whole'],
    'invoice', array['id', 'programme', 'period', 'merchant', 'seller_number', 'buyer_number', 'rate_bp', 'gross_fen', 'net_fen', 'tax_fen',
      'made_at_ms', 'made_by', 'actor'],
    'payment_instruction', array['run', 'place', 'period', 'merchant', 'kind', 'fen', 'account_number'],
    'funding_account', array['id', 'programme', 'merchant', 'budget', 'from_ms', 'opened_at_ms', 'opened_by', 'actor'],
    'funding_lot', array['lot', 'account'],
    'funding_followed', array['shard'],
    'reward_stock', array['reward'],
    'acceptance_quota', array['programme', 'merchant', 'point_type', 'from_ms', 'budget'],
    'guard_alert', array['number', 'programme', 'point_type', 'kind', 'taker', 'reward', 'first_seen_ms'],
    'fund', array['id', 'programme', 'code'],
    'fund_due', array['fund', 'merchant'],
    'reward_count', array['name'],
    'redemption', array['id', 'programme', 'member', 'reward', 'reward_version', 'promotion_version', 'price_option', 'quantity', 'merchant',
      'store', 'parts', 'terms', 'asked_at_ms', 'deadline_ms', 'request_key', 'fingerprint', 'recorded_at_ms', 'cash_fen', 'payee'],
    'payment', array['id', 'redemption', 'programme', 'merchant', 'payment_no', 'payee', 'amount_fen', 'asked_at_ms', 'expires_at_ms'],
    'payment_refund', array['id', 'payment', 'key', 'amount_fen', 'reason', 'asked_at_ms'],
    'clearing_finding', array['id', 'programme', 'code', 'about', 'first_seen_at_ms'],
    'clearing_period', array['id', 'programme', 'number', 'from_ms', 'until_ms', 'cut', 'begun_at_ms'],
    'dispute', array['id', 'programme', 'period', 'merchant', 'other', 'payer', 'taker', 'point_type', 'shard', 'seq', 'place', 'fen', 'reason',
      'raised_at_ms', 'due_at_ms', 'raised_by', 'actor'],
    'staff', array['id', 'key', 'email', 'demo', 'merchant', 'programme', 'created_at_ms', 'created_by'],
    'certificate_charge', array['transaction', 'certificate', 'merchant', 'programme', 'point_type', 'charged_at_ms']);
  -- Of a lot, what the chain holds of it: its terms.
  terms constant text[] := array['shard', 'id', 'seq', 'transaction', 'programme', 'point_type', 'issuer', 'funders',
    'funder_shares', 'rule_version', 'evidence', 'unit_cost', 'available_at_ms', 'made_expires_at_ms', 'issued', 'amount',
    'slide_months', 'root'];
  item record;
begin
  for item in
    select c.oid, n.nspname as schema, c.relname as name, c.relkind as kind, format('%I.%I', n.nspname, c.relname) as place
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'ledger') and c.relkind in ('r', 'p', 'v', 'S')
      -- An extension's tables in an own database are nobody's business here.
      and pg_has_role(current_user, c.relowner, 'usage')
  loop
    if item.kind = 'S' then
      execute format('grant usage, select on sequence %s to %I', item.place, server);
      continue;
    end if;
    execute format('revoke all on %s from %I', item.place, server);
    -- The register of erasures is written by ledger.erase() alone, which runs as the owner.
    if item.place in ('public.hongmi_migration', 'ledger.erasure') or item.kind = 'v' then
      execute format('grant select on %s to %I', item.place, server);
    elsif item.schema = 'public' and item.name = any (registers) or item.schema = 'ledger' and item.name = any (facts) then
      execute format('grant select, insert on %s to %I', item.place, server);
    elsif item.place = 'ledger.price' then
      -- What has not begun may be taken back; what has begun is not changed.
      execute format('grant select, insert, delete on %s to %I', item.place, server);
    elsif item.place in ('public.rule', 'public.reward', 'public.promotion') then
      -- One of which nothing was published goes with its draft.
      execute format('grant select, insert, delete on %s to %I', item.place, server);
    elsif item.place in ('public.rule_version', 'public.reward_version', 'public.promotion_version') then
      -- Of what was published only the end may come.
      execute format('grant select, insert, update (until_ms, ended_at_ms, ended_by, retired) on %s to %I', item.place, server);
    elsif item.schema = 'ledger' and item.name = 'lot' or item.schema = 'public' and told ? item.name then
      execute format('grant select, insert on %s to %I', item.place, server);
      execute format('grant update (%s) on %s to %I',
        (select string_agg(quote_ident(attname), ', ') from pg_attribute
          where attrelid = item.oid and attnum > 0 and not attisdropped
            and attname <> all (case item.name when 'lot' then terms else array(select jsonb_array_elements_text(told -> item.name)) end)),
        item.place, server);
    elsif item.schema = 'ledger' and item.name = any (states) then
      execute format('grant select, insert, update on %s to %I', item.place, server);
    else
      execute format('grant select, insert, update, delete on %s to %I', item.place, server);
    end if;
  end loop;

  -- Drops what of the audit log is old enough; the table itself is only ever inserted.
  execute format('grant execute on function public.audit_forget(bigint, int) to %I', server);

  for item in select nspname as name from pg_namespace where nspname in ('public', 'ledger') loop
    execute format('revoke all on schema %I from %I', item.name, server);
    execute format('grant usage on schema %I to %I', item.name, server);
  end loop;
end
$$;
