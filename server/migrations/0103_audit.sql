-- Who did what: written before it is done, and what came of it after it. Only ever inserted. An entry without an outcome was
-- under way when the process ended, or its outcome could not be written.

create table audit_entry (
  -- UUIDv7: by it entries are in the order of time.
  id uuid primary key,
  at_ms bigint not null,
  -- The API key that acted, which of a person is the one of their account; null: nobody was signed in yet.
  actor uuid,
  -- Whose account it is about at a sign-in, and who acted otherwise; null: a key, or nobody known.
  staff uuid,
  tenant text,
  merchant uuid,
  programme int,
  -- The operationId of the API.
  operation text not null,
  -- Where it came from, and what called itself how; bounded.
  address text not null,
  user_agent text,
  -- The values of the parameters in its path: ids and codes, as they are shown.
  about text[] not null default '{}',
  request text not null
);
create index audit_entry_actor on audit_entry (actor, id);
create index audit_entry_merchant on audit_entry (merchant, id) where merchant is not null;
create index audit_entry_programme on audit_entry (programme, id) where programme is not null;
create index audit_entry_operation on audit_entry (operation, id);
create index audit_entry_about on audit_entry using gin (about);

create table audit_outcome (
  entry uuid primary key references audit_entry,
  at_ms bigint not null,
  status smallint not null,
  -- Of what was refused, or failed.
  problem text,
  -- The id of what was made.
  made text
);
create index audit_outcome_refused on audit_outcome (entry) where status >= 400;
create index audit_outcome_made on audit_outcome (made) where made is not null;
