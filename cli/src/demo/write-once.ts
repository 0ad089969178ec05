import { ProblemError } from '@hongmi/sdk';
import { onceFor } from '../write-once.ts';

/** The key of a write of the demo. */
export const demoKey = (...what: readonly string[]) => onceFor('demo', ...what);

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
