import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { readPointTypes, readTiers } from '../platform/publishing/reference-store.ts';
import type { Known } from './known.ts';

/** Of what is named, that which is there for an owner in a programme. */
export async function readKnown(
  tx: Transaction,
  programme: number,
  merchant: Uuid | null,
  named: {
    readonly merchants?: readonly Uuid[];
    readonly rewards?: readonly Uuid[];
    readonly fund?: string | undefined;
  },
): Promise<Known> {
  const stores = await tx.query<{ id: Uuid; codes: string[] }>(
    `select m.id, array(select s.code from store s where s.merchant = m.id) as codes
      from merchant m where m.programme = $1 and m.id = any ($2::uuid[])`,
    [programme, named.merchants ?? []],
  );
  const rewards = await tx.query<{ id: Uuid }>(
    `select id from reward where programme = $1 and merchant is not distinct from $2 and id = any ($3::uuid[])`,
    [programme, merchant, named.rewards ?? []],
  );
  const funds = await tx.query<{ code: string }>(
    'select code from fund where programme = $1 and code = $2',
    [programme, named.fund ?? null],
  );
  return {
    merchant,
    tiers: await readTiers(tx, programme, merchant),
    pointTypes: await readPointTypes(tx, programme),
    stores: new Map(stores.rows.map(({ id, codes }) => [id, new Set(codes)])),
    funds: new Set(funds.rows.map(({ code }) => code)),
    rewards: new Set(rewards.rows.map(({ id }) => id)),
  };
}
