import type { Instant } from './clock.ts';
import type { Uuid } from './id.ts';
import type { Words } from './reward.ts';

/** What became of something that was redeemed, for its member. */
export type RewardNews = {
  /** Names the reason: each is told once. */
  readonly key: string;
  readonly programme: number;
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly reward: Words;
} & (
  | {
      /** `tomorrow`: a reminder. */
      readonly kind: 'booked' | 'moved' | 'tomorrow';
      readonly startsAt: Instant;
      /** Of nights: the day of departure. */
      readonly until: string | null;
      /** False of whole days and nights, which have no hour. */
      readonly hasHour: boolean;
      readonly endsAt: Instant;
    }
  | { readonly kind: 'sent'; readonly carrier: string; readonly trackingNo: string }
  | { readonly kind: 'delivered' }
  | { readonly kind: 'undeliverable'; readonly reason: string }
);
