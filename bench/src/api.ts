import { setTimeout } from 'node:timers/promises';
import type { Address } from './load/connection.ts';

const TRIES_MAX = 60;

/** One write through the API, for setting a stage: repeated as long as it is told to come later, and fails on anything else but success. */
export async function callApi<T>(
  server: { readonly address: Address; readonly key: string },
  path: string,
  body: unknown,
  idempotencyKey: string,
  method: 'POST' | 'PUT' = 'POST',
): Promise<T> {
  const { host, port } = server.address;
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`http://${host}:${port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.key}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(body),
    });
    if (answer.ok) return (await answer.json()) as T;
    const text = await answer.text();
    if (answer.status !== 503 || tries === TRIES_MAX)
      throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    await setTimeout(1_000);
  }
}

/** Does `work` for each item, at most `width` at a time; results in the items' order. */
export async function inParallel<I, O>(
  width: number,
  items: readonly I[],
  work: (item: I) => Promise<O>,
): Promise<O[]> {
  const results: O[] = [];
  const queue = items.entries();
  async function worker(): Promise<void> {
    for (const [index, item] of queue) results[index] = await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
