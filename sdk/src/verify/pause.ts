/** Lets others have the thread, and comes back. */
export type Pause = () => Promise<void>;

/** Shorter than a frame, with room for what the page itself does in it. */
const WORK_MS_MAX = 8;

interface Yields {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
}

const yieldNow: Pause = () => {
  const { scheduler } = globalThis as Yields;
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
};

/** To be awaited between pieces of work: pauses when the last pause was some milliseconds ago. */
export function breaths(pause: Pause = yieldNow): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < WORK_MS_MAX) return undefined;
    return pause().then(() => {
      since = performance.now();
    });
  };
}
