-- Seals: what leaves the database so that nobody, its owner included, can cut off or rewrite the end of
-- a chain unseen. A seal signs the Merkle root of all shard heads and names the seal before it.
-- docs/ledger.md gives every byte. Both tables are only ever inserted into.

create table ledger.seal_key (
  -- From 1: each key is signed by the one before it.
  number int primary key check (number > 0),
  -- The first 16 bytes of the SHA-256 of the public key.
  id bytea not null unique check (length(id) = 16),
  public_key bytea not null check (length(public_key) = 32),
  -- The first seal it signs, which is also the end of the key before it.
  first_seal bigint not null,
  made_at_ms bigint not null,
  -- By the key before it; the first key is trusted because it was handed over.
  signature bytea check (length(signature) = 64),
  check ((number = 1) = (signature is null))
);

create table ledger.seal (
  -- From 1, without gaps.
  number bigint primary key check (number > 0),
  format smallint not null,
  -- By the machine's clock, never before the seal before it.
  sealed_at_ms bigint not null,
  previous_hash bytea not null check (length(previous_hash) = 32),
  root bytea not null check (length(root) = 32),
  hash bytea not null check (length(hash) = 32),
  key int not null references ledger.seal_key,
  signature bytea not null check (length(signature) = 64),
  -- The heads it seals, by shard from 0.
  blocks bigint[] not null,
  hashes bytea[] not null check (cardinality(hashes) = cardinality(blocks))
);
create index seal_time on ledger.seal (sealed_at_ms);
