/**
 * True when a statement failed because the database could not be reached or went away, so that the same
 * statement may be sent again: network errors, class 08, and the shutdown and start-up states of class 57.
 */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') {
    if (code.startsWith('08') || code.startsWith('57P') || code === '53300') return true;
    return /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)/.test(code);
  }
  return /connection|terminat|timeout exceeded when trying to connect|not queryable/i.test(
    error.message,
  );
}
