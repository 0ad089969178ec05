import { TextDecoder } from 'node:util';
import { usage } from '../failure.ts';

/** Encodings in which a line feed is always the byte 0A, so that lines can be cut before decoding. */
export const ENCODINGS = ['utf-8', 'gbk', 'gb18030'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Whole lines of text (the last may lack its line feed), and the number of the first of them, from 1. */
export interface Block {
  readonly text: string;
  readonly line: number;
}

const LINE_FEED = 0x0a;
/** A file without line feeds must not be read into memory as one line. */
const LINE_BYTES_MAX = 4 * 1024 * 1024;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Decodes a file strictly: bytes that are not text in the encoding end it with the line they stand
 * on. A UTF-8 mark at the beginning outranks the encoding asked for, because spreadsheets (and our own
 * rejects files) say so that way.
 */
export async function* decodeBlocks(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<Block> {
  let decoder = decoderOf(encoding);
  let used: Encoding = encoding;
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (first) {
      // The first chunk may be as short as one byte; a mark needs three.
      if (bytes.length < UTF8_MARK.length) {
        rest = bytes;
        continue;
      }
      first = false;
      if (bytes.subarray(0, 3).equals(UTF8_MARK)) {
        bytes = bytes.subarray(3);
        used = 'utf-8';
        decoder = decoderOf(used);
      } else if (
        (bytes[0] === 0xff && bytes[1] === 0xfe) ||
        (bytes[0] === 0xfe && bytes[1] === 0xff)
      ) {
        throw usage('file_utf16');
      }
    }
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    rest = bytes.subarray(end);
    if (rest.length > LINE_BYTES_MAX)
      throw usage('line_too_long', { line: line + countLines(bytes.subarray(0, end)) });
    if (end === 0) continue;
    const whole = bytes.subarray(0, end);
    yield { text: decode(decoder, whole, line, used), line };
    line += countLines(whole);
    // What is left is a view into the whole chunk, which it would keep alive.
    rest = Buffer.from(rest);
  }
  if (rest.length > 0) yield { text: decode(decoder, rest, line, used), line };
}

function decoderOf(encoding: Encoding): TextDecoder {
  // GB 18030 holds all of GBK, and Node's decoder named gbk lets some stray bytes through.
  const label = encoding === 'gbk' ? 'gb18030' : encoding;
  return new TextDecoder(label, { fatal: true, ignoreBOM: true });
}

function decode(decoder: TextDecoder, bytes: Buffer, line: number, encoding: Encoding): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw usage('file_encoding', { line: line + linesBeforeFault(decoder, bytes), encoding });
  }
}

function linesBeforeFault(decoder: TextDecoder, bytes: Buffer): number {
  let lines = 0;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start) + 1;
    try {
      decoder.decode(bytes.subarray(start, end === 0 ? bytes.length : end));
    } catch {
      return lines;
    }
    if (end === 0) return lines;
    start = end;
    lines += 1;
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}
