import type { Instant } from '../kernel/clock.ts';
import { shardOf, type Uuid } from '../kernel/id.ts';
import { int2s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { NewLot } from './command.ts';

interface Row {
  readonly id: Uuid;
  readonly issuer: Uuid;
  readonly funders: Uuid[] | null;
  readonly shares: number[] | null;
  readonly ruleVersion: Uuid | null;
  readonly evidence: string | null;
  readonly unitCost: number | null;
  readonly availableAt: number;
  readonly expiresAt: number | null;
  readonly slideMonths: number | null;
  readonly root: Uuid | null;
  readonly isPending: boolean;
}

/** The terms a lot was made with, which never change: `expiresAt` is the one it had then. */
export interface MadeTerms {
  readonly terms: NewLot;
  /** It still waits to become available, or did when its last points left it. */
  readonly isPending: boolean;
}

/**
 * The terms with which points of a lot go to another account that left it at `sentAt`. What was released before its time
 * does not begin to wait again: it is available there from then on. Always the same for the same sending: what still waited
 * then left as a whole, and a lot without points is not released.
 */
export function termsSent({ terms, isPending }: MadeTerms, sentAt: Instant): NewLot {
  return isPending || terms.availableAt <= sentAt ? terms : { ...terms, availableAt: sentAt };
}

export async function readTermsOfLots(
  sql: Sql,
  lots: readonly Uuid[],
): Promise<Map<Uuid, MadeTerms>> {
  if (lots.length === 0) return new Map();
  const { rows } = await sql.query<Row>({
    name: 'ledger-lot-terms',
    text: `select l.id, l.issuer, l.funders, l.funder_shares as shares, l.rule_version as "ruleVersion",
        encode(l.evidence, 'hex') as evidence, l.unit_cost as "unitCost", l.available_at_ms as "availableAt",
        l.made_expires_at_ms as "expiresAt", l.slide_months as "slideMonths", l.root, l.pending as "isPending"
      from unnest($1::int2[], $2::uuid[]) as w (shard, id)
      cross join lateral (select * from ledger.lot l where l.shard = w.shard and l.id = w.id offset 0) l`,
    values: [int2s(lots, shardOf), uuids(lots)],
  });
  return new Map(
    rows.map(({ id, shares, funders, slideMonths, root, isPending, ...terms }) => {
      const paying = funders?.map((merchant, place) => ({ merchant, share: shares?.[place] ?? 0 }));
      const slides = slideMonths === null ? {} : { slideMonths };
      const came = root === null ? {} : { root };
      return [id, { terms: { ...terms, ...slides, ...came, funders: paying ?? null }, isPending }];
    }),
  );
}
