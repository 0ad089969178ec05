import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Proposal, ProposalState } from './proposal.ts';

const COLUMNS = `id, programme, point_type as "pointType", member, merchant, points, reason, reference, actor,
  expires_at_ms as "expiresAt", proposed_by as "proposedBy", proposed_at_ms as "proposedAt", approved_by as "approvedBy",
  approved_at_ms as "approvedAt", refused_by as "refusedBy", refused_at_ms as "refusedAt", refusal_reason as "refusalReason"`;

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

/** Proposals newest first, before one. */
export async function listProposals(
  sql: Sql,
  filter: {
    readonly state: ProposalState | null;
    /** What was proposed before has expired. */
    readonly expired: Instant;
    readonly programme: number | null;
    readonly merchant: Uuid | null;
    readonly member: Uuid | null;
  },
  page: { readonly before: Uuid | null; readonly limit: number },
): Promise<Proposal[]> {
  const { rows } = await sql.query<Proposal>(
    `select ${COLUMNS} from adjustment_proposal
      where ($1::text is null or $1 = case when approved_by is not null then 'approved' when refused_by is not null then 'refused'
          when proposed_at_ms < $2 then 'expired' else 'proposed' end)
        and ($3::int is null or programme = $3) and ($4::uuid is null or merchant = $4) and ($5::uuid is null or member = $5)
        and ($6::uuid is null or id < $6)
      order by id desc limit $7`,
    [
      filter.state,
      filter.expired,
      filter.programme,
      filter.merchant,
      filter.member,
      page.before,
      page.limit,
    ],
  );
  return rows;
}

/** Records who refused and why, unless somebody had decided; answers the proposal as it stands then. */
export async function refuseProposal(
  tx: Transaction,
  id: Uuid,
  { by, reason, now }: { readonly by: Uuid; readonly reason: string; readonly now: Instant },
): Promise<Proposal | undefined> {
  await tx.query(
    `update adjustment_proposal set refused_by = $2, refused_at_ms = $3, refusal_reason = $4
      where id = $1 and approved_by is null and refused_by is null`,
    [id, by, now, reason],
  );
  return (await readProposals(tx, [id]))[0];
}

/** Records who approved, unless somebody had decided; answers the proposal as it stands then. */
export async function approveProposal(
  tx: Transaction,
  id: Uuid,
  by: Uuid,
  now: Instant,
): Promise<Proposal | undefined> {
  await tx.query(
    `with approved as (
      update adjustment_proposal set approved_by = $2, approved_at_ms = $3 where id = $1 and approved_by is null and refused_by is null returning id
    ) insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED.proposal}, $3 from approved`,
    [id, by, now],
  );
  return (await readProposals(tx, [id]))[0];
}
