/** A member of a tar archive: a folder, or a file whose bytes must be read before the next member is asked for. */
export interface Member {
  readonly name: string;
  readonly isFolder: boolean;
  readonly size: number;
  readonly bytes: AsyncIterable<Buffer>;
}

/** The archive is cut short, damaged, or holds what no backup holds. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const BLOCK = 512;
const FILE = '0';
const FOLDER = '5';

/** One file of an archive, whole: header, bytes, padding (ustar; names of at most 100 bytes). */
export function tarFile(name: string, bytes: Buffer, modifiedAtMs: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  };
  header.write(name, 0, 100, 'utf8');
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(Math.floor(modifiedAtMs / 1000), 136, 12);
  header.write(FILE, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc(padding(bytes.length))]);
}

/** What ends an archive. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

/** The members of an archive in order; throws {@link TarError} when it does not come to its end. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<Member> {
  const input = new Bytes(source);
  for (;;) {
    const header = await input.exactly(BLOCK);
    if (header.equals(Buffer.alloc(BLOCK))) return;
    const told = Number.parseInt(text(header, 148, 8), 8);
    if (told !== checksumOf(header)) throw new TarError('the archive is damaged');
    const prefix = text(header, 345, 155);
    const name = (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const type = text(header, 156, 1);
    if ((type !== FILE && type !== FOLDER) || !Number.isSafeInteger(size))
      throw new TarError(`${name} is neither a file nor a folder`);
    const isFolder = type === FOLDER;
    yield { name, isFolder, size, bytes: input.some(isFolder ? 0 : size) };
    if (!isFolder) await input.exactly(padding(size));
  }
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function text(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end).trim();
}

/** The sum of a header's bytes, its own checksum read as spaces. */
function checksumOf(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += header[at] ?? 0;
  return sum;
}

/** Reads a stream by numbers of bytes. */
class Bytes {
  private readonly source: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** At most `most` bytes, at least one. */
  private async next(most: number): Promise<Buffer> {
    while (this.held.length === 0) {
      const { value, done } = await this.source.next();
      if (done === true) throw new TarError('the archive is cut short');
      this.held = value;
    }
    const taken = this.held.subarray(0, most);
    this.held = this.held.subarray(taken.length);
    return taken;
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const part = await this.next(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async *some(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      const part = await this.next(left);
      left -= part.length;
      yield part;
    }
  }
}
