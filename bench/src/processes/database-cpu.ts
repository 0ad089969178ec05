import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TICKS_PER_SECOND = 100;

/**
 * Processor seconds that PostgreSQL's processes used so far, those that have ended included; undefined
 * where the system does not tell (only Linux does).
 */
export function databaseCpuSeconds(dataDir: string): number | undefined {
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
