import { createHash } from 'node:crypto';
import { usage } from '../failure.ts';
import { type CsvRecord, readCsv } from './csv.ts';
import { decodeBlocks } from './decode.ts';
import { type Layout, layOut } from './header.ts';
import { openInput } from './input.ts';
import type { Mapping } from './mapping.ts';

/** Data records that stand together in a file; `place` is the first one's number, from 1. */
interface Batch {
  readonly layout: Layout;
  readonly place: number;
  readonly records: readonly CsvRecord[];
  /** Which part of the file has been read, 0–1. */
  readonly done: number;
}

export interface FileReading {
  readonly batches: AsyncIterable<Batch>;
  /** SHA-256 of the unpacked bytes, in hex; complete once every batch was read. */
  digest(): string;
}

/** Reads an export once, from its header to its end. */
export function readFile(path: string, mapping: Mapping): FileReading {
  const hash = createHash('sha256');
  async function* hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  async function* batches(): AsyncGenerator<Batch> {
    const input = await openInput(path);
    let layout: Layout | undefined;
    let place = 1;
    for await (const all of readCsv(
      decodeBlocks(hashed(input.chunks), mapping.encoding),
      mapping.delimiter,
    )) {
      const records = layout === undefined ? all.slice(1) : all;
      if (layout === undefined) layout = layOut(all[0] ?? [], mapping);
      yield { layout, place, records, done: input.done() };
      place += records.length;
    }
    if (layout === undefined) throw usage('file_empty', { path });
  }
  return { batches: batches(), digest: () => hash.copy().digest('hex') };
}
