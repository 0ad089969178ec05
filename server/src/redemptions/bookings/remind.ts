import type { Instant } from '../../kernel/clock.ts';
import { finishDue } from '../../kernel/due.ts';
import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import { newsOfBooking, type TellNews } from '../reward-news.ts';
import { readRedemptions } from '../store.ts';
import { isBooked, readReminders, takeReminders } from './booking-store.ts';

export interface Reminding {
  readonly pool: Pool;
  readonly programmes: {
    all(): readonly { readonly id: number }[];
    programmeClock(programme: number): Instant;
  };
  readonly tell: TellNews;
}

/** Reminds members of what they booked for tomorrow, each once; answers how many were told. */
export function remindBooked({ pool, programmes, tell }: Reminding): Promise<number> {
  return eachAlone(
    programmes.all(),
    ({ id }) => {
      const now = programmes.programmeClock(id);
      return finishDue<Uuid>({
        read: (but, limit) => readReminders(pool, id, now, but, limit),
        finish: (list) =>
          withTransaction(pool, async (tx) => {
            const taken = await takeReminders(tx, list, now);
            const found = await readRedemptions(tx, [...taken]);
            const coming = [...found.values()]
              .filter(isBooked)
              // One that was cancelled, or has begun while nobody looked, needs none.
              .filter(
                ({ state, particulars }) => state === 'fulfilled' && particulars.startsAt > now,
              );
            await tell(
              tx,
              coming.map((each) => newsOfBooking(each, 'tomorrow', each.particulars.startsAt)),
            );
            return [...taken];
          }),
      });
    },
    'the members of a programme could not be reminded',
  );
}
