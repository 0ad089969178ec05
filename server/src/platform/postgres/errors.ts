/** What went wrong, for code; the message says it to a person, with what to do. */
export type DatabaseStartCode =
  | 'binaries_missing'
  | 'database_broken'
  | 'database_busy'
  | 'database_newer'
  | 'database_older'
  | 'database_password_missing'
  | 'database_password_wrong'
  | 'database_not_durable'
  | 'database_unsuitable'
  | 'disk_full'
  | 'memory_short'
  | 'permission_denied'
  | 'port_taken'
  | 'root_not_supported'
  | 'start_failed';

export class DatabaseStartError extends Error {
  readonly code: DatabaseStartCode;

  constructor(code: DatabaseStartCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseStartError';
    this.code = code;
  }
}

/** Turns a failed file operation into a start error; anything unexpected is returned as it is. */
export function fromFileError(error: unknown, doing: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DatabaseStartError(
      'disk_full',
      `The disk is full: ${doing} failed (${message}). Free some space and start again; nothing was lost.`,
      { cause: error },
    );
  }
  // ENOENT: what a recursive mkdir says on a read-only file system.
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') {
    return new DatabaseStartError(
      'permission_denied',
      `No permission for ${doing} (${message}). Start as the user who owns the data directory, give that user write ` +
        `access to it, or choose another data directory.`,
      { cause: error },
    );
  }
  return error;
}

/**
 * The reason hidden in what initdb or postgres printed, or undefined when it is none of the known
 * ones.
 */
export function fromPostgresOutput(output: string, doing: string): DatabaseStartError | undefined {
  const detail = `\n${lastLines(output, 6)}`;
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(output)) {
    return new DatabaseStartError(
      'disk_full',
      `The disk is full: ${doing} failed. Free some space and start again; nothing was lost.${detail}`,
    );
  }
  if (
    /could not map anonymous shared memory|could not create shared memory|Cannot allocate memory/.test(
      output,
    )
  ) {
    return new DatabaseStartError(
      'memory_short',
      `Not enough memory for the database: ${doing} failed. Free some memory and start again.${detail}`,
    );
  }
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(output)) {
    return new DatabaseStartError(
      'database_busy',
      `Another PostgreSQL process still uses this data directory and is not one that can be adopted. ` +
        `Stop it and start again; nothing was touched.${detail}`,
    );
  }
  if (
    /Permission denied|Operation not permitted|Read-only file system|wrong ownership/.test(output)
  ) {
    return new DatabaseStartError(
      'permission_denied',
      `${doing} failed for lack of permission. Start as the user who owns the data directory.${detail}`,
    );
  }
  return undefined;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
