import type { Hongmi } from '@hongmi/sdk';
import { redeemNow } from './live-redeem.ts';
import { MEMBER_SYSTEM } from './register.ts';
import { orderBody } from './send-day.ts';
import { merchantsOf, PROGRAMME } from './set-up.ts';
import { demoKey } from './write-once.ts';
import { localTime } from './year/calendar.ts';
import type { Order } from './year/event.ts';
import { visitsAt } from './year/live.ts';
import type { Plan } from './year/plan.ts';
import { everybodyOf } from './year/year.ts';

const MINUTE_MS = 60_000;

export interface Living {
  /** No visit begins any more; waits for the one under way. */
  stop(): Promise<void>;
}

/**
 * Lets visits go on while the server runs: a few in a minute, by the hour of the day. One that fails is nobody's
 * concern, the next minute has others.
 */
export function live({
  hongmi,
  plan,
  now,
}: {
  readonly hongmi: Hongmi;
  readonly plan: Plan;
  readonly now: () => number;
}): Living {
  const people = everybodyOf(plan);
  const members = new Map<string, string>();
  let merchants: ReadonlyMap<string, string> | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function memberOf(key: string): Promise<void> {
    if (members.has(key)) return;
    const { items } = await hongmi.findMembers({ externalSystem: MEMBER_SYSTEM, externalId: key });
    const [found] = items;
    if (found !== undefined) members.set(key, found.id);
  }

  async function send(order: Order): Promise<void> {
    await memberOf(order.member);
    merchants ??= await merchantsOf(hongmi);
    if (!members.has(order.member) || !merchants.has(order.at)) return;
    const { idempotencyKey, ...body } = orderBody({ merchants, members }, order);
    await hongmi.createOrder(body, demoKey('live', idempotencyKey));
    const { memberId, merchantId } = body;
    await redeemNow(hongmi, { memberId, merchantId, programme: PROGRAMME, key: idempotencyKey });
  }

  async function visit(time: ReturnType<typeof localTime>): Promise<void> {
    for (const order of visitsAt(plan, people, time)) {
      if (isStopped) return;
      // Nobody waits for it: a server that is stopping or busy misses a visit, and the next minute has others.
      await send(order).catch(() => {});
    }
  }

  const timer = setInterval(() => {
    const time = localTime(now());
    running = running.then(() => visit(time));
  }, MINUTE_MS);
  timer.unref();
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
      return running;
    },
  };
}
