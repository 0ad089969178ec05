import { createPool, type Pool } from '../platform/database.ts';

/**
 * The ledger's own connections. Its statements run thousands of times a second with arrays as
 * parameters, so their plans are made once (planning the load costs several times its execution) and
 * always walk indexes: a plan chosen while a table is still empty must stay right when it has grown.
 */
export function createLedgerPool(
  url: string,
  connections: number,
  onIdleError?: (error: Error) => void,
): Pool {
  return createPool({
    url,
    name: 'hongmi-ledger',
    connectionsMax: connections,
    settings: {
      plan_cache_mode: 'force_generic_plan',
      enable_seqscan: 'off',
      enable_bitmapscan: 'off',
      enable_material: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      jit: 'off',
    },
    ...(onIdleError === undefined ? {} : { onIdleError }),
  });
}
