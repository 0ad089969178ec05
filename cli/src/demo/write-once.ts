import { createHash } from 'node:crypto';
import { ProblemError } from '@hongmi/sdk';

/** What makes a write of the demo happen once: the same for the same write, also after a crash. */
export function demoKey(...what: readonly string[]): { readonly idempotencyKey: string } {
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex');
  return { idempotencyKey: `demo-${hash}` };
}

/** What a call answers; undefined when it was refused because it was done before. */
export async function unlessDone<T>(
  call: Promise<T>,
  codes: readonly string[],
): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ProblemError && codes.includes(error.problem.code)) return undefined;
    throw error;
  }
}

/** Works off everything, so many at a time. */
export async function inParallel(
  count: number,
  works: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const left = works.values();
  const lane = async (): Promise<void> => {
    for (const work of left) await work();
  };
  await Promise.all(Array.from({ length: count }, lane));
}
