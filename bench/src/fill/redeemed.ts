import { withClient } from '../naive/prepare.ts';
import type { LedgerServer } from '../processes/server.ts';

/** What the database holds of redemptions, and of the stock of a reward (of all rewards together when none is named). */
export interface Redeemed {
  readonly fulfilled: number;
  readonly refused: number;
  /** On their way. */
  readonly open: number;
  readonly vouchers: number;
  readonly units: number;
  readonly sold: number;
  readonly reserved: number;
  /** Null: of all rewards together, or without limit. */
  readonly total: number | null;
}

/** `reward`: as the database has it; null: all. */
export async function readRedeemed(
  ledger: LedgerServer,
  reward: string | null = null,
): Promise<Redeemed> {
  const { rows } = await withClient(ledger.databaseUrl, (client) =>
    client.query<Redeemed>(
      `select count(*) filter (where r.state = 'fulfilled') as fulfilled,
         count(*) filter (where r.state = 'refused') as refused,
         count(*) filter (where r.state not in ('fulfilled', 'refused')) as open,
         coalesce(sum(r.quantity) filter (where r.state = 'fulfilled'), 0)::int8 as units,
         (select count(*) from voucher v join redemption o on o.id = v.redemption
           where $1::uuid is null or o.reward = $1) as vouchers,
         (select coalesce(sum(sold), 0)::int8 from reward_stock where $1::uuid is null or reward = $1) as sold,
         (select coalesce(sum(reserved), 0)::int8 from reward_stock where $1::uuid is null or reward = $1) as reserved,
         (select total from reward_stock where reward = $1) as total
       from redemption r where $1::uuid is null or r.reward = $1`,
      [reward],
    ),
  );
  const [found] = rows;
  if (found === undefined) throw new Error('a count has a row');
  return found;
}

/** Fails unless everything came to an end, and what is sold is what was handed out, and no more than there was. */
export function assertWhole(found: Redeemed): void {
  const { open, reserved, sold, units, vouchers, total } = found;
  const isWhole = open === 0 && reserved === 0 && sold === units && vouchers === units;
  if (!isWhole || (total !== null && sold > total))
    throw new Error(`the redemptions do not add up: ${JSON.stringify(found)}`);
}
