import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { usage } from '../failure.ts';

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a file, unpacked. Read once; `done` tells which part of the file has been read, 0–1. */
export interface Input {
  readonly chunks: AsyncIterable<Buffer>;
  done(): number;
}

/** Opens a plain or gzipped file. Which of the two it is its first bytes tell, not its name. */
export async function openInput(path: string): Promise<Input> {
  const { head, size } = await look(path);
  const gzipped = head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
  if (size === 0) throw usage('file_empty', { path });
  if (!gzipped && path.toLowerCase().endsWith('.gz')) throw usage('file_not_gzip', { path });
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1')))
    throw usage('file_spreadsheet', { path });
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return {
    chunks: gzipped ? unpack(source, path) : plain(source, path),
    done: () => Math.min(1, source.bytesRead / size),
  };
}

async function look(path: string): Promise<{ head: Buffer; size: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return { head: buffer.subarray(0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* plain(source: NodeJS.ReadableStream, path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* unpack(
  source: ReturnType<typeof createReadStream>,
  path: string,
): AsyncGenerator<Buffer> {
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of source.pipe(unpacked)) yield chunk as Buffer;
  } catch (error) {
    if (codeOf(error).startsWith('Z_')) throw usage('file_gzip_damaged', { path });
    throw unreadable(path, error);
  } finally {
    source.destroy();
  }
}

function unreadable(path: string, error: unknown): Error {
  const code = codeOf(error);
  if (code === 'ENOENT') return usage('file_missing', { path });
  return usage('file_unreadable', { path, detail: code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
