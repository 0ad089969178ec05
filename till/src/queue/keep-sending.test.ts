import { describe, expect, it } from 'vitest';
import { createSender } from './keep-sending.ts';
import type { Outcome } from './send-waiting.ts';

function stage(outcomes: (Outcome | Error)[]) {
  const waits: number[] = [];
  let due: (() => void) | undefined;
  const told: Outcome[] = [];
  const sender = createSender(
    async () => {
      const next = outcomes.shift() ?? 'idle';
      if (next instanceof Error) throw next;
      return next;
    },
    {
      random: () => 1,
      after(ms, run) {
        waits.push(ms);
        due = run;
        return () => {
          due = undefined;
        };
      },
    },
    (outcome) => told.push(outcome),
  );
  const tick = async (): Promise<void> => {
    due?.();
    await sender.kick();
  };
  return { sender, waits, told, tick, isDue: () => due !== undefined };
}

describe('sending what waits', () => {
  it('tries again by itself, ever later, until it is done', async () => {
    const outcomes: Outcome[] = Array.from({ length: 9 }, () => 'unreachable');
    const { sender, waits, isDue } = stage(outcomes);
    for (let round = 0; round < 9; round += 1) await sender.kick();
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(isDue()).toBe(true);
    expect(await sender.kick()).toBe('idle');
    expect(isDue()).toBe(false);
  });

  it('is quiet while nobody is signed in, and goes on after a failure of its own', async () => {
    const { sender, isDue, told } = stage(['signed_out', new Error('storage is full')]);
    await sender.kick();
    expect(isDue()).toBe(false);
    expect(await sender.kick()).toBe('later');
    expect(isDue()).toBe(true);
    expect(told).toEqual(['signed_out', 'later']);
  });

  it('makes one more round of whatever is asked while it sends', async () => {
    let rounds = 0;
    let release = (): void => undefined;
    const sender = createSender(
      () =>
        new Promise((resolve) => {
          rounds += 1;
          release = () => resolve('idle');
        }),
      { random: () => 0, after: () => () => undefined },
      () => undefined,
    );
    const first = sender.kick();
    const more = [sender.kick(), sender.kick(), sender.kick()];
    release();
    await first;
    await Promise.resolve();
    release();
    await Promise.all(more);
    expect(rounds).toBe(2);
  });
});
