import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const TICKS_PER_SECOND = 100;

/**
 * Processor seconds that PostgreSQL's processes used so far, those that have ended included; undefined
 * where the system does not tell (only Linux does).
 */
function databaseCpuSeconds(dataDir: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const postmaster = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split(
    '\n',
    1,
  )[0];
  let ticks = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = readStat(pid);
    if (stat === undefined) continue;
    // Own time, and for the postmaster that of the children it has buried.
    if (pid === postmaster) ticks += stat.own + stat.buried;
    else if (stat.parent === postmaster) ticks += stat.own;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Processor seconds a process used so far; undefined when it has ended or the system does not tell. */
export function processCpuSeconds(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const own = readStat(String(pid))?.own;
  return own === undefined ? undefined : own / TICKS_PER_SECOND;
}

function readStat(
  pid: string,
): { parent: string | undefined; own: number; buried: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold spaces; the fields behind it are numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [userTicks, systemTicks, buriedUser, buriedSystem] = fields.slice(11, 15).map(Number);
    return {
      parent: fields[1],
      own: (userTicks ?? 0) + (systemTicks ?? 0),
      buried: (buriedUser ?? 0) + (buriedSystem ?? 0),
    };
  } catch {
    return undefined; // ended between being listed and being read
  }
}

/** Starts a watch over the machine and PostgreSQL's processes; call what it returns at the end. */
export function watchCores(dataDir: string): () => CoresUsed {
  const machine = machineCpuSeconds();
  const database = databaseCpuSeconds(dataDir);
  const startedAt = performance.now();
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    const databaseNow = databaseCpuSeconds(dataDir);
    return {
      machineCores: (machineCpuSeconds() - machine) / seconds,
      databaseCores:
        database === undefined || databaseNow === undefined
          ? undefined
          : (databaseNow - database) / seconds,
    };
  };
}

export interface CoresUsed {
  /** Cores busy in the whole machine or taken from it, whoever used them. */
  readonly machineCores: number;
  /** Absent where the system does not tell. */
  readonly databaseCores: number | undefined;
}

/** By what was busy, not by what was idle: time spent waiting for a disk is told as neither. */
function machineCpuSeconds(): number {
  let milliseconds = 0;
  for (const { times } of cpus()) milliseconds += times.user + times.nice + times.sys + times.irq;
  return milliseconds / 1000 + stolenSeconds();
}

/** What the host of a virtual machine gave to others although this one had work. */
function stolenSeconds(): number {
  if (process.platform !== 'linux') return 0;
  const [, ...ticks] = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]?.split(/ +/) ?? [];
  return Number(ticks[7] ?? 0) / TICKS_PER_SECOND;
}
