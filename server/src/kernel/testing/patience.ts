/**
 * How long a test waits for what must happen. It is there to end what never will: machines are shared, and one may
 * stand still for a minute, so nothing that is merely slow may look broken.
 */
export const PATIENCE_MS = 300_000;

const LOOK_EVERY_MS = 5;

/**
 * Looks again and again until it is so: what is waited for happens in another process. `otherwise` says what it
 * looked like when patience ended; when `meanwhile` fails first, that is why.
 */
export async function reach(
  isReached: () => boolean | Promise<boolean>,
  otherwise: () => string,
  meanwhile?: Promise<unknown>,
): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await isReached())) {
    if (Date.now() > giveUpAt) throw new Error(otherwise());
    await Promise.race([pause(), meanwhile?.then(pause) ?? pause()]);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
