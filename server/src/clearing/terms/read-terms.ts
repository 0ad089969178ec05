import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { readVersions } from './store.ts';
import { type Cycle, inForceAt, type TermsBody } from './terms.ts';

/** The terms a merchant goes by at an instant (null: the standard ones): its own, else the standard ones; null: there are none by then. */
export async function termsAt(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
  at: Instant,
): Promise<TermsBody | null> {
  for (const owner of merchant === null ? [null] : [merchant, null]) {
    const versions = await readVersions(sql, programme, owner);
    const found = inForceAt(
      versions.filter(({ withdrawn }) => withdrawn === null),
      at,
    );
    if (found !== undefined) return found.body;
  }
  return null;
}

/** How often a programme settles by its standard terms at an instant; null: it is not cleared by then. */
export async function cycleAt(sql: Sql, programme: number, at: Instant): Promise<Cycle | null> {
  return (await termsAt(sql, programme, null, at))?.cycle ?? null;
}
