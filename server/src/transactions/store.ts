import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Proposal } from './proposal.ts';

const COLUMNS = `id, programme, point_type as "pointType", member, merchant, points, reason, reference, actor,
  expires_at_ms as "expiresAt", proposed_by as "proposedBy", proposed_at_ms as "proposedAt", approved_by as "approvedBy",
  approved_at_ms as "approvedAt"`;

export async function insertProposal(tx: Transaction, proposal: Proposal): Promise<void> {
  await tx.query(
    `insert into adjustment_proposal (id, programme, point_type, member, merchant, points, reason, reference, actor,
      expires_at_ms, proposed_by, proposed_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      proposal.id,
      proposal.programme,
      proposal.pointType,
      proposal.member,
      proposal.merchant,
      proposal.points,
      proposal.reason,
      proposal.reference,
      proposal.actor,
      proposal.expiresAt,
      proposal.proposedBy,
      proposal.proposedAt,
    ],
  );
}

export async function readProposals(sql: Sql, ids: readonly Uuid[]): Promise<Proposal[]> {
  const { rows } = await sql.query<Proposal>(
    `select ${COLUMNS} from adjustment_proposal where id = any ($1::uuid[])`,
    [uuids(ids)],
  );
  return rows;
}

/** Records who approved, unless somebody had; answers the proposal as it stands then. */
export async function approveProposal(
  tx: Transaction,
  id: Uuid,
  by: Uuid,
  now: Instant,
): Promise<Proposal | undefined> {
  await tx.query(
    `with approved as (
      update adjustment_proposal set approved_by = $2, approved_at_ms = $3 where id = $1 and approved_by is null returning id
    ) insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED.proposal}, $3 from approved`,
    [id, by, now],
  );
  return (await readProposals(tx, [id]))[0];
}
