import type { Item } from './assemble.ts';
import { partOf } from './passes.ts';
import { createRounds, type Round, type RoundLimits } from './rounds.ts';

export interface Lanes {
  add(item: Item): void;
  /** Waits until there is room for more; throws what a lane failed with. */
  room(): Promise<void>;
  /** Sends everything that waits, and waits for the answers. */
  finish(): Promise<void>;
}

interface Lane {
  readonly rounds: ReturnType<typeof createRounds>;
  sending: Promise<void> | undefined;
}

/**
 * Keeps several requests under way. A customer always goes by the same lane, and a lane sends one round
 * after another, so that a customer's items arrive in their order.
 */
export function createLanes(
  count: number,
  limits: RoundLimits,
  send: (round: Round) => Promise<void>,
): Lanes {
  const lanes = Array.from(
    { length: count },
    (): Lane => ({ rounds: createRounds(limits), sending: undefined }),
  );
  const waitingMax = limits.lines * 2;
  let failed: { error: unknown } | undefined;

  function start(lane: Lane, rest: boolean): void {
    if (lane.sending !== undefined || failed !== undefined) return;
    if (!rest && !lane.rounds.full()) return;
    const round = lane.rounds.take();
    if (round === undefined) return;
    lane.sending = send(round)
      .catch((error: unknown) => {
        failed ??= { error };
      })
      .then(() => {
        lane.sending = undefined;
        start(lane, rest);
      });
  }

  async function settle(busy: (lane: Lane) => boolean): Promise<void> {
    for (const lane of lanes) {
      while (lane.sending !== undefined && busy(lane)) await lane.sending;
    }
    if (failed !== undefined) throw failed.error;
  }

  return {
    add(item) {
      const lane = lanes[partOf(`lane ${item.customer}`, count)];
      if (lane === undefined) throw new Error('a customer has a lane');
      lane.rounds.add(item);
      start(lane, false);
    },
    room: () => settle((lane) => lane.rounds.waiting() > waitingMax),
    async finish() {
      await settle(() => true);
      for (const lane of lanes) start(lane, true);
      await settle(() => true);
    },
  };
}
