-- A sign-in whose answer was lost is asked for again: what was asked (keyed, with the Idempotency-Key, which nobody else knows), what came of
-- it, and nothing that opens it. Gone with the code.
alter table member_code
  add request bytea check (length(request) = 32),
  add session uuid,
  add joined boolean not null default false;
