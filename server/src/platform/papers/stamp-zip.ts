import type { Instant } from '../../kernel/clock.ts';

const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;

/**
 * Gives every file of a ZIP archive the same time, in place: what writes them puts the machine's in, in its own time zone, and
 * no two archives would be the same. Throws for bytes that are no ZIP without a comment.
 */
export function stampZip(zip: Buffer, at: Instant): Buffer {
  const end = zip.length - END_BYTES;
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('this is no ZIP archive');
  const stamp = dosTime(at);
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(entry) !== ENTRY) throw new Error('the directory of the ZIP is damaged');
    zip.writeUInt32LE(stamp, entry + 12);
    zip.writeUInt32LE(stamp, zip.readUInt32LE(entry + 42) + 10);
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(entry + field));
    entry += ENTRY_BYTES + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return zip;
}

/** Date and time as MS-DOS had them, in UTC, in steps of two seconds; they begin in 1980. */
function dosTime(at: Instant): number {
  const date = new Date(Math.max(at, Date.UTC(1980, 0, 1)));
  const day =
    ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time =
    (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}
