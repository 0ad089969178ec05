import type { Scope } from '../platform/web/auth.ts';

/**
 * What tills and partners' systems do all day: the ledger and the registers say who did it, thousands of times a second. By
 * an API key it is not written down here again; by a person it is.
 */
const EVERYDAY: ReadonlySet<Scope> = new Set<Scope>([
  'points:write',
  'points:read',
  'points:overdraft',
  'points:backdate',
  'orders:write',
  'activities:write',
  'members:write',
  'consents:write',
  'messages:receive',
  'tiers:use',
  'redemptions:write',
  'vouchers:use',
  'deliveries:handle',
  'after-sales:write',
]);

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A route, as far as it matters here. */
export interface AuditableRoute {
  readonly method: string | readonly string[];
  readonly config?:
    | { readonly scopes?: readonly Scope[] | string; readonly audited?: boolean }
    | undefined;
}

/** Whose requests to a route are written down: those of all who ask, of persons alone, or nobody's. */
export function whoseOf({ method, config }: AuditableRoute): 'all' | 'persons' | 'nobody' {
  const { scopes = 'public', audited = false } = config ?? {};
  if (typeof scopes === 'string') return 'nobody';
  if ([method].flat().every((each) => READS.has(each))) return audited ? 'all' : 'nobody';
  return scopes.every((scope) => EVERYDAY.has(scope)) ? 'persons' : 'all';
}
