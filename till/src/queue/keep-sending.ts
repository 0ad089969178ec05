import type { Outcome } from './send-waiting.ts';

export interface Timer {
  /** Runs something once after so many ms; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
  /** 0 ≤ x < 1 */
  random(): number;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

export interface Sender {
  /** Sends what waits now, and resolves once nothing more can be sent. Calls while it sends are one more round. */
  kick(): Promise<Outcome>;
  stop(): void;
}

/**
 * Sends what waits whenever it is kicked, and again by itself after a while when it could not: waits double up to a minute, half of
 * each by chance, so that all tills of a shop do not come back at one moment.
 */
export function createSender(
  drain: () => Promise<Outcome>,
  timer: Timer,
  tell: (outcome: Outcome) => void,
): Sender {
  let running: Promise<Outcome> | undefined;
  let asked: Promise<Outcome> | undefined;
  let callOff: (() => void) | undefined;
  let inVain = 0;
  let isStopped = false;

  async function run(): Promise<Outcome> {
    callOff?.();
    callOff = undefined;
    const outcome = await drain().catch((): Outcome => 'later');
    inVain = outcome === 'idle' ? 0 : inVain + 1;
    // Who was signed out signs in again, and that kicks.
    if ((outcome === 'later' || outcome === 'unreachable') && !isStopped) {
      const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** (inVain - 1));
      callOff = timer.after(whole / 2 + (whole / 2) * timer.random(), () => void kick());
    }
    // Who was stopped knows nothing of now.
    if (!isStopped) tell(outcome);
    return outcome;
  }

  function start(): Promise<Outcome> {
    const mine = run().finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  }

  function kick(): Promise<Outcome> {
    if (isStopped) return Promise.resolve('later');
    if (running === undefined) return start();
    asked ??= running.then(() => {
      asked = undefined;
      return start();
    });
    return asked;
  }

  return {
    kick,
    stop() {
      isStopped = true;
      callOff?.();
    },
  };
}
