-- Erasure of what the chain only commits to.

-- Salt, fingerprint and free text go together: each alone lets a guess at the text be checked.
alter table ledger.transaction
  alter salt drop not null,
  alter fingerprint drop not null,
  add constraint erased_whole check (salt is not null and fingerprint is not null
    or salt is null and fingerprint is null and detail is null);

-- Every erasure there was, and by whom: verify takes a missing salt for erased only where this says so.
create table ledger.erasure (
  id uuid primary key,
  member uuid not null,
  shard smallint not null,
  -- The transactions of this member up to this block of their shard.
  last_block bigint not null,
  -- How many of them this erasure found with their text.
  transactions int not null,
  actor text not null check (actor <> ''),
  reason text not null check (reason <> ''),
  erased_at_ms bigint not null
);
create index erasure_member on ledger.erasure (member);

-- Erases free text, fingerprint and salt of all transactions of a member so far, and says so in the
-- register. The only way: the server's role cannot change a transaction, nor write the register, itself.
create function ledger.erase(
  p_id uuid, p_shard smallint, p_member uuid, p_actor text, p_reason text, p_at_ms bigint
) returns table (last_block bigint, transactions int)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  last bigint;
  found int;
begin
  select h.block into strict last from ledger.head h where h.shard = p_shard;
  update ledger.transaction t set detail = null, salt = null, fingerprint = null
    where t.shard = p_shard and t.member = p_member and t.block <= last and t.salt is not null;
  get diagnostics found = row_count;
  insert into ledger.erasure values (p_id, p_member, p_shard, last, found, p_actor, p_reason, p_at_ms);
  return query select last, found;
end
$$;

-- Cuts: a marker transaction (kind 15) in every shard, after which nothing of the programme takes effect
-- before the cut. Deciding looks for the last one of its programme; there are few.
create index transaction_cut on ledger.transaction (shard, programme, effective_at_ms) where kind = 15;

create table ledger.cut (
  id uuid primary key,
  programme int not null,
  at_ms bigint not null,
  made_at_ms bigint not null,
  -- Known to have its marker in every shard; until then the job goes on with it.
  complete boolean not null default false,
  unique (programme, at_ms)
);
create index cut_open on ledger.cut (id) where not complete;
