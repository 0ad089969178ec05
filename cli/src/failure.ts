import type { Facts, MessageCode } from './messages.ts';

export const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/**
 * An expected end of a command: `code` names a row of messages.ts, which says it in the caller's
 * language. Exit code 2 means that the command or a file it was given is at fault and nothing was
 * changed; 1 that it was refused or failed.
 */
export class Failure extends Error {
  readonly code: MessageCode;
  readonly facts: Facts;
  readonly exitCode: number;
  constructor(code: MessageCode, facts: Facts = {}, exitCode: number = EXIT_REFUSED) {
    super(code);
    this.name = 'Failure';
    this.code = code;
    this.facts = facts;
    this.exitCode = exitCode;
  }
}

/** A failure of what the caller typed or handed over. */
export function usage(code: MessageCode, facts: Facts = {}): Failure {
  return new Failure(code, facts, EXIT_USAGE);
}
