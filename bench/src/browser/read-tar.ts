const BLOCK_BYTES = 512;
const FILE = new Set(['0', '\0']);

/** A file inside a tar archive. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The files of an archive in the format of POSIX.1-1988 (ustar); folders and links are passed over. */
export function readTar(tar: Buffer): TarFile[] {
  const files: TarFile[] = [];
  let at = 0;
  while (at + BLOCK_BYTES <= tar.length) {
    const head = tar.subarray(at, at + BLOCK_BYTES);
    // Two blocks of zeros end the archive.
    if (head[0] === 0) break;
    const size = Number.parseInt(textOf(head.subarray(124, 136)), 8);
    if (!Number.isSafeInteger(size)) throw new Error('this is no tar archive');
    at += BLOCK_BYTES;
    if (FILE.has(String.fromCharCode(head[156] ?? 0)))
      files.push({ name: textOf(head.subarray(0, 100)), bytes: tar.subarray(at, at + size) });
    at += Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end).trim();
}
