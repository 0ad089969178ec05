import type { Instant } from '../kernel/clock.ts';
import type { SaidGreen } from '../kernel/green-standing.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Certificate, Certified, Charge, Charged } from './certificate.ts';

interface Row {
  id: Uuid;
  merchant: Uuid;
  number: string;
  issuing_body: string;
  scope: string[];
  valid_from_ms: Instant;
  valid_until_ms: Instant;
  last_checked_at_ms: Instant;
  revoked_at_ms: Instant | null;
  revoked_by: string | null;
  revoked_why: string | null;
  created_at_ms: Instant;
}

const COLUMNS = `c.id, c.merchant, c.number, c.issuing_body, c.scope, c.valid_from_ms, c.valid_until_ms, c.last_checked_at_ms,
  c.revoked_at_ms, c.revoked_by, c.revoked_why, c.created_at_ms`;

function certificateOf(row: Row): Certificate {
  const { revoked_at_ms: at, revoked_by: actor, revoked_why: reason } = row;
  return {
    id: row.id,
    merchant: row.merchant,
    number: row.number,
    issuingBody: row.issuing_body,
    scope: row.scope,
    validFrom: row.valid_from_ms,
    validUntil: row.valid_until_ms,
    lastCheckedAt: row.last_checked_at_ms,
    revoked: at === null || actor === null || reason === null ? null : { at, actor, reason },
    createdAt: row.created_at_ms,
  };
}

/** False when the body has issued a certificate of this number already. */
export async function insertCertificate(tx: Transaction, made: Certificate): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into certificate (id, merchant, number, issuing_body, scope, valid_from_ms, valid_until_ms, last_checked_at_ms,
       created_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      made.id,
      made.merchant,
      made.number,
      made.issuingBody,
      made.scope,
      made.validFrom,
      made.validUntil,
      made.lastCheckedAt,
      made.createdAt,
    ],
  );
  return rowCount === 1;
}

export async function findCertificate(sql: Sql, id: Uuid): Promise<Certificate | undefined> {
  const { rows } = await sql.query<Row>(`select ${COLUMNS} from certificate c where id = $1`, [id]);
  return rows[0] === undefined ? undefined : certificateOf(rows[0]);
}

/** The same, locked: nothing is recorded on it until the transaction ends. */
export async function lockCertificate(tx: Transaction, id: Uuid): Promise<Certificate | undefined> {
  await tx.query('select from certificate where id = $1 for update', [id]);
  return findCertificate(tx, id);
}

/** Certificates by age, of all merchants when `merchant` is null. */
export async function listCertificates(
  sql: Sql,
  merchant: Uuid | null,
  after: Uuid | null,
  limit: number,
): Promise<Certificate[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from certificate c where ($1::uuid is null or merchant = $1) and ($2::uuid is null or id > $2)
      order by id limit $3`,
    [merchant, after, limit],
  );
  return rows.map(certificateOf);
}

/** Writes what may change of a certificate. */
export async function updateCertificate(tx: Transaction, to: Certificate): Promise<void> {
  await tx.query(
    `update certificate set scope = $2, valid_until_ms = $3, last_checked_at_ms = $4, revoked_at_ms = $5, revoked_by = $6,
       revoked_why = $7 where id = $1`,
    [
      to.id,
      to.scope,
      to.validUntil,
      to.lastCheckedAt,
      to.revoked?.at ?? null,
      to.revoked?.actor ?? null,
      to.revoked?.reason ?? null,
    ],
  );
}

/** Notes that the merchant of a certificate must be charged. */
export async function queueCharges(
  tx: Transaction,
  certificate: Uuid,
  now: Instant,
): Promise<void> {
  await tx.query('insert into unsettled (id, kind, since_ms) values ($1, $2, $3)', [
    certificate,
    UNSETTLED.revocation,
    now,
  ]);
}

/** What stands behind each; see {@link Certified}. */
export async function readBehind(sql: Sql, asked: readonly Certified[]): Promise<(Uuid | null)[]> {
  const { rows } = await sql.query<{ id: Uuid | null }>({
    name: 'certificates-behind',
    text: `select c.id from unnest($1::uuid[], $2::text[], $3::int8[]) with ordinality as a (merchant, behaviour, at, place)
      left join lateral (
        select c.id from certificate c
        where c.merchant = a.merchant and a.behaviour = any (c.scope) and c.revoked_at_ms is null
          and c.valid_from_ms <= a.at and a.at < c.valid_until_ms
        order by c.valid_until_ms desc, c.id limit 1
      ) c on true order by a.place`,
    values: [
      uuids(asked, (each) => each.merchant),
      texts(asked, (each) => each.behaviour),
      int8s(asked, (each) => each.at),
    ],
  });
  return rows.map(({ id }) => id);
}

/** The certificates of each merchant that have the number, or are the one, that was named; answered in order. */
export async function readNamed(
  sql: Sql,
  asked: readonly Pick<SaidGreen, 'merchant' | 'certificate'>[],
): Promise<Certificate[][]> {
  const { rows } = await sql.query<Row & { place: number }>({
    name: 'certificates-named',
    text: `select a.place::int4, ${COLUMNS}
      from unnest($1::uuid[], $2::text[], $3::uuid[]) with ordinality as a (merchant, number, id, place)
      cross join lateral (
        select * from certificate c where c.merchant = a.merchant and c.number = a.number
        union
        select * from certificate c where c.merchant = a.merchant and c.id = a.id
      ) c`,
    values: [
      uuids(asked, ({ merchant }) => merchant),
      texts(asked, ({ certificate }) => certificate),
      uuids(asked, ({ certificate }) => readId('certificate', certificate) ?? null),
    ],
  });
  const found = asked.map((): Certificate[] => []);
  for (const row of rows) found[row.place - 1]?.push(certificateOf(row));
  return found;
}

/** Those of these that exist. */
export async function readCertificates(sql: Sql, ids: readonly Uuid[]): Promise<Certificate[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from certificate c where id = any ($1::uuid[]) order by id`,
    [uuids(ids)],
  );
  return rows.map(certificateOf);
}

/** Charges the merchant with these earns, each once. */
export async function insertCharges(
  sql: Sql,
  { id, merchant }: Certificate,
  charges: readonly Charge[],
  now: Instant,
): Promise<void> {
  await sql.query({
    name: 'certificate-charges',
    text: `insert into certificate_charge (transaction, certificate, merchant, programme, point_type, points, charged_at_ms)
      select c.transaction, $1, $2, c.programme, c.point_type, c.points, $3
      from unnest($4::uuid[], $5::int4[], $6::int4[], $7::int8[]) as c (transaction, programme, point_type, points)
      order by c.transaction on conflict do nothing`,
    values: [
      id,
      merchant,
      now,
      uuids(charges, (each) => each.transaction),
      int4s(charges, (each) => each.programme),
      int4s(charges, (each) => each.pointType),
      int8s(charges, (each) => each.points),
    ],
  });
}

/** What merchants are charged with of these earns, by any certificate, in the order in which they were charged. */
export async function readChargesOf(sql: Sql, transactions: readonly Uuid[]): Promise<Charged[]> {
  const { rows } = await sql.query<Charged>({
    name: 'certificate-charges-of',
    text: `select transaction, certificate, points from certificate_charge where transaction = any ($1::uuid[])
      order by charged_at_ms, certificate, transaction`,
    values: [uuids(transactions)],
  });
  return rows;
}

/** Lowers charges to these. They are never raised, so whoever does this last, and by whatever he read, leaves the least. */
export async function updateCharges(sql: Sql, charges: readonly Charged[]): Promise<void> {
  await sql.query({
    name: 'certificate-charges-lower',
    text: `update certificate_charge c set points = t.points
      from unnest($1::uuid[], $2::uuid[], $3::int8[]) as t (transaction, certificate, points)
      where c.transaction = t.transaction and c.certificate = t.certificate and c.points > t.points`,
    values: [
      uuids(charges, (each) => each.transaction),
      uuids(charges, (each) => each.certificate),
      int8s(charges, (each) => each.points),
    ],
  });
}

/** What a certificate's merchant is charged with so far, added up. */
export async function readCharged(
  sql: Sql,
  certificate: Uuid,
): Promise<Omit<Charge, 'transaction'>[]> {
  const { rows } = await sql.query<Omit<Charge, 'transaction'>>(
    `select programme, point_type as "pointType", sum(points)::int8 as points from certificate_charge
      where certificate = $1 group by programme, point_type having sum(points) > 0 order by programme, point_type`,
    [certificate],
  );
  return rows;
}
