import type { PoolClient, Submittable } from 'pg';
import { endOfMessage, MESSAGE_BYTES, type RowStore } from './copy-rows.ts';
import type { Sql } from './database.ts';

/** COPY's binary format begins with a signature (11), flags (4) and the length of an extension (4). */
const HEADER_BYTES = 19;
const ROW_MESSAGE = 0x64;
const READY_MESSAGE = 0x5a;
/** After the last row comes one of −1 fields, which begins with this byte. */
const NO_ROW = 0xff;

type OnData = (chunk: Buffer) => void;

interface CopyStream {
  pause(): void;
  resume(): void;
  on(event: 'data', listener: OnData): void;
  listeners(event: 'data'): unknown[];
  removeAllListeners(event: 'data'): void;
}

interface CopyConnection {
  query(text: string): void;
  readonly stream: CopyStream;
}

/**
 * Runs `copy (<select>) to stdout (format binary)` and hands over the rows as PostgreSQL sent them, for
 * {@link RowFields}: a number of fields (int16), then length (int32, −1 for null) and bytes of each.
 *
 * @param client one connection, not a pool
 * @param select takes no parameters (COPY has none): callers put nothing into it but integers
 * @param onRow told where a row stands in bytes that must be read or copied at once; while what it
 *   returned is pending the server is kept waiting, but for the few rows that are here already
 */
export function copyOut(
  client: Sql,
  select: string,
  onRow: (bytes: Buffer, at: number) => unknown,
): Promise<void> {
  let waiting = 0;
  return copyRuns(client, select, (run, stream, fail) => {
    for (let at = 0; at < run.length; at = endOfMessage(run, at)) {
      const slow = onRow(run, at + MESSAGE_BYTES);
      if (!(slow instanceof Promise)) continue;
      waiting += 1;
      stream.pause();
      void slow.catch(fail).finally(() => {
        waiting -= 1;
        if (waiting === 0) stream.resume();
      });
    }
  });
}

/** As {@link copyOut}, and keeps the rows. */
export function copyInto(store: RowStore, client: Sql, select: string): Promise<void> {
  return copyRuns(client, select, store.add);
}

/** Hands over runs of rows, each behind the head of its message, as many as have come together. */
function copyRuns(
  client: Sql,
  select: string,
  onRun: (run: Buffer, stream: CopyStream, fail: (error: Error) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: Error | undefined;
    const fail = (error: Error): void => {
      failed ??= error;
    };
    const statement = {
      submit(connection: CopyConnection) {
        const { stream } = connection;
        tap(stream, (run) => {
          if (failed !== undefined) return;
          try {
            onRun(run, stream, fail);
          } catch (error) {
            fail(error as Error);
          }
        });
        connection.query(`copy (${select}) to stdout (format binary)`);
      },
      handleError(error: Error) {
        reject(error);
      },
      handleReadyForQuery() {
        if (failed === undefined) resolve();
        else reject(failed);
      },
      handleCopyData() {},
      handleCommandComplete() {},
      handleRowDescription() {},
      handleDataRow() {},
      handleEmptyQuery() {},
    };
    (client as unknown as PoolClient).query(statement as unknown as Submittable);
  });
}

/**
 * Takes the rows out of what a connection receives until its statement is over, and leaves every other
 * message to node-postgres, which would make several objects of each row.
 */
function tap(stream: CopyStream, onRun: (run: Buffer) => void): void {
  const listeners = stream.listeners('data') as OnData[];
  const leave = (bytes: Buffer): void => {
    for (const listener of listeners) listener.call(stream, bytes);
  };
  let isFirst = true;
  const hand = (run: Buffer): void => {
    const rows = isFirst ? withoutHeader(run) : run;
    isFirst = false;
    if (rows.length > 0) onRun(rows);
  };
  const stop = (): void => {
    stream.removeAllListeners('data');
    for (const listener of listeners) stream.on('data', listener);
  };
  let isOver = false;
  /** Hands over or leaves every whole message; answers what is left of one that is not whole. */
  const read = (bytes: Buffer): Buffer => {
    let [from, at] = [0, 0];
    for (;;) {
      const end = endOfMessage(bytes, at);
      const isWhole = end <= bytes.length;
      const isRow = isWhole && bytes[at] === ROW_MESSAGE && bytes[at + MESSAGE_BYTES] !== NO_ROW;
      if (!isRow && at > from) hand(bytes.subarray(from, at));
      if (!isWhole) return bytes.subarray(at);
      if (bytes[at] === READY_MESSAGE) {
        isOver = true;
        stop();
        leave(bytes.subarray(at));
        return NOTHING;
      }
      if (!isRow) {
        leave(bytes.subarray(at, end));
        from = end;
      }
      at = end;
    }
  };
  // A message whose end has not come yet.
  let begun: Buffer = NOTHING;
  stream.removeAllListeners('data');
  stream.on('data', (chunk) => {
    let rest = chunk;
    if (begun.length > 0) {
      // Only the message that was cut is put together again, not all that came with its end.
      const end = Math.min(endOfMessage(begun, 0) - begun.length, chunk.length);
      begun = read(Buffer.concat([begun, chunk.subarray(0, end)]));
      rest = chunk.subarray(end);
    }
    if (isOver && rest.length > 0) leave(rest);
    else if (rest.length > 0) begun = read(rest);
  });
}

const NOTHING = Buffer.alloc(0);

/** The first message begins with the header of the format: it is made to begin with its row, if it has one. */
function withoutHeader(run: Buffer): Buffer {
  const header = HEADER_BYTES + run.readUInt32BE(MESSAGE_BYTES + HEADER_BYTES - 4);
  const row = header + MESSAGE_BYTES;
  const end = endOfMessage(run, 0);
  if (row === end || run[row] === NO_ROW) return run.subarray(end);
  run[header] = ROW_MESSAGE;
  run.writeUInt32BE(end - header - 1, header + 1);
  return run.subarray(header);
}
