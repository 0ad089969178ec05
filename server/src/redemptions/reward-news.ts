import type { RewardNews } from '../kernel/reward-news.ts';
import type { Transaction } from '../platform/database.ts';
import type { BookedRedemption } from './bookings/booking-store.ts';
import type { Redemption } from './redemption.ts';

/** Tells members what became of what they redeemed, in the transaction in which it did. */
export type TellNews = (tx: Transaction, news: readonly RewardNews[]) => Promise<void>;

type About = Pick<RewardNews, 'programme' | 'member' | 'merchant' | 'reward'>;

export function aboutOf({ programme, member, merchant, terms }: Redemption): About {
  return { programme, member, merchant, reward: terms.name };
}

/** `change`: what makes it another one than before. */
export function newsOfBooking(
  redemption: BookedRedemption,
  kind: 'booked' | 'moved' | 'tomorrow',
  change: string | number,
): RewardNews {
  const { startsAt, endsAt, until, slot } = redemption.particulars;
  const key = `booking:${redemption.id}:${kind}:${change}`;
  return { ...aboutOf(redemption), key, kind, startsAt, endsAt, until, hasHour: slot !== null };
}
