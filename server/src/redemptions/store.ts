import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { RewardKind } from '../kernel/reward.ts';
import { bools, byteas, int2s, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Agreed, Redemption } from './redemption.ts';
import { isAtRest, type Stage, type State } from './steps.ts';

const COLUMNS = `r.id, r.programme, r.member, r.reward, r.reward_version as version, r.promotion_version as promotion,
  r.price_option as option, r.quantity, r.merchant, r.store, r.parts, r.cash_fen as "cashFen", r.payee,
  r.terms, r.particulars, r.counts, r.state, r.refusal,
  r.asked_at_ms as "askedAt", r.deadline_ms as deadline, r.confirmed_at_ms as "confirmedAt",
  r.cancelled_at_ms as "cancelledAt", r.request_key as "requestKey",
  r.fingerprint, r.recorded_at_ms as "recordedAt"`;

// A redemption and its place in the queue of the unsettled appear together or not at all. The insert goes by key, so that two
// statements never wait for each other crosswise, and of two with one key the first stays.
const INSERT = `
  with placed as (
    insert into redemption (id, programme, member, reward, reward_version, promotion_version, price_option, quantity, merchant,
      store, parts, terms, particulars, counts, state, refusal, asked_at_ms, deadline_ms, request_key, fingerprint, recorded_at_ms,
      cash_fen, payee)
    select id, programme, member, reward, version, promotion, option, quantity, merchant, store, parts::jsonb, terms::jsonb,
      particulars::jsonb, counts::jsonb, state, refusal::json, asked_at, deadline, request_key, fingerprint, recorded_at, cash_fen,
      payee
    from unnest($1::uuid[], $2::int4[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::int2[], $8::int4[], $9::uuid[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::int8[], $18::int8[],
        $19::text[], $20::bytea[], $21::int8[], $22::int8[], $23::text[])
      with ordinality as t (id, programme, member, reward, version, promotion, option, quantity, merchant, store, parts, terms,
        particulars, counts, state, refusal, asked_at, deadline, request_key, fingerprint, recorded_at, cash_fen, payee, place)
    order by request_key collate "C", place
    on conflict (request_key) do nothing
    returning id, state, recorded_at_ms
  ), waiting as (
    insert into unsettled (id, kind, since_ms)
    select id, ${UNSETTLED.redemption}, recorded_at_ms from placed where state = 'reserved'
  )
  select id from placed`;

/** Records redemptions as they begin; answers the ids of those whose request keys were not taken. */
export async function insertRedemptions(
  sql: Transaction,
  list: readonly Redemption[],
): Promise<ReadonlySet<Uuid>> {
  if (list.length === 0) return new Set();
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'redemptions-insert',
    text: INSERT,
    values: [
      uuids(list, (each) => each.id),
      int4s(list, (each) => each.programme),
      uuids(list, (each) => each.member),
      uuids(list, (each) => each.reward),
      uuids(list, (each) => each.version),
      uuids(list, (each) => each.promotion),
      int2s(list, (each) => each.option),
      int4s(list, (each) => each.quantity),
      uuids(list, (each) => each.merchant),
      texts(list, (each) => each.store),
      texts(list, (each) => JSON.stringify(each.parts)),
      texts(list, (each) => termsText(each.terms)),
      texts(list, ({ particulars }) => (particulars === null ? null : JSON.stringify(particulars))),
      texts(list, (each) => JSON.stringify(each.counts)),
      texts(list, (each) => each.state),
      texts(list, ({ refusal }) => jsonOf(refusal)),
      int8s(list, (each) => each.askedAt),
      int8s(list, (each) => each.deadline),
      texts(list, (each) => each.requestKey),
      byteas(list, (each) => each.fingerprint),
      int8s(list, (each) => each.recordedAt),
      int8s(list, (each) => each.cashFen),
      texts(list, (each) => each.payee),
    ],
  });
  return new Set(rows.map((row) => row.id));
}

export async function readRedemptions(
  sql: Sql,
  ids: readonly Uuid[],
): Promise<Map<Uuid, Redemption>> {
  const { rows } = await sql.query<Redemption>({
    name: 'redemptions-by-id',
    text: `select ${COLUMNS} from redemption r where r.id = any ($1::uuid[])`,
    values: [uuids(ids)],
  });
  return new Map(rows.map((each) => [each.id, each]));
}

/** Of which rewards they are, by their ids. */
export async function readRewardsOf(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, Uuid>> {
  const { rows } = await sql.query<{ id: Uuid; reward: Uuid }>({
    name: 'redemptions-rewards',
    text: 'select id, reward from redemption where id = any ($1::uuid[])',
    values: [uuids(ids)],
  });
  return new Map(rows.map(({ id, reward }) => [id, reward]));
}

/** Those that have these request keys, by key. */
export async function readByKeys(
  sql: Sql,
  keys: readonly string[],
): Promise<Map<string, Redemption>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql.query<Redemption>({
    name: 'redemptions-by-key',
    text: `select ${COLUMNS} from redemption r where r.request_key = any ($1::text[])`,
    values: [texts(keys)],
  });
  return new Map(rows.map((each) => [each.requestKey, each]));
}

/** Locks them until the transaction ends, in one order. */
export async function lockRedemptions(
  tx: Transaction,
  ids: readonly Uuid[],
): Promise<Map<Uuid, Redemption>> {
  const { rows } = await tx.query<Redemption>({
    name: 'redemptions-lock',
    text: `select ${COLUMNS} from redemption r where r.id = any ($1::uuid[]) order by r.id for update`,
    values: [uuids(ids)],
  });
  return new Map(rows.map((each) => [each.id, each]));
}

/** A change of a row: from the state that a redemption was seen in, to how it is next. */
export interface StateChange {
  readonly seen: Redemption;
  readonly next: Redemption;
}

// Rows are locked in one order before they are changed; what comes to rest waits for nothing any more.
const CHANGE = `
  with n as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int8[], $6::bool[], $7::int8[])
      as n (id, seen, state, refusal, confirmed_at, rests, cancelled_at)
  ), there as materialized (
    select r.id from redemption r join n on n.id = r.id and n.seen = r.state order by r.id for update of r
  ), settled as (
    delete from unsettled u using there join n using (id) where u.id = n.id and n.rests
  )
  update redemption r set state = n.state, refusal = n.refusal::json, confirmed_at_ms = n.confirmed_at,
    cancelled_at_ms = n.cancelled_at
  from n join there using (id) where r.id = n.id
  returning r.id`;

/** Writes how far redemptions came, each if it is still where it was seen; answers the ids of those. Which of them wait for more is noted with it. */
export async function changeStates(
  tx: Transaction,
  list: readonly StateChange[],
): Promise<ReadonlySet<Uuid>> {
  if (list.length === 0) return new Set();
  const { rows } = await tx.query<{ id: Uuid }>({
    name: 'redemptions-states',
    text: CHANGE,
    values: [
      uuids(list, ({ next }) => next.id),
      texts(list, ({ seen }) => seen.state),
      texts(list, ({ next }) => next.state),
      texts(list, ({ next }) => jsonOf(next.refusal)),
      int8s(list, ({ next }) => next.confirmedAt),
      bools(list, ({ next }) => isAtRest(next.state)),
      int8s(list, ({ next }) => next.cancelledAt),
    ],
  });
  return new Set(rows.map((row) => row.id));
}

// A batch is mostly about few versions, whose terms are one object each.
const texted = new WeakMap<Agreed, string>();
function termsText(terms: Agreed): string {
  let text = texted.get(terms);
  if (text === undefined) {
    text = JSON.stringify(terms);
    texted.set(terms, text);
  }
  return text;
}

const jsonOf = (refusal: Refusal | null): string | null =>
  refusal === null ? null : JSON.stringify(refusal);

/** Writes what is different now of what the request said. It is locked. */
export async function writeParticulars(
  tx: Transaction,
  { id, particulars }: Redemption,
): Promise<void> {
  await tx.query('update redemption set particulars = $2 where id = $1', [
    id,
    JSON.stringify(particulars),
  ]);
}

/** What rested waits again, to be undone. */
export async function noteUnsettled(
  tx: Transaction,
  { id }: Redemption,
  since: number,
): Promise<void> {
  const values = [id, UNSETTLED.redemption, since];
  await tx.query('insert into unsettled (id, kind, since_ms) values ($1, $2, $3)', values);
}

const STAGE = `case
  when r.state not in ('fulfilled', 'refused', 'timed_out', 'cancelled') then 'under_way'
  when r.state <> 'fulfilled' then 'over'
  when exists (
    select from voucher v join unnest($9::int4[], $10::int8[]) as c (programme, now) using (programme)
    where v.redemption = r.id and v.state = 'open' and (v.expires_at_ms is null or v.expires_at_ms > c.now)) then 'to_use'
  when exists (select from delivery d where d.redemption = r.id and d.state in ('to_send', 'sent')) then 'under_way'
  else 'over' end`;

/** A page of them, the latest first, behind the one of this id. */
export async function listRedemptions(
  sql: Sql,
  by: {
    readonly members: readonly Uuid[] | null;
    readonly merchant: Uuid | null;
    readonly programme: number | null;
    readonly states: readonly State[] | null;
    readonly kind: RewardKind | null;
    readonly stage: Stage | null;
  },
  /** What vouchers lapse by: the clock of each programme. */
  clocks: readonly { readonly programme: number; readonly now: Instant }[],
  after: Uuid | null,
  limit: number,
): Promise<Redemption[]> {
  const { rows } = await sql.query<Redemption>(
    `select ${COLUMNS} from redemption r
      where ($1::uuid[] is null or r.member = any ($1)) and ($2::uuid is null or r.merchant = $2)
        and ($3::int is null or r.programme = $3) and ($4::text[] is null or r.state = any ($4))
        and ($5::uuid is null or r.id < $5) and ($7::text is null or r.terms ->> 'kind' = $7)
        and ($8::text is null or $8 = ${STAGE})
      order by r.id desc limit $6`,
    [
      ...[by.members, by.merchant, by.programme, by.states, after, limit, by.kind, by.stage],
      int4s(clocks, ({ programme }) => programme),
      int8s(clocks, ({ now }) => now),
    ],
  );
  return rows;
}
