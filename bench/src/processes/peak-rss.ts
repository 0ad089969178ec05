import { readFileSync } from 'node:fs';

/**
 * The largest resident memory of this process, in bytes. Linux carries `maxRSS` over from the process
 * that started this one, so it is asked for this program's own.
 */
export function peakRssBytes(): number {
  if (process.platform === 'linux') {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
