/**
 * States in which the database cannot answer at the moment, whatever it was asked: the connection's own
 * (08), too little memory, disk or connections (53), a read-only standby, a lock or a statement that took
 * too long, a transaction that stood still or took too long (25P03, 25P04: as on a machine that is busy elsewhere),
 * shutdown and start (57P), an I/O error of its machine.
 */
const UNAVAILABLE_STATE = /^(08...|53...|25006|25P0[34]|55P03|57014|57P..|58030)$/;

export function isUnavailableState(state: string): boolean {
  return UNAVAILABLE_STATE.test(state);
}

/**
 * True when a statement failed for a reason that passes by itself, so that the same statement may be sent
 * again: network errors, a state in which the database cannot answer, or another transaction in between.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') {
    if (isUnavailableState(code) || code === '40001' || code === '40P01') return true;
    return /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)/.test(code);
  }
  return /connection|terminat|timeout exceeded when trying to connect|not queryable/i.test(
    error.message,
  );
}
