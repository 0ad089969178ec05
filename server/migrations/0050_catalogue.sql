-- What points are redeemed for, and for how much less at times: rewards and promotions, published in versions as rules are
-- (0014_rules.sql). Whoever redeems names a version, and its terms hold for that redemption for ever. All times are
-- by the programme's clock.

-- What was published stays as it was: of a version only its end can be brought forward. No two versions of one thing are in
-- force at once: writers of one thing wait for each other here, whatever way they come. The argument names the family.
create function published_version_kept() returns trigger language plpgsql as $$
declare
  family constant text := tg_argv[0];
  item uuid;
  is_doubled boolean;
begin
  if tg_op = 'DELETE' or tg_op = 'TRUNCATE' then
    raise exception 'a published version of a % is kept for ever', family using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - '{until_ms,ended_at_ms,ended_by,retired}'::text[]
        is distinct from to_jsonb(old) - '{until_ms,ended_at_ms,ended_by,retired}'::text[]
      or new.until_ms is null or new.until_ms > old.until_ms then
      raise exception 'of a published version of a % only the end can be brought forward', family
        using errcode = 'restrict_violation';
    end if;
  end if;
  item := (to_jsonb(new) ->> family)::uuid;
  perform pg_advisory_xact_lock(hashtext('hongmi ' || family), hashtext(item::text));
  execute format('select exists (select from %I o where o.%I = $1 and o.id <> $2
    and int8range(o.from_ms, o.until_ms) && int8range($3, $4))', tg_table_name, family)
    into is_doubled using item, new.id, new.from_ms, new.until_ms;
  if is_doubled then
    raise exception 'two versions of a % would be in force at once', family using errcode = 'exclusion_violation';
  end if;
  return new;
end
$$;

create table reward (
  id uuid primary key,
  programme int not null references programme,
  -- Whose reward it is; null: the operator's.
  merchant uuid references merchant,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  made_at_ms bigint not null,
  -- The API key that asked for it.
  made_by uuid not null,
  unique nulls not distinct (programme, merchant, code)
);

-- What is to become its next version; it keeps its id when it is published.
create table reward_draft (
  reward uuid primary key references reward,
  id uuid not null unique,
  number int not null check (number > 0),
  body json not null,
  made_at_ms bigint not null,
  made_by uuid not null
);

create table reward_version (
  id uuid primary key,
  reward uuid not null references reward,
  number int not null check (number > 0),
  body json not null,
  made_at_ms bigint not null,
  made_by uuid not null,
  published_at_ms bigint not null,
  published_by uuid not null,
  -- How it compares with what held before, with reasons, and the days of notice that this made necessary.
  comparison json not null,
  notice_days int not null check (notice_days >= 0),
  -- In force from here until there, not included; null: until further notice. A version that was withdrawn
  -- before it began ends where it begins.
  from_ms bigint not null,
  until_ms bigint check (until_ms >= from_ms),
  -- When it was decided that it ends, and by which key; `retired` when nothing took its place.
  ended_at_ms bigint,
  ended_by uuid,
  retired boolean not null default false,
  unique (reward, number),
  check ((until_ms is null) = (ended_at_ms is null) and (until_ms is null) = (ended_by is null)),
  check (until_ms is not null or not retired),
  -- platform/publishing/lead.ts
  check (from_ms >= published_at_ms + 10000),
  check (until_ms >= ended_at_ms + 10000)
);
create index reward_version_until on reward_version (until_ms);

-- Who made, drafted, published and retired what: only ever inserted.
create table reward_change (
  programme int not null references programme,
  -- Of one programme's publications and retirements the later has the greater number.
  number bigint generated always as identity,
  reward uuid not null,
  kind text not null check (kind in ('made', 'drafted', 'draft_dropped', 'published', 'retired', 'removed')),
  version uuid,
  version_number int,
  changed_at_ms bigint not null,
  changed_by uuid not null,
  -- From when on it counts: of publications and retirements.
  from_ms bigint,
  primary key (programme, number)
);
create index reward_change_reward on reward_change (reward, number);
create index reward_change_in_force on reward_change (programme, number) where kind in ('published', 'retired');

create trigger kept before insert or update or delete on reward_version
  for each row execute function published_version_kept('reward');
create trigger kept_all before truncate on reward_version
  for each statement execute function published_version_kept('reward');

create table promotion (
  id uuid primary key,
  programme int not null references programme,
  -- Whose promotion it is; null: the operator's.
  merchant uuid references merchant,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  made_at_ms bigint not null,
  -- The API key that asked for it.
  made_by uuid not null,
  unique nulls not distinct (programme, merchant, code)
);

-- What is to become its next version; it keeps its id when it is published.
create table promotion_draft (
  promotion uuid primary key references promotion,
  id uuid not null unique,
  number int not null check (number > 0),
  body json not null,
  made_at_ms bigint not null,
  made_by uuid not null
);

create table promotion_version (
  id uuid primary key,
  promotion uuid not null references promotion,
  number int not null check (number > 0),
  body json not null,
  made_at_ms bigint not null,
  made_by uuid not null,
  published_at_ms bigint not null,
  published_by uuid not null,
  -- How it compares with what held before, with reasons, and the days of notice that this made necessary.
  comparison json not null,
  notice_days int not null check (notice_days >= 0),
  -- In force from here until there, not included; null: until further notice. A version that was withdrawn
  -- before it began ends where it begins.
  from_ms bigint not null,
  until_ms bigint check (until_ms >= from_ms),
  -- When it was decided that it ends, and by which key; `retired` when nothing took its place.
  ended_at_ms bigint,
  ended_by uuid,
  retired boolean not null default false,
  unique (promotion, number),
  check ((until_ms is null) = (ended_at_ms is null) and (until_ms is null) = (ended_by is null)),
  check (until_ms is not null or not retired),
  -- platform/publishing/lead.ts
  check (from_ms >= published_at_ms + 10000),
  check (until_ms >= ended_at_ms + 10000)
);
create index promotion_version_until on promotion_version (until_ms);

-- Who made, drafted, published and retired what: only ever inserted.
create table promotion_change (
  programme int not null references programme,
  -- Of one programme's publications and retirements the later has the greater number.
  number bigint generated always as identity,
  promotion uuid not null,
  kind text not null check (kind in ('made', 'drafted', 'draft_dropped', 'published', 'retired', 'removed')),
  version uuid,
  version_number int,
  changed_at_ms bigint not null,
  changed_by uuid not null,
  -- From when on it counts: of publications and retirements.
  from_ms bigint,
  primary key (programme, number)
);
create index promotion_change_promotion on promotion_change (promotion, number);
create index promotion_change_in_force on promotion_change (programme, number) where kind in ('published', 'retired');

create trigger kept before insert or update or delete on promotion_version
  for each row execute function published_version_kept('promotion');
create trigger kept_all before truncate on promotion_version
  for each statement execute function published_version_kept('promotion');
