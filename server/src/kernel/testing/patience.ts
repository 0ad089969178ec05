/**
 * How long a test waits for what must happen. It is there to end what never will: machines are shared, and one may
 * stand still for a minute, so nothing that is merely slow may look broken.
 */
export const PATIENCE_MS = 300_000;
