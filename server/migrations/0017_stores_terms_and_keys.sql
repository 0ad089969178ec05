-- Where merchants sell, on which terms they take part, and keys that reach one programme.

create table store (
  merchant uuid not null references merchant,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null,
  -- Where it is, in the merchant's or the operator's words: a mall, a scenic spot, a district.
  zone text,
  state text not null default 'open' check (state in ('open', 'closed')),
  created_at timestamptz not null default now(),
  primary key (merchant, code)
);

-- What a merchant's orders earn from which moment on: only ever inserted, and never for a moment that has
-- passed. Of two for the same moment the later one counts.
create table merchant_term (
  merchant uuid not null references merchant,
  number bigint generated always as identity,
  -- By the programme's clock.
  from_ms bigint not null,
  -- Points per fen as a rational: floor(amount × earn_points / earn_per_fen) for each order.
  earn_points bigint not null check (earn_points > 0),
  earn_per_fen bigint not null check (earn_per_fen > 0),
  changed_at_ms bigint not null,
  -- The API key that asked for it; null: the merchant took part before terms were kept.
  changed_by uuid,
  primary key (merchant, number)
);

insert into merchant_term (merchant, from_ms, earn_points, earn_per_fen, changed_at_ms)
  select id, floor(extract(epoch from created_at) * 1000), earn_points, earn_per_fen,
    floor(extract(epoch from created_at) * 1000)
  from merchant order by id;
alter table merchant drop column earn_points, drop column earn_per_fen;

-- A key of a merchant reaches only that merchant, one of a programme only what is in it; without either it
-- is the platform's.
alter table api_key
  add programme int references programme,
  add check (merchant is null or programme is null);

-- Whether merchants' keys may register members, or the operator alone.
alter table programme add merchants_register_members boolean not null default true;
