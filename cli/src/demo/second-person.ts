import type { Hongmi } from '@hongmi/sdk';

/** Who confirms what the first person wrote, and asks for what the first one decides. */
export const SECOND = '演示复核';

/**
 * Lets a second person of the programme act, with a key of their own that is revoked when they are done: its secret is shown once,
 * so that a demo which goes on after a crash makes another. Keys of one programme share their idempotency.
 */
export async function bySecond<T>(
  hongmi: Hongmi,
  programme: string,
  work: (key: string) => Promise<T>,
): Promise<T> {
  const { id, secret } = await hongmi.createKey({
    name: SECOND,
    scopes: ['clearing:write', 'disputes:write'],
    programme,
  });
  if (secret === null) throw new Error('a key that was just made has a secret');
  try {
    return await work(secret);
  } finally {
    await hongmi.revokeKey({ id });
  }
}
