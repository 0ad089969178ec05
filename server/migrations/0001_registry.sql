-- Who takes part: programmes and their point types, members, merchants, and the keys that let callers in.

create table programme (
  id int generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null,
  time_zone text not null default 'Asia/Shanghai',
  -- A sandbox programme's clock can be set: it runs this far ahead of (or behind) the machine's.
  sandbox boolean not null default false,
  clock_offset_ms bigint not null default 0 check (sandbox or clock_offset_ms = 0),
  -- What a return does when the points of the returned order were spent meanwhile.
  return_policy text not null default 'debt' check (return_policy in ('pending_only', 'within_balance', 'debt')),
  -- Days a refunded lot that lapsed meanwhile stays open again.
  refund_grace_days int not null default 30 check (refund_grace_days between 0 and 3650),
  -- Adjustments of more points than this need a second person.
  adjust_limit bigint not null default 10000 check (adjust_limit >= 0),
  created_at timestamptz not null default now()
);

create table point_type (
  id int generated always as identity primary key,
  programme int not null references programme,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null,
  scale smallint not null default 0 check (scale between 0 and 6),
  -- How lots of this type expire unless the earn says otherwise; only "none" exists so far.
  expiry_policy jsonb not null default '{"kind":"none"}',
  created_at timestamptz not null default now(),
  unique (programme, code)
);

create table merchant (
  id uuid primary key,
  programme int not null references programme,
  name text not null,
  category text not null,
  -- Points per fen as a rational: floor(amount × earn_points / earn_per_fen) for each order.
  earn_points bigint not null check (earn_points > 0),
  earn_per_fen bigint not null check (earn_per_fen > 0),
  created_at timestamptz not null default now()
);
create unique index merchant_name on merchant (programme, name);

create table member (
  id uuid primary key,
  -- AES-256-GCM (nonce, ciphertext, tag) under the platform's key, with two keyed blind indexes.
  phone_sealed bytea,
  phone_index bytea unique,
  phone_last_four_index bytea,
  created_at timestamptz not null default now()
);
create index member_phone_last_four on member (phone_last_four_index) where phone_last_four_index is not null;

create table member_external_id (
  system text not null,
  external_id text not null,
  member uuid not null references member,
  primary key (system, external_id),
  unique (member, system)
);

create table membership (
  programme int not null references programme,
  member uuid not null references member,
  joined_at timestamptz not null default now(),
  primary key (member, programme)
);

create table api_key (
  id uuid primary key,
  name text not null,
  secret_hash bytea not null unique check (length(secret_hash) = 32),
  scopes text[] not null,
  -- A merchant's key reaches only that merchant; null is the operator's.
  merchant uuid references merchant,
  -- The key that came from HONGMI_ROOT_KEY or the first start; it cannot be revoked through the API.
  root boolean not null default false,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- Answers of ordinary (non-ledger) writes, kept so that a repeated request gets the first answer.
create table idempotent_answer (
  tenant text not null,
  key text not null,
  fingerprint bytea not null check (length(fingerprint) = 32),
  status smallint not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (tenant, key)
);

insert into programme (code, name) values ('default', '红米好物');
insert into point_type (programme, code, name) select id, 'points', '消费积分' from programme where code = 'default';
