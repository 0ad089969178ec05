-- Who changed the settings of a programme, when, and what they were: only ever inserted. What was decided
-- before a change is not decided again, so what was decided by is still to be read here.
create table programme_change (
  programme int not null references programme,
  -- Grows with every change of any programme, in the order in which those of one programme were made.
  number bigint generated always as identity,
  changed_at_ms bigint not null,
  -- The API key that asked for it.
  changed_by uuid not null,
  -- Of the settings those that changed, under the names of the API.
  before json not null,
  after json not null,
  primary key (programme, number)
);
