type Close = () => unknown;

/** What has been started, to be stopped in the opposite order. */
export interface Closers {
  /** @param patienceMs the longest wait for it; a minute when absent */
  add(name: string, close: Close, patienceMs?: number): void;
  /** Stops everything; a part that fails or hangs does not keep the rest from being stopped. */
  close(onError: (name: string, error: unknown) => void): Promise<void>;
}

/** Longest wait for one part; PostgreSQL's own shutdown is bounded by its module. */
const PATIENCE_MS = 60_000;

export function createClosers(patienceMs: number = PATIENCE_MS): Closers {
  const started: {
    readonly name: string;
    readonly close: Close;
    readonly patienceMs: number;
  }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(onError: (name: string, error: unknown) => void): Promise<void> {
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      try {
        await withPatience(part.close(), part.patienceMs);
      } catch (error) {
        onError(part.name, error);
      }
    }
  }

  return {
    add: (name, close, ownPatienceMs = patienceMs) =>
      void started.push({ name, close, patienceMs: ownPatienceMs }),
    close(onError) {
      closing ??= closeAll(onError);
      return closing;
    },
  };
}

async function withPatience(work: unknown, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not stop within ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}
