-- What else than buying is worth points: activities, told by whoever issues for them (a shop, a school, a
-- community, a bank), and the certificates that stand behind green ones. As with orders, members and merchants
-- are checked by the use cases before anything is written.

create table certificate (
  id uuid primary key,
  -- Whom it was given to: the only one who may issue on it.
  merchant uuid not null,
  number text not null,
  issuing_body text not null,
  -- Codes of the behaviours it covers.
  scope text[] not null check (cardinality(scope) > 0),
  valid_from_ms bigint not null,
  -- Not included.
  valid_until_ms bigint not null check (valid_until_ms > valid_from_ms),
  last_checked_at_ms bigint not null,
  -- Revoked for good: when, by whom and why.
  revoked_at_ms bigint,
  revoked_by text,
  revoked_why text,
  created_at_ms bigint not null,
  unique (issuing_body, number),
  check ((revoked_at_ms is null) = (revoked_by is null) and (revoked_at_ms is null) = (revoked_why is null))
);
create index certificate_merchant on certificate (merchant, id);

create table activity (
  -- Carries the member's shard.
  id uuid primary key,
  programme int not null,
  merchant uuid not null,
  member uuid not null,
  kind text not null,
  activity_no text not null,
  occurred_at_ms bigint not null,
  -- When its points count; null: when the ledger gets them. Kept so that a retry sends the same commands.
  effective_at_ms bigint,
  store text,
  channel text,
  attributes json not null,
  -- The evidence: what was done, and the number of what proves it.
  behaviour text,
  evidence text,
  -- What stood behind it when it happened.
  certificate uuid,
  -- Of a referral, who was referred. Depth 1: a member is referred once in a programme, the reward goes to the
  -- member of this row, and a row has one; nothing here relates one referral to another.
  referred uuid check (referred <> member),
  -- The purchase that verified a referral.
  verified_by uuid,
  -- The moment whose rules it was rated by; null: a referral that waits for the first purchase.
  rated_at_ms bigint,
  -- What was known of the member then, sealed like a phone number: it may hold a birthday.
  facts_sealed bytea,
  -- Why no rule gave anything; what the ledger refused is known there.
  no_points_reason text,
  -- What can happen once only: a member's registration in a programme, a birthday of a year.
  once text unique,
  request_key text not null unique,
  fingerprint bytea not null check (length(fingerprint) = 32),
  recorded_at_ms bigint not null,
  unique (merchant, activity_no),
  check ((behaviour is null) = (evidence is null)),
  check (certificate is null or evidence is not null),
  check ((kind = 'referral') = (referred is not null)),
  check (verified_by is null or referred is not null),
  check (rated_at_ms is not null or referred is not null),
  check ((rated_at_ms is null) = (facts_sealed is null))
) with (fillfactor = 90);
create unique index activity_referred on activity (programme, referred) where referred is not null;
create index activity_waiting on activity (id) where rated_at_ms is null;
create index activity_member on activity (member, id);
create index activity_merchant on activity (merchant, id);
create index activity_certificate on activity (certificate, id) where certificate is not null;

-- What an activity was worth when it was rated, one row for each rule that gave something. Caps and budgets
-- may leave less of it: that is in the ledger.
create table activity_award (
  activity uuid not null,
  place smallint not null,
  -- The id of its earn in the ledger; carries the member's shard.
  transaction uuid not null unique,
  rule_version uuid,
  point_type int not null,
  points bigint not null check (points > 0),
  -- Null: at once.
  available_at_ms bigint,
  -- Null: never.
  expires_at_ms bigint,
  -- Null: the merchant alone.
  funders json,
  limits json not null,
  primary key (activity, place)
);

-- What an issuer is charged with because its certificate was revoked: the points that were given on it, earn by
-- earn. They are priced when they are cleared. Nothing (0) where the ledger had given nothing.
create table certificate_charge (
  transaction uuid primary key,
  certificate uuid not null,
  merchant uuid not null,
  programme int not null,
  point_type int not null,
  points bigint not null check (points >= 0),
  charged_at_ms bigint not null
);
create index certificate_charge_of on certificate_charge (certificate);

-- Evidence that its member forged: what was given for it is taken back, by the explicit act of a named person.
create table activity_forgery (
  id uuid primary key,
  activity uuid not null unique,
  reason text not null,
  actor text not null,
  -- The programme's policy for returns of that day, for a retry.
  policy text not null check (policy in ('pending_only', 'within_balance', 'debt')),
  request_key text not null unique,
  -- The API key that asked for it.
  noted_by uuid not null,
  noted_at_ms bigint not null
);
