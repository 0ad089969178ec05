import { addDays, addToDate, startOfDate } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { TierNews } from '../kernel/tier-news.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import { writeTime } from './render.ts';
import { type Draft, type Outbox, readDue, writeMessages } from './write-messages.ts';

/** The announcement stays for those who look later than the change. */
const SHOWN_DAYS = 30;

/** Tells members of their tiers, in the transactions in which those change. */
export function createTierNotices(outbox: Outbox, nameOf: (merchant: Uuid) => Promise<string>) {
  /** By name, where they are a merchant's. */
  async function whose(merchant: Uuid | null): Promise<{ readonly merchant?: string }> {
    return merchant === null ? {} : { merchant: await nameOf(merchant) };
  }

  return {
    /** When a notice that is written at `at` is there to be read: later in the quiet hours. */
    toldAt: (sql: Sql, programme: Programme, at: Instant): Promise<Instant> =>
      readDue(sql, 'tier_notice', programme, at),

    async tell(tx: Transaction, programme: Programme, news: readonly TierNews[]): Promise<void> {
      const drafts: Draft[] = [];
      for (const each of news) drafts.push(draftOf(programme, each, await whose(each.merchant)));
      await writeMessages(tx, outbox, drafts);
    },

    /** To everybody in the programme: tiers that are not proven to be as good. */
    async announce(
      tx: Transaction,
      { id, timeZone }: Programme,
      {
        merchant,
        number,
        from,
      }: {
        readonly merchant: Uuid | null;
        readonly number: number;
        readonly from: Instant;
      },
    ): Promise<void> {
      await writeMessages(tx, outbox, [
        {
          kind: 'tier_rules',
          programme: id,
          member: null,
          dedupeKey: `tiers:${merchant ?? id}:${number}`,
          facts: { ...(await whose(merchant)), from: writeTime(from, timeZone), number },
          expiresAt: addDays(from, SHOWN_DAYS, timeZone),
        },
      ]);
    },
  };
}

function draftOf(
  { id, timeZone }: Programme,
  news: TierNews,
  whose: { readonly merchant?: string },
): Draft {
  const { member, change, at: dueAt, kind, from, to, until } = news;
  const common = { programme: id, member, dedupeKey: `tier:${change}`, dueAt };
  const lastDay = until === null ? null : addToDate(until, { days: -1 });
  if (kind !== 'coming') {
    const facts = { ...whose, from, to, isUpgrade: kind === 'up', until: lastDay };
    return { ...common, kind: 'tier_change', facts };
  }
  if (from === null || until === null || lastDay === null)
    throw new Error('what is going to be lost is a tier, and on a day');
  // From then on it is over, one way or the other.
  const expiresAt = startOfDate(until, timeZone);
  return { ...common, kind: 'tier_notice', facts: { ...whose, from, to, lastDay }, expiresAt };
}
