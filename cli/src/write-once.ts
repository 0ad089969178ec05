import { createHash } from 'node:crypto';

/** What makes a write happen once: the same key for the same words, also after a crash, and never for others. */
export function onceFor(
  kind: string,
  ...what: readonly unknown[]
): { readonly idempotencyKey: string } {
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex');
  return { idempotencyKey: `${kind}-${hash}` };
}
