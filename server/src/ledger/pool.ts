import { createPool, type Pool } from '../platform/database.ts';
import { CONNECTIONS_PER_BATCH } from './storage.ts';

/**
 * The ledger's own connections. Its statements run thousands of times a second with arrays as
 * parameters, so their plans are made once (planning the load costs several times its execution) and
 * always walk indexes: a plan chosen while a table is still empty must stay right when it has grown.
 * `batches` may be under way at once.
 */
export function createLedgerPool(
  url: string,
  batches: number,
  onIdleError?: (error: Error) => void,
): Pool {
  return createPool({
    url,
    name: 'hongmi-ledger',
    connectionsMax: batches * CONNECTIONS_PER_BATCH,
    settings: {
      plan_cache_mode: 'force_generic_plan',
      enable_seqscan: 'off',
      enable_bitmapscan: 'off',
      enable_material: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      jit: 'off',
      // A process that hangs must not keep the others waiting for its turn.
      lock_timeout: '2s',
    },
    ...(onIdleError === undefined ? {} : { onIdleError }),
  });
}
