import { PaymentUnavailable } from '../../platform/payment/payment.ts';

/** Requests to the provider at the same time. */
const AT_ONCE = 8;
/** So often in a row without an answer, the provider is away: the rest waits for the next minute. */
const AWAY_AFTER = 16;

/** Asks the provider about each of these; answers how many are at their end. What fails fails alone. */
export async function eachAsked<T>(
  list: readonly T[],
  work: (each: T) => Promise<boolean>,
  onError: (error: unknown) => void,
): Promise<number> {
  const left = list.values();
  let done = 0;
  let unanswered = 0;
  async function ask(): Promise<void> {
    for (const each of left) {
      if (unanswered >= AWAY_AFTER) return;
      try {
        if (await work(each)) done += 1;
        unanswered = 0;
      } catch (error) {
        if (error instanceof PaymentUnavailable) unanswered += 1;
        else onError(error);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  if (unanswered >= AWAY_AFTER) onError(new PaymentUnavailable('the payment provider is away'));
  return done;
}
