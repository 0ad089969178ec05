-- Who works here. Each account has a row of api_key, by which everything is written down as theirs: its secret is nobody's, and
-- what it opens is opened by signing in.

alter table api_key add person boolean not null default false;

create table staff (
  id uuid primary key,
  key uuid not null unique references api_key,
  name text not null,
  -- In lower case, as it is compared.
  email text not null unique check (email = lower(email)),
  role text not null,
  state text not null default 'invited' check (state in ('invited', 'active', 'suspended')),
  -- Of the demo: its password is known to everybody, so it opens nothing but a demo.
  demo boolean not null default false,
  -- The only merchant, or the only programme, they work for; neither: the platform.
  merchant uuid references merchant,
  programme int references programme,
  created_at_ms bigint not null,
  created_by uuid,
  changed_at_ms bigint not null,
  -- An invitation that was not accepted yet: SHA-256 of its secret.
  invitation bytea unique check (length(invitation) = 32),
  invitation_until_ms bigint,
  check (merchant is null or programme is null),
  check ((invitation is null) = (invitation_until_ms is null))
);
create index staff_of_merchant on staff (merchant, id);
create index staff_of_programme on staff (programme, id);

-- What follows is the sign-in library's (docs/adr/0023-staff-sign-in.md), by the names that staff/engine.ts gives it.

create table staff_login (
  id uuid primary key references staff,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table staff_session (
  id uuid primary key,
  login uuid not null references staff_login,
  -- SHA-256 of what the cookie holds, in hex.
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- By the server's clock: when it began, when it was used last (to a minute), when its person last proved who they are.
  signed_in_at_ms bigint not null,
  seen_at_ms bigint not null,
  proven_at_ms bigint not null
);
create index staff_session_of on staff_session (login);

create table staff_credential (
  id uuid primary key,
  login uuid not null references staff_login,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- A scrypt hash with its salt.
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (login, provider_id)
);

create table staff_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index staff_verification_of on staff_verification (identifier);
create index staff_verification_until on staff_verification (expires_at);

create table staff_two_factor (
  id uuid primary key,
  login uuid not null unique references staff_login,
  -- Both encrypted under a key that is derived from the master key.
  secret text not null,
  backup_codes text not null,
  verified boolean,
  failed_verification_count int,
  locked_until timestamptz
);

create table staff_passkey (
  id uuid primary key,
  login uuid not null references staff_login,
  name text,
  public_key text not null,
  credential_id text not null unique,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  aaguid text,
  created_at timestamptz
);
create index staff_passkey_of on staff_passkey (login);

-- Codes of authenticators that counted: each counts once. Kept while the library would take it again.
create table staff_code_used (
  login uuid not null references staff_login,
  code text not null,
  used_at_ms bigint not null,
  primary key (login, code)
);

-- What was tried at sign-in and not proven, by account and by address: both as a keyed index, so that nothing shows who it was.
create table staff_attempt (
  about bytea primary key,
  from_ms bigint not null,
  wrong int not null,
  -- How often it was locked since somebody got in last.
  locks int not null default 0,
  locked_until_ms bigint
);
create index staff_attempt_from on staff_attempt (from_ms);
