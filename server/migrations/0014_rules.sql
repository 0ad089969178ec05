-- Rules: what orders and activities are worth beyond a merchant's own ratio, in versions that are drafted,
-- published and retired. What was in force at an instant of the past never changes again, so that whatever was
-- earned can be explained and rated again at any time. All times of rules are by the programme's clock.

-- Days that members are told beforehand of a change that is not proven as good for them as what it replaces.
alter table programme
  add rule_notice_days int not null default 7 check (rule_notice_days between 0 and 365),
  add check (sandbox or rule_notice_days >= 7);

create table rule (
  id uuid primary key,
  programme int not null references programme,
  -- Whose rule it is; null: the operator's.
  merchant uuid references merchant,
  code text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  made_at_ms bigint not null,
  -- The API key that asked for it.
  made_by uuid not null,
  unique nulls not distinct (programme, merchant, code)
);

-- What is to become a rule's next version; it keeps its id when it is published.
create table rule_draft (
  rule uuid primary key references rule,
  id uuid not null unique,
  number int not null check (number > 0),
  body json not null,
  made_at_ms bigint not null,
  made_by uuid not null
);

create table rule_version (
  id uuid primary key,
  rule uuid not null references rule,
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
  unique (rule, number),
  check ((until_ms is null) = (ended_at_ms is null) and (until_ms is null) = (ended_by is null)),
  check (until_ms is not null or not retired),
  -- rules/registry.ts: a process that has not heard of a change yet rates for less than ten seconds by what it knows.
  check (from_ms >= published_at_ms + 10000),
  check (until_ms >= ended_at_ms + 10000)
);
create index rule_version_until on rule_version (until_ms);

-- Who made, drafted, published and retired what: only ever inserted.
create table rule_change (
  programme int not null references programme,
  -- Of one programme's publications and retirements the later has the greater number.
  number bigint generated always as identity,
  rule uuid not null,
  kind text not null check (kind in ('made', 'drafted', 'draft_dropped', 'published', 'retired', 'removed')),
  -- The version it is about, when it is about one.
  version uuid,
  version_number int,
  changed_at_ms bigint not null,
  changed_by uuid not null,
  -- From when on it counts: of publications and retirements.
  from_ms bigint,
  primary key (programme, number)
);
create index rule_change_rule on rule_change (rule, number);
create index rule_change_in_force on rule_change (programme, number) where kind in ('published', 'retired');

-- What was published stays as it was: of a version only its end can be brought forward. No two versions of a
-- rule are in force at once: writers of one rule wait for each other here, whatever way they come.
create function rule_version_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or tg_op = 'TRUNCATE' then
    raise exception 'a published version of a rule is kept for ever' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - '{until_ms,ended_at_ms,ended_by,retired}'::text[]
        is distinct from to_jsonb(old) - '{until_ms,ended_at_ms,ended_by,retired}'::text[]
      or new.until_ms is null or new.until_ms > old.until_ms then
      raise exception 'of a published version of a rule only the end can be brought forward'
        using errcode = 'restrict_violation';
    end if;
  end if;
  perform pg_advisory_xact_lock(hashtext('hongmi rule'), hashtext(new.rule::text));
  if exists (select from rule_version o where o.rule = new.rule and o.id <> new.id
      and int8range(o.from_ms, o.until_ms) && int8range(new.from_ms, new.until_ms)) then
    raise exception 'two versions of a rule would be in force at once' using errcode = 'exclusion_violation';
  end if;
  return new;
end
$$;
create trigger kept before insert or update or delete on rule_version
  for each row execute function rule_version_kept();
create trigger kept_all before truncate on rule_version
  for each statement execute function rule_version_kept();
