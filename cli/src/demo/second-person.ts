import { answered, type HongmiClient, once } from '@hongmi/sdk/by-path';

/** Who confirms what the first person wrote, and asks for what the first one decides. */
export const SECOND = '演示复核';

/** What a request needs to be the second person's. */
export interface AsSecond {
  readonly headers: { readonly authorization: string };
}

/**
 * Lets a second person of the programme act, with a key of their own that is revoked when they are done: its secret is shown once,
 * so that a demo which goes on after a crash makes another. Keys of one programme share their idempotency.
 */
export async function bySecond<T>(
  hongmi: HongmiClient,
  programme: string,
  work: (second: AsSecond) => Promise<T>,
): Promise<T> {
  const header = once();
  const { id, secret } = await answered(
    hongmi.POST('/v1/keys', {
      params: { header },
      body: { name: SECOND, scopes: ['clearing:write', 'disputes:write'], programme },
    }),
  );
  try {
    return await work({ headers: { authorization: `Bearer ${secret}` } });
  } finally {
    const params = { path: { id }, header: once() };
    await answered(hongmi.DELETE('/v1/keys/{id}', { params }));
  }
}
