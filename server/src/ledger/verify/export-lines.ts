import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { ExportLine } from './export-format.ts';

/** A file that is no export, or not a whole one. */
export class ExportFileError extends Error {
  override readonly name = 'ExportFileError';
}

/** A line is never longer than a transaction of many thousand entries. */
const LINE_CHARACTERS_MAX = 64 * 1024 * 1024;

/** The lines of an export one after the other, unpacked when its name ends in `.gz`. */
export class ExportLines {
  /** Of the line that {@link next} answered last, from 1. */
  number = 0;
  private readonly lines: AsyncGenerator<string>;
  private ahead: ExportLine | undefined;

  constructor(path: string) {
    this.lines = readLines(path);
  }

  /** The next line; undefined after the last. */
  async next(): Promise<ExportLine | undefined> {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead !== undefined) return ahead;
    const { value, done } = await this.lines.next();
    if (done === true) return undefined;
    this.number += 1;
    try {
      const line: unknown = JSON.parse(value);
      if (typeof line === 'object' && line !== null) return line as ExportLine;
    } catch {
      // Told below, as any other line that is no object.
    }
    return this.fail('it is not a JSON object');
  }

  /** Makes {@link next} answer this line again. */
  putBack(line: ExportLine): void {
    this.ahead = line;
  }

  fail(what: string): never {
    throw new ExportFileError(`line ${this.number}: ${what}`);
  }

  async close(): Promise<void> {
    await this.lines.return(undefined);
  }
}

async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // An error of the file must reach whoever reads what is unpacked.
  file.on('error', (error) => bytes.destroy(error));
  bytes.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of bytes) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_CHARACTERS_MAX) throw new ExportFileError('it has no lines');
      yield* lines;
    }
  } catch (error) {
    throw error instanceof ExportFileError
      ? error
      : new ExportFileError(error instanceof Error ? error.message : String(error));
  } finally {
    file.destroy();
  }
  if (rest !== '') yield rest;
}
