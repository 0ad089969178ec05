import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { alertsOf, type DossierAlert } from './alerts.ts';
import type { Requirement } from './dossier.ts';
import { readDossiers, readRequirements } from './store.ts';

/** A merchant of whose documents somebody should be told. */
export interface AlertedMerchant {
  readonly id: Uuid;
  readonly alerts: readonly DossierAlert[];
}

/** How many merchants are looked at together: most have nothing to tell. */
const PAGE = 500;

/** Merchants of a programme with alerts, by id, after the merchant `after`. */
export async function readAlerts(
  sql: Sql,
  filter: { readonly programme: number; readonly merchant: Uuid | null },
  now: Instant,
  after: Uuid | null,
  limit: number,
): Promise<AlertedMerchant[]> {
  const required = requiredAt(await readRequirements(sql, filter.programme), now);
  const found: AlertedMerchant[] = [];
  let last = after;
  for (;;) {
    const { rows } = await sql.query<{ id: Uuid }>(
      `select id from merchant where programme = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id > $3)
        order by id limit $4`,
      [filter.programme, filter.merchant, last, PAGE],
    );
    const ids = rows.map(({ id }) => id);
    const documents = await readDossiers(sql, filter.programme, ids);
    for (const id of ids) {
      const own = documents.filter(({ merchant }) => merchant === id);
      const alerts = alertsOf(id, own, required, now);
      if (alerts.length > 0) found.push({ id, alerts });
      if (found.length === limit) return found;
    }
    last = ids.at(-1) ?? null;
    if (ids.length < PAGE) return found;
  }
}

/** The kinds that are asked for at an instant. */
export function requiredAt(
  requirements: readonly Requirement[],
  at: Instant,
): Requirement['kinds'] {
  const begun = requirements.filter(({ from }) => from <= at);
  const [latest] = begun.sort((a, b) => b.from - a.from || b.number - a.number);
  return latest?.kinds ?? [];
}
