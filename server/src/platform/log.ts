import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import type { LogLevel } from './config.ts';

/** JSON lines on stderr (stdout is for what a person asked for), or wherever `to` says. */
export function createLog(
  level: LogLevel,
  to: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  return pino({ level, serializers: { req: showRequest, err: showError } }, to);
}

/** Without the query, which may carry a phone number, and the headers, which carry keys. */
function showRequest({ method, url = '' }: { method?: string; url?: string }): object {
  return { method, path: url.split('?', 1)[0] };
}

const CAUSES_MAX = 5;

/**
 * Name, code, message and stack. An error of the database carries its client along, with the values of
 * the statement it was sending, and a `detail` that quotes rows: none of that belongs in a log.
 */
function showError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const shown = { type: name, code, constraint, message, stack };
  return cause === undefined || depth >= CAUSES_MAX
    ? shown
    : { ...shown, cause: showError(cause, depth + 1) };
}
