import { totalmem } from 'node:os';

/**
 * What makes a commit survive a power cut. Always last on the command line, which no ALTER SYSTEM
 * can override.
 */
export const DURABLE_SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
} as const;

const MIB = 1024 * 1024;

/**
 * postgres' arguments after `-D`; `extra` may change anything but durability, address and the
 * identity mark.
 */
export function serverArguments(options: {
  port: number;
  identity: string;
  extra: Readonly<Record<string, string>>;
}): string[] {
  const settings: Record<string, string> = {
    ...defaults(),
    ...options.extra,
    ...DURABLE_SETTINGS,
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // A socket's path is limited to 107 bytes and its folder would need rights for two users; TCP
    // needs neither.
    unix_socket_directories: '',
    [IDENTITY_SETTING]: options.identity,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Stands in the process's command line so that it can be recognised without any right to look into
 * it.
 */
export const IDENTITY_SETTING = 'hongmi.cluster';

function defaults(): Record<string, string> {
  const memory = usableMemory();
  const clamp = (value: number, least: number, most: number) =>
    Math.round(Math.min(Math.max(value, least), most));
  return {
    max_connections: '100',
    // Taken only as it is needed. With 256 MB a command on a million members missed it six times.
    shared_buffers: `${clamp(memory / 16 / MIB, 32, 2048)}MB`,
    effective_cache_size: `${clamp(memory / 2 / MIB, 64, 65_536)}MB`,
    maintenance_work_mem: `${clamp(memory / 64 / MIB, 16, 256)}MB`,
    max_wal_size: '4GB',
    // This build has pglz alone, which takes 100 µs and more for each page image: after a checkpoint a command
    // on a large ledger cost six times the processor time, to save half of the log.
    wal_compression: 'off',
    checkpoint_timeout: '15min',
    random_page_cost: '1.1',
    // Our statements are short: compiling one costs more than it saves.
    jit: 'off',
    log_line_prefix: '%m [%p] ',
    // Members' data must not reach the log through statements or constraint details.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
  };
}

/** A container's limit counts, not the machine's memory. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
