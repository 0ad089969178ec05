-- The audit log is only ever inserted, and yet does not grow for ever: what is older than it is kept is dropped by this function
-- alone, which runs as the owner. Whoever has the server's password can drop nothing that is younger than half a year: that is
-- measured by the database's own clock, and said here again.

-- Drops at most p_most entries of before a moment, the oldest first, with what came of them; answers how many there were.
create function audit_forget(p_before_ms bigint, p_most int) returns int
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- 183 days: logs are kept for six months at least (网络安全法, 第二十一条).
  before_ms constant bigint := least(p_before_ms, (extract(epoch from now()) * 1000)::bigint - 183 * 86400000::bigint);
  old uuid[];
begin
  -- Ids are in the order of time: the index ends the search at the first one that stays.
  select array_agg(e.id) into old from (
    select id from public.audit_entry
      where id < (lpad(to_hex(before_ms), 12, '0') || '70008000000000000000')::uuid and at_ms < before_ms
      order by id limit p_most) e;
  delete from public.audit_outcome where entry = any (old);
  delete from public.audit_entry where id = any (old);
  return coalesce(cardinality(old), 0);
end
$$;
-- Of others nobody; the server's role is given it in grants.sql.
revoke execute on function audit_forget(bigint, int) from public;
