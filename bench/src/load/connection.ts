import { connect, type Socket } from 'node:net';

/** Where requests go. Only this machine: a bench must never load somebody else's. */
export interface Address {
  readonly host: '127.0.0.1';
  readonly port: number;
}

export interface Answered {
  readonly status: number;
  /** The whole answer with its head; only good until the listener returns. */
  readonly bytes: Buffer;
}

/** One keep-alive connection with at most one request on it. */
export interface Connection {
  /** Sends a whole request, ASCII only. */
  send(request: string): void;
  close(): void;
}

export interface ConnectionEvents {
  readonly onAnswer: (answer: Answered) => void;
  readonly onBroken: (error: Error) => void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = Buffer.from('content-length: ');
const STATUS_AT = 'HTTP/1.1 '.length;

/**
 * A bare HTTP/1.1 client: a general one costs as much processor time per request as the server under
 * test, on the same cores. It reads what this server sends (a content length, never chunks) and fails
 * on anything else.
 */
export function openConnection(
  address: Address,
  bufferBytes: number,
  events: ConnectionEvents,
): Promise<Connection> {
  const answer = readAnswers(events.onAnswer);
  return new Promise((resolve, reject) => {
    let socket: Socket;
    const onread = {
      buffer: Buffer.allocUnsafe(bufferBytes),
      callback: (count: number, buffer: Uint8Array): boolean => {
        try {
          answer(Buffer.from(buffer.buffer, buffer.byteOffset, count));
        } catch (error) {
          socket.destroy(error as Error);
        }
        return true;
      },
    };
    socket = connect({ ...address, noDelay: true, onread });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', events.onBroken);
      socket.on('close', (failed) => {
        if (!failed && !closed) events.onBroken(new Error('the server closed a connection'));
      });
      resolve({
        send: (request) => void socket.write(request, 'latin1'),
        close: () => {
          closed = true;
          socket.destroy();
        },
      });
    });
    let closed = false;
  });
}

/** Puts answers together from what arrives; one call of `onAnswer` per answer. */
export function readAnswers(onAnswer: (answer: Answered) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let have = 0;
  let wanted = 0;
  return (chunk) => {
    let bytes = chunk;
    if (have > 0) {
      // The socket's buffer is used again for the next read.
      parts.push(Buffer.from(chunk));
      have += chunk.length;
      if (have < wanted) return;
      bytes = Buffer.concat(parts);
    }
    wanted = sizeOf(bytes);
    if (bytes.length < wanted) {
      parts = [Buffer.from(bytes)];
      have = bytes.length;
      return;
    }
    if (bytes.length > wanted) throw new Error('more was answered than was asked');
    parts = [];
    have = 0;
    onAnswer({ status: Number(bytes.toString('latin1', STATUS_AT, STATUS_AT + 3)), bytes });
  };
}

/** How long the whole answer is; one byte more than there are while its head is not complete. */
function sizeOf(bytes: Buffer): number {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return bytes.length + 1;
  const lengthAt = bytes.indexOf(LENGTH);
  if (lengthAt < 0 || lengthAt > headEnd)
    throw new Error(`an answer without a content length:\n${bytes.toString('latin1', 0, headEnd)}`);
  const digits = bytes.toString(
    'latin1',
    lengthAt + LENGTH.length,
    bytes.indexOf('\r\n', lengthAt),
  );
  return headEnd + HEAD_END.length + Number(digits);
}
