-- Of a published version only the end can be brought forward, and never before an order that was rated by it: what was in force
-- at an instant of the past stays so, whoever holds the server's password. An order may be paid up to five minutes ahead
-- of the clock (kernel/clock.ts).
create or replace function rule_version_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or tg_op = 'TRUNCATE' then
    raise exception 'a published version of a rule is kept for ever' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - '{until_ms,ended_at_ms,ended_by,retired}'::text[]
        is distinct from to_jsonb(old) - '{until_ms,ended_at_ms,ended_by,retired}'::text[]
      or new.until_ms is null or new.until_ms > old.until_ms then
      raise exception 'of a published version of a rule only the end can be brought forward'
        using errcode = 'restrict_violation';
    end if;
    if new.until_ms is distinct from old.until_ms and new.until_ms < (
        select max(o.paid_at_ms) - 300000 from rule r join orders o on o.programme = r.programme where r.id = new.rule) then
      raise exception 'a published version of a rule does not end before orders that are there'
        using errcode = 'restrict_violation';
    end if;
  end if;
  perform pg_advisory_xact_lock(hashtext('hongmi rule'), hashtext(new.rule::text));
  if exists (select from rule_version o where o.rule = new.rule and o.id <> new.id
      and int8range(o.from_ms, o.until_ms) && int8range(new.from_ms, new.until_ms)) then
    raise exception 'two versions of a rule would be in force at once' using errcode = 'exclusion_violation';
  end if;
  return new;
end
$$;
