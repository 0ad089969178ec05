import { createHash } from 'node:crypto';

/** An idempotency key: the same request has the same one in every run, another request never has it. */
export function keyOf(kind: string, body: object): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 48)}`;
}
