import { localTime } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { RewardNews } from '../kernel/reward-news.ts';
import type { Transaction } from '../platform/database.ts';
import { writeTime } from './render.ts';
import { type Draft, type Outbox, writeMessages } from './write-messages.ts';

/** Tells members what became of what they redeemed, in the transactions in which it did. `nameOf`: of a merchant. */
export function createRewardNotices(
  outbox: Outbox,
  nameOf: (merchant: RewardNews['merchant']) => Promise<string>,
) {
  return async (tx: Transaction, news: readonly RewardNews[]): Promise<void> => {
    const drafts: Draft[] = [];
    for (const each of news) {
      const programme = outbox.programmes.byId(each.programme);
      if (programme === undefined) throw new Error(`there is no programme ${each.programme}`);
      drafts.push(draftOf(each, await nameOf(each.merchant), programme.timeZone));
    }
    await writeMessages(tx, outbox, drafts);
  };
}

function draftOf(news: RewardNews, merchant: string, timeZone: string): Draft {
  const { programme, member, reward, key: dedupeKey } = news;
  const common = { programme, member, dedupeKey };
  const what = { merchant, reward: reward.zh, rewardEn: reward.en ?? reward.zh };
  switch (news.kind) {
    case 'booked':
    case 'moved':
      return {
        ...{ ...common, kind: 'booking' },
        facts: { ...what, change: news.kind, ...timesOf(news, timeZone) },
      };
    case 'tomorrow': {
      // Who looks when it has begun needs no reminder.
      const expiresAt = news.startsAt;
      const facts = { ...what, ...timesOf(news, timeZone) };
      return { ...common, kind: 'booking_reminder', facts, expiresAt };
    }
    case 'sent': {
      const { carrier, trackingNo } = news;
      return {
        ...common,
        kind: 'delivery',
        facts: { ...what, state: 'sent', carrier, trackingNo },
      };
    }
    case 'delivered':
      return { ...common, kind: 'delivery', facts: { ...what, state: 'delivered' } };
    case 'undeliverable': {
      const { reason } = news;
      return { ...common, kind: 'delivery', facts: { ...what, state: 'undeliverable', reason } };
    }
  }
}

/** When something booked begins and ends: hours of a slot, the day, or the days of arrival and departure. */
function timesOf(
  { startsAt, endsAt, until, hasHour }: Extract<RewardNews, { readonly startsAt: Instant }>,
  timeZone: string,
): { readonly from: string; readonly until: string | null } {
  const { date } = localTime(startsAt, timeZone);
  if (!hasHour) return { from: date, until };
  const end = writeTime(endsAt, timeZone).slice(-'00:00'.length);
  return { from: writeTime(startsAt, timeZone), until: end === '00:00' ? '24:00' : end };
}
