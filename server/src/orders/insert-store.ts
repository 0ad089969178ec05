import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { bools, byteas, int2s, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import { databaseFailure, type Sql } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Order, OrderLine } from './order.ts';

type NewOrder = Order & { readonly lines: readonly OrderLine[] };

// One statement is one transaction: an order, its lines, its awards and its place in the queue of the
// unsettled appear together or not at all. Arrival numbers follow the order of the request; the insert
// itself goes by key, so that two statements never wait for each other crosswise. Orders that earn by
// their merchant's ratio alone, which is nearly all of them, are not made to carry the columns of the others.
function insertStatement(ruled: boolean): string {
  const only = (text: string): string => (ruled ? text : '');
  // Certificates are locked against being revoked meanwhile: after a revocation no goods are recorded on them.
  return `
  with ${only(`standing as materialized (
    select id from certificate where id = any ($41::uuid[]) and revoked_at_ms is null order by id for share
  ), fallen as (
    select l.place from unnest($18::int4[], $41::uuid[]) as l (place, certificate)
    where l.certificate is not null and l.certificate not in (select id from standing)
  ), `)}incoming as (
    select told.*, nextval('order_arrival') as arrival from (
      select * from unnest($1::uuid[], $2::int4[], $3::int4[], $4::uuid[], $5::uuid[], $6::text[], $7::int8[], $8::int8[],
        $9::text[], $10::int8[], $11::int8[], $12::int8[], $13::int8[], $14::text[], $15::text[], $16::bytea[]${only(
          ', $25::int8[], $26::text[], $27::bool[], $43::int2[]',
        )})
        with ordinality as t (id, programme, point_type, merchant, member, order_no, paid_at_ms, effective_at_ms, source,
          earn_points, earn_per_fen, net_fen, points_earned, no_points_reason, request_key, fingerprint${only(
            ', expires_at_ms, occasion, awarded, slide_months',
          )}, place)
      ${only('where place not in (select place from fallen)')} order by place
    ) told
  ), placed as (
    insert into orders (id, arrival, programme, point_type, merchant, member, order_no, paid_at_ms, effective_at_ms, source,
      earn_points, earn_per_fen, net_fen, points_earned, due_fen, points_due, no_points_reason, request_key, fingerprint,
      recorded_at_ms${only(', expires_at_ms, occasion, slide_months')})
    select id, arrival, programme, point_type, merchant, member, order_no, paid_at_ms, effective_at_ms, source,
      earn_points, earn_per_fen, net_fen, points_earned, net_fen, points_earned, no_points_reason, request_key, fingerprint,
      $17${only(', expires_at_ms, occasion::jsonb, slide_months')}
    from incoming order by merchant, order_no, place
    on conflict do nothing
    returning id, net_fen, merchant, order_no
  ), lined as (
    insert into order_line (order_id, line_no, sku, name, category, quantity, amount_fen${only(
      ', brand, zone, green_certificate, certificate, green',
    )})
    select i.id, l.line_no, l.sku, l.name, l.category, l.quantity, l.amount_fen${only(
      ', l.brand, l.zone, l.green_certificate, l.certificate, l.green',
    )}
    from unnest($18::int4[], $19::int4[], $20::text[], $21::text[], $22::text[], $23::int4[], $24::int8[]${only(
      ', $28::text[], $29::text[], $30::text[], $41::uuid[], $42::text[]',
    )})
      as l (place, line_no, sku, name, category, quantity, amount_fen${only(
        ', brand, zone, green_certificate, certificate, green',
      )})
    join incoming i on i.place = l.place join placed p on p.id = i.id
  ), ${only(`awarded as (
    insert into order_award (order_id, place, earn, rule_version, point_type, points, due, available_at_ms, expires_at_ms,
      funders, limits, slide_months, on_completion)
    select a.order_id, a.place, a.earn, a.rule_version, a.point_type, a.points, a.points, a.available_at_ms, a.expires_at_ms,
      a.funders::jsonb, a.limits::jsonb, a.slide_months, a.on_completion
    from unnest($31::uuid[], $32::int4[], $33::uuid[], $34::uuid[], $35::int4[], $36::int8[], $37::int8[], $38::int8[],
        $39::text[], $40::text[], $44::int2[], $45::bool[])
      as a (order_id, place, earn, rule_version, point_type, points, available_at_ms, expires_at_ms, funders, limits, slide_months,
        on_completion)
    join placed p on p.id = a.order_id
  ), `)}waiting as (
    insert into unsettled (id, kind, since_ms)
    select ${ruled ? 'p.id' : 'id'}, ${UNSETTLED.order}, $17 from placed${
      ruled
        ? ' p join incoming i on i.id = p.id where i.net_fen > 0 or i.awarded'
        : ' where net_fen > 0'
    }
  )
  select id, exists (select from goods_return r
    where r.merchant = placed.merchant and r.order_no = placed.order_no and r.state = 'waiting') as awaited
  from placed`;
}

const INSERT_PLAIN = insertStatement(false);
const INSERT_RULED = insertStatement(true);

const ATTEMPTS_MAX = 4;

/**
 * Records orders; answers the ids of those whose merchant and number (and key) were not taken, and whose certificates still
 * stand, each with whether returns were told before it and wait for it.
 */
export async function insertOrders(
  sql: Sql,
  orders: readonly NewOrder[],
  now: Instant,
): Promise<Map<Uuid, boolean>> {
  const lines: OrderLine[] = [];
  const places: number[] = [];
  for (const [index, order] of orders.entries()) {
    for (const line of order.lines) {
      lines.push(line);
      places.push(index + 1);
    }
  }
  const plain = [
    uuids(orders, (order) => order.id),
    int4s(orders, (order) => order.programme),
    int4s(orders, (order) => order.pointType),
    uuids(orders, (order) => order.merchant),
    uuids(orders, (order) => order.member),
    texts(orders, (order) => order.orderNo),
    int8s(orders, (order) => order.paidAt),
    int8s(orders, (order) => order.effectiveAt),
    texts(orders, (order) => order.source),
    int8s(orders, (order) => order.ratio.points),
    int8s(orders, (order) => order.ratio.perFen),
    int8s(orders, (order) => order.netFen),
    int8s(orders, (order) => order.pointsEarned),
    texts(orders, (order) => order.noPointsReason),
    texts(orders, (order) => order.requestKey),
    byteas(orders, (order) => order.fingerprint),
    now,
    int4s(places),
    int4s(lines, (line) => line.lineNo),
    texts(lines, (line) => line.sku),
    texts(lines, (line) => line.name),
    texts(lines, (line) => line.category),
    int4s(lines, (line) => line.quantity),
    int8s(lines, (line) => line.amountFen),
  ];
  const statement = orders.every(isPlain)
    ? { name: 'orders-insert', text: INSERT_PLAIN, values: plain }
    : {
        name: 'orders-insert-ruled',
        text: INSERT_RULED,
        values: [...plain, ...ruledColumns(orders, lines)],
      };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await sql.query<{ id: Uuid; awaited: boolean }>(statement);
      return new Map(rows.map(({ id, awaited }) => [id, awaited]));
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || databaseFailure(error) !== 'conflict') throw error;
    }
  }
}

function isPlain(order: NewOrder): boolean {
  return (
    order.occasion === null &&
    order.awards.length === 0 &&
    order.expiresAt === null &&
    !hasCircumstances(order) &&
    order.lines.every(
      ({ brand, zone, greenCertificate }) =>
        brand === null && zone === null && greenCertificate === null,
    )
  );
}

function hasCircumstances({ store, channel, tenders }: Order): boolean {
  return store !== null || channel !== null || tenders.length > 0;
}

function occasionJson(order: Order): string | null {
  if (order.occasion === null && !hasCircumstances(order)) return null;
  const { store, channel, tenders, occasion } = order;
  return JSON.stringify({ store, channel, tenders, rated: occasion });
}

function ruledColumns(orders: readonly NewOrder[], lines: readonly OrderLine[]): unknown[] {
  const awards = orders.flatMap(({ id, awards: own }) =>
    own.map((award) => ({ ...award, order: id })),
  );
  return [
    int8s(orders, (order) => order.expiresAt),
    texts(orders, occasionJson),
    bools(orders, (order) => order.awards.length > 0),
    texts(lines, (line) => line.brand),
    texts(lines, (line) => line.zone),
    texts(lines, (line) => line.greenCertificate),
    uuids(awards, (award) => award.order),
    int4s(awards, (award) => award.place),
    uuids(awards, (award) => award.earn),
    uuids(awards, (award) => award.version),
    int4s(awards, (award) => award.pointType),
    int8s(awards, (award) => award.points),
    int8s(awards, (award) => award.availableAt),
    int8s(awards, (award) => award.expiresAt),
    texts(awards, ({ funders }) => (funders === null ? null : JSON.stringify(funders))),
    texts(awards, ({ limits }) => (limits.length === 0 ? null : JSON.stringify(limits))),
    uuids(lines, (line) => line.certificate),
    texts(lines, (line) => line.green),
    int2s(orders.map((order) => order.slideMonths)),
    int2s(awards.map((award) => award.slideMonths)),
    bools(awards, (award) => award.onCompletion),
  ];
}
