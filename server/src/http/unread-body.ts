import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How much of a rest is waited for. */
interface Patience {
  readonly ms: number;
  readonly bytes: number;
}
const PATIENCE: Patience = { ms: 5000, bytes: 64 * 1024 * 1024 };

/**
 * Reads what a request still sends, and throws it away, before the request is answered. A connection
 * closed with unread bytes in it is reset, and the client, busy sending, never sees the answer (a 413,
 * or any refusal on a connection that is not kept alive). A rest that does not end within 5 s or 64 MB is
 * not waited for: then the connection is closed.
 */
export function readBeforeAnswering(app: FastifyInstance, patience = PATIENCE): void {
  app.addHook('onSend', (request, reply, payload, done) =>
    afterRest(request, reply, () => done(null, payload), patience),
  );
}

/** The same for one answer that passes by the hooks: calls `answer` when it may be sent. */
export function afterRest(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  answer: () => void,
  patience = PATIENCE,
): void {
  if (!hasUnread(raw)) {
    answer();
    return;
  }
  readRest(raw, patience, (isWhole) => {
    if (!isWhole) reply.header('connection', 'close');
    answer();
  });
}

// A request without a body is often answered before Node marks it as complete.
function hasUnread(request: IncomingMessage): boolean {
  if (request.complete || request.readableEnded || request.destroyed) return false;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || Number(length) > 0;
}

function readRest(
  request: IncomingMessage,
  { ms, bytes }: Patience,
  done: (isWhole: boolean) => void,
): void {
  let left = bytes;
  if (Number(request.headers['content-length'] ?? 0) > left) {
    done(false);
    return;
  }
  const count = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) finish();
  };
  const finish = (): void => {
    clearTimeout(timer);
    request.off('data', count).off('end', finish).off('close', finish);
    done(request.readableEnded);
  };
  const timer = setTimeout(finish, ms);
  request.on('data', count).on('end', finish).on('close', finish);
}
