import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../database.ts';
import type { PublishingProgramme } from './published.ts';

const PROGRAMME = `select id, code, time_zone as "timeZone", clock_offset_ms as "clockOffsetMs",
  rule_notice_days as "ruleNoticeDays" from programme`;

/** The programme; its clock stays as it is until the transaction ends. */
export async function lockProgramme(tx: Transaction, id: number): Promise<PublishingProgramme> {
  const { rows } = await tx.query<PublishingProgramme>(
    `${PROGRAMME} where id = $1 for no key update`,
    [id],
  );
  if (rows[0] === undefined) throw new Error(`there is no programme ${id}`);
  return rows[0];
}

/** The programme of this number or code, or the one that a merchant takes part in. */
export async function findProgramme(
  tx: Transaction,
  by: { readonly id?: number; readonly code?: string; readonly merchant?: Uuid },
): Promise<PublishingProgramme | undefined> {
  const { rows } = await tx.query<PublishingProgramme>(
    `${PROGRAMME} where id = $1 or code = $2 or id = (select programme from merchant where id = $3)`,
    [by.id ?? null, by.code ?? null, by.merchant ?? null],
  );
  return rows[0];
}
