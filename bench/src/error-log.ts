import type { AppOptions } from '@hongmi/server/http/app';

/** The application's log in a baseline: what went wrong, on stderr; like the ledger's it logs no requests. */
export function errorLog(
  tell: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): AppOptions['log'] {
  const silent = (): void => undefined;
  const told = (...given: unknown[]): void => tell(given.map(textOf).join(' '));
  const log = {
    level: 'warn',
    trace: silent,
    debug: silent,
    info: silent,
    silent,
    warn: told,
    error: told,
    fatal: told,
    child: () => log,
  } as AppOptions['log'];
  return log;
}

function textOf(given: unknown): string {
  const { err } = given as { err?: unknown };
  if (err instanceof Error) return err.stack ?? err.message;
  return typeof given === 'string' ? given : JSON.stringify(given);
}
