-- What one member's shard cannot decide alone: facts that may be used once by anybody, and budgets that
-- all shards spend from. docs/ledger.md explains both. `ledger.append` never reads beyond its own shard;
-- what is here works between shards, before a batch is decided.

-- A fact (an order number of a merchant, a certificate, a voucher's code) belongs to the command that
-- claimed it first. The command is kept until the ledger's answer to it is known, so that whoever meets a
-- claim that a crash left open sends the command again, under its own key, and knows.
create table ledger.claim (
  -- SHA-256 of the merchant within which it is unique, or nothing ‖ 0x00 ‖ scope ‖ 0x00 ‖ fact.
  hash bytea primary key check (length(hash) = 32),
  -- The command: a key means one request in one shard, the fingerprint tells which request.
  shard smallint not null,
  key text not null,
  fingerprint bytea not null,
  claimed_at_ms bigint not null,
  -- Exactly one of the two: the command as JSON while it is open, the transaction once it was applied.
  command text,
  transaction uuid,
  check ((command is null) = (transaction is not null))
);
create index claim_open on ledger.claim (claimed_at_ms) where command is not null;

-- Claims facts for several commands, each all of its facts or none, in one transaction: nobody may see a
-- command that holds only some. One row per fact in every array, `p_claimants` numbering the commands.
-- Answers the facts that were not to be had, with the claims that have them (none if they are gone again).
create function ledger.claim_facts(
  p_claimants int[], p_hashes bytea[], p_shards smallint[], p_keys text[], p_fingerprints bytea[], p_commands text[],
  p_now_ms bigint
) returns table (claimant int, hash bytea, owner_command text, owner_transaction uuid)
language plpgsql
as $$
#variable_conflict use_column
begin
  -- In one order everywhere, so that two calls wait for each other in a line and not in a circle.
  insert into ledger.claim (hash, shard, key, fingerprint, claimed_at_ms, command)
    select w.hash, w.shard, w.key, w.fingerprint, p_now_ms, w.command
    from unnest(p_claimants, p_hashes, p_shards, p_keys, p_fingerprints, p_commands)
      as w (claimant, hash, shard, key, fingerprint, command)
    order by w.hash, w.claimant
    on conflict do nothing;
  return query
    with wanted as (
      -- Found one by one: a plan made on an empty table must not become a scan of all claims.
      select w.claimant, w.hash, c.place, c.command, c.transaction,
        (c.shard, c.key, c.fingerprint) is not distinct from (w.shard, w.key, w.fingerprint) as held
      from unnest(p_claimants, p_hashes, p_shards, p_keys, p_fingerprints) as w (claimant, hash, shard, key, fingerprint)
      left join lateral (select c.ctid as place, c.* from ledger.claim c where c.hash = w.hash offset 0) c on true
    ), given_back as (
      delete from ledger.claim where ctid = any (array(
        select w.place from wanted w
        where w.held and w.command is not null and w.claimant in (select m.claimant from wanted m where not m.held)))
      returning ctid as place
    )
    -- What was just given back has no owner any more: its command must not be sent for want of that fact.
    select m.claimant, m.hash, case when g.place is null then m.command end, m.transaction
    from wanted m left join given_back g on g.place = m.place where not m.held;
end
$$;

-- Notes what the ledger has answered: the transaction, when a claim's command was applied; null, when it was
-- refused, which frees the fact. One row per fact in every array.
create function ledger.settle_claims(
  p_hashes bytea[], p_shards smallint[], p_keys text[], p_fingerprints bytea[], p_transactions uuid[]
) returns void
language plpgsql
as $$
begin
  perform 1 from ledger.claim where hash = any (p_hashes) order by hash for update;
  update ledger.claim c set command = null, transaction = w.transaction
    from unnest(p_hashes, p_shards, p_keys, p_fingerprints, p_transactions) as w (hash, shard, key, fingerprint, transaction)
    where c.hash = w.hash and c.shard = w.shard and c.key = w.key and c.fingerprint = w.fingerprint
      and c.command is not null and w.transaction is not null;
  delete from ledger.claim c
    using unnest(p_hashes, p_shards, p_keys, p_fingerprints, p_transactions) as w (hash, shard, key, fingerprint, transaction)
    where c.hash = w.hash and c.shard = w.shard and c.key = w.key and c.fingerprint = w.fingerprint
      and c.command is not null and w.transaction is null;
end
$$;

-- A budget (of a rule, of an issuer, of a reward, of a campaign) counts points that members of all shards
-- are given. Its row is home: it lends parts of the total to the shards, which spend them inside their own
-- blocks. What was spent can never pass what was lent, nor that the total, whoever races or crashes.
create table ledger.budget (
  id uuid primary key,
  programme int not null,
  point_type int not null,
  name text not null,
  -- The only merchant whose keys may spend it; null: the operator's.
  merchant uuid,
  total bigint not null check (total >= 0),
  -- The sum of the shards' `granted`.
  lent bigint not null default 0 check (lent between 0 and total),
  created_at_ms bigint not null,
  unique (programme, name)
);

create table ledger.allotment (
  shard smallint not null,
  budget uuid not null,
  granted bigint not null default 0,
  -- Moved by `ledger.append` alone, with the transactions that spent it.
  spent bigint not null default 0 check (spent between 0 and granted),
  primary key (budget, shard)
) with (fillfactor = 40);

create function ledger.make_budget(
  p_id uuid, p_programme int, p_point_type int, p_name text, p_merchant uuid, p_total bigint, p_now_ms bigint
) returns boolean
language plpgsql
as $$
begin
  insert into ledger.budget (id, programme, point_type, name, merchant, total, created_at_ms)
    values (p_id, p_programme, p_point_type, p_name, p_merchant, p_total, p_now_ms)
    on conflict (programme, name) do nothing;
  if not found then
    return false;
  end if;
  insert into ledger.allotment (shard, budget) select shard, p_id from ledger.head;
  return true;
end
$$;

-- Takes up to `p_points` of what other shards than `p_except` have not used, the largest part first, and
-- answers how many it got. The caller has locked the budget's row. A shard that is just appending is waited
-- for; that cannot become a circle, because blocks spend their budgets in order (0003_ledger_append.sql).
create function ledger.recall(p_budget uuid, p_except smallint, p_points bigint) returns bigint
language plpgsql
as $$
declare
  got bigint;
begin
  perform 1 from ledger.allotment where budget = p_budget and shard <> p_except order by shard for update;
  with unused as (
    select shard, granted - spent as points,
      p_points - coalesce(sum(granted - spent) over (order by granted - spent desc, shard
        rows between unbounded preceding and 1 preceding), 0) as wanted
    from ledger.allotment where budget = p_budget and shard <> p_except and granted > spent
  ), taken as (
    update ledger.allotment a set granted = a.granted - least(u.points, u.wanted)
    from unused u where a.budget = p_budget and a.shard = u.shard and u.wanted > 0
    returning least(u.points, u.wanted) as points
  )
  select coalesce(sum(points), 0) into got from taken;
  return got;
end
$$;

-- Grants a shard enough of a budget to have spent `p_spent` in all: from home while there is something,
-- else from what other shards have not used. Raises HM003 when that is not enough.
create function ledger.lend(p_budget uuid, p_shard smallint, p_spent bigint) returns void
language plpgsql
as $$
declare
  home ledger.budget;
  own ledger.allotment;
  at_home bigint;
  missing bigint;
  loan_now bigint;
  recalled bigint := 0;
begin
  select * into home from ledger.budget where id = p_budget for update;
  select * into own from ledger.allotment where budget = p_budget and shard = p_shard for update;
  missing := p_spent - own.granted;
  at_home := home.total - home.lent;
  -- A share of what is left: large while there is plenty, so that loans are rare, and small enough that
  -- recalls are rare as well.
  loan_now := least(at_home, greatest(missing,
    at_home / (4 * (select count(*) from ledger.allotment where budget = p_budget))));
  if loan_now < missing then
    recalled := ledger.recall(p_budget, p_shard, missing - loan_now);
    if loan_now + recalled < missing then
      raise exception 'not enough is left of a budget' using errcode = 'HM003';
    end if;
  end if;
  update ledger.budget set lent = lent + loan_now where id = p_budget;
  update ledger.allotment set granted = granted + loan_now + recalled
    where budget = p_budget and shard = p_shard;
end
$$;

-- Sets a budget's total; what is lent beyond a lower one is recalled. Answers the points spent: a total
-- below them changes nothing.
create function ledger.set_budget_total(p_budget uuid, p_total bigint) returns bigint
language plpgsql
as $$
declare
  home ledger.budget;
  spent_now bigint;
begin
  select * into home from ledger.budget where id = p_budget for update;
  perform 1 from ledger.allotment where budget = p_budget order by shard for update;
  select sum(spent) into spent_now from ledger.allotment where budget = p_budget;
  if p_total >= spent_now then
    if p_total < home.lent then
      home.lent := home.lent - ledger.recall(p_budget, (-1)::smallint, home.lent - p_total);
    end if;
    update ledger.budget set total = p_total, lent = home.lent where id = p_budget;
  end if;
  return spent_now;
end
$$;
