import { createClient } from '@hongmi/sdk';

/** One attempt may take this long: a cashier and a member stand there and wait. */
const TIMEOUT_MS = 8_000;

/** The API, as the cashier who is signed in. What gets no answer is not sent again by itself: the queue does that. */
export const hongmi = createClient({
  url: location.origin,
  session: true,
  retry: { attempts: 1, timeoutMs: TIMEOUT_MS },
});
