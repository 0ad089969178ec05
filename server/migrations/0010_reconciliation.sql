-- The reconciliation: what the entries say, replayed block by block beside the state that the ledger keeps,
-- and what did not add up. Written by the reconcile job alone; nothing of it decides about points.

-- How far each shard was replayed, and the block it ended with: a tail that is cut off or written anew
-- before this point is noticed.
create table ledger.replayed (
  shard smallint primary key,
  block bigint not null,
  hash bytea not null check (length(hash) = 32),
  -- The number of the next entry.
  entries bigint not null,
  recorded_at_ms bigint not null,
  -- What all member accounts of the shard hold after this block, by point type.
  member_totals jsonb not null default '{}',
  -- The patrol over all of ledger.shadow: the last id it compared.
  patrolled uuid not null default '00000000-0000-0000-0000-000000000000'
) with (fillfactor = 20);

-- The state after that block as the entries alone make it: of a lot, a hold, a transfer (under their ids), a
-- member's account, debt or limit (under the member's), another account (under its owner's). Kept apart from the
-- tables it is compared with, so that a change made to those is a difference.
create table ledger.shadow (
  shard smallint not null,
  about uuid not null,
  what text not null,
  state json not null,
  primary key (about, what, shard)
) with (fillfactor = 80);

create table ledger.finding (
  id bigint generated always as identity primary key,
  shard smallint not null,
  block bigint,
  -- chain: hashes and links · entries: what an entry may do · state: rows and sums.
  invariant text not null check (invariant in ('chain', 'entries', 'state')),
  about text not null,
  message text not null,
  -- Seen again, it is the same finding.
  first_seen_at_ms bigint not null,
  last_seen_at_ms bigint not null,
  seen int not null default 1,
  acknowledged_at_ms bigint,
  acknowledged_by uuid,
  note text,
  check ((acknowledged_at_ms is null) = (acknowledged_by is null)),
  check ((acknowledged_at_ms is null) = (note is null)),
  unique nulls not distinct (shard, block, about, message)
);
create index finding_open on ledger.finding (id) where acknowledged_at_ms is null;
