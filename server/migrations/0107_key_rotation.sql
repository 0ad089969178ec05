-- Keys that are given a new secret while the old one goes on for a while, that end by themselves, and when they were used.

alter table api_key
  -- The secret before this one, and until when it still works.
  add previous_hash bytea unique check (length(previous_hash) = 32),
  add previous_until timestamptz,
  add rotated_at timestamptz,
  -- From then on it opens nothing; null: it has no end of its own.
  add expires_at timestamptz,
  -- Within the hour: written at most once in each.
  add last_used_at timestamptz,
  add check ((previous_hash is null) = (previous_until is null));
