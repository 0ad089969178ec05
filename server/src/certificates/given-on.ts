import type { Uuid } from '../kernel/id.ts';
import type { Pool, Sql } from '../platform/database.ts';
import type { Certificate, Charge, Charged } from './certificate.ts';

/** Whoever records what gives points on certificates; each tells of its own. */
export interface GivenOn {
  /** Whether the ledger is not known to have answered for everything that was recorded on a certificate. */
  hasUnsettled(sql: Sql, certificate: Uuid): Promise<boolean>;
  /**
   * Earns that the ledger has answered for and nobody was charged with for this certificate yet, page by page, with
   * the points that were given on it (none: then so much is known). Walked once: looking again for what is not
   * charged would pass by all that is, page after page.
   */
  walkUncharged(pool: Pool, certificate: Certificate): AsyncIterable<readonly Charge[]>;
  /** Of charges those for what it gave, with what they come to by what has come back since. */
  chargesNow(pool: Pool, charges: readonly Charged[]): Promise<readonly Charged[]>;
}
