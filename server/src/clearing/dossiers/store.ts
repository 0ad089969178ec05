import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Dossier, DossierKind, Requirement } from './dossier.ts';

const FIELDS = `d.id, d.programme, d.merchant, d.kind, c.number, c.document_no as "documentNo", c.issuing_body as "issuingBody",
  c.valid_from_ms as "validFrom", c.valid_until_ms as "validUntil", c.status, c.checked_at_ms as "checkedAt", c.reference,
  c.reason, c.changed_at_ms as "changedAt", c.actor`;
const LATEST = `select ${FIELDS} from dossier d
  join lateral (select * from dossier_change c where c.dossier = d.id order by c.number desc limit 1) c on true`;

/** Documents as they are now, of these merchants or (null) of all, by merchant. */
export async function readDossiers(
  sql: Sql,
  programme: number,
  merchants: readonly Uuid[] | null,
): Promise<Dossier[]> {
  const { rows } = await sql.query<Dossier>(
    `${LATEST} where d.programme = $1 and ($2::uuid[] is null or d.merchant = any ($2)) order by d.merchant, d.id`,
    [programme, merchants],
  );
  return rows;
}

export async function findDossier(sql: Sql, id: Uuid): Promise<Dossier | undefined> {
  const { rows } = await sql.query<Dossier>(`${LATEST} where d.id = $1`, [id]);
  return rows[0];
}

/** A document as it was made and changed, in that order. */
export async function readHistory(sql: Sql, id: Uuid): Promise<Dossier[]> {
  const { rows } = await sql.query<Dossier>(
    `select ${FIELDS} from dossier d join dossier_change c on c.dossier = d.id where d.id = $1 order by c.number`,
    [id],
  );
  return rows;
}

export interface DossierFilter {
  readonly programme: number;
  readonly merchant: Uuid | null;
  readonly kind: DossierKind | null;
}

/** Documents in the order in which they were made, after the document `after`. */
export async function listDossiers(
  sql: Sql,
  filter: DossierFilter,
  after: Uuid | null,
  limit: number,
): Promise<Dossier[]> {
  const { rows } = await sql.query<Dossier>(
    `${LATEST} where d.programme = $1 and ($2::uuid is null or d.merchant = $2) and ($3::text is null or d.kind = $3)
        and ($4::uuid is null or d.id > $4) order by d.id limit $5`,
    [filter.programme, filter.merchant, filter.kind, after, limit],
  );
  return rows;
}

export async function insertDossier(
  tx: Transaction,
  { id, programme, merchant, kind, changedAt }: Dossier,
): Promise<void> {
  await tx.query(
    'insert into dossier (id, programme, merchant, kind, made_at_ms) values ($1, $2, $3, $4, $5)',
    [id, programme, merchant, kind, changedAt],
  );
}

export async function insertDossierChange(tx: Transaction, to: Dossier, by: Uuid): Promise<void> {
  await tx.query(
    `insert into dossier_change (dossier, number, document_no, issuing_body, valid_from_ms, valid_until_ms, status,
        checked_at_ms, reference, reason, changed_at_ms, changed_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[to.id, to.number, to.documentNo, to.issuingBody, to.validFrom, to.validUntil, to.status],
      ...[to.checkedAt, to.reference, to.reason, to.changedAt, by, to.actor],
    ],
  );
}

/** What a programme asks for, from when on, as it was set. */
export async function readRequirements(
  sql: Sql,
  programme: number,
): Promise<(Requirement & { readonly setAt: Instant; readonly actor: string })[]> {
  const { rows } = await sql.query<Requirement & { setAt: Instant; actor: string }>(
    `select number, kinds, from_ms as "from", set_at_ms as "setAt", actor from dossier_requirement
      where programme = $1 order by number`,
    [programme],
  );
  return rows;
}

export async function insertRequirement(
  tx: Transaction,
  programme: number,
  { number, kinds, from }: Requirement,
  by: { readonly at: Instant; readonly key: Uuid; readonly actor: string },
): Promise<void> {
  await tx.query(
    `insert into dossier_requirement (programme, number, kinds, from_ms, set_at_ms, set_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    [programme, number, kinds, from, by.at, by.key, by.actor],
  );
}
