import { addDays } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import { writeTime } from './render.ts';
import { type Outbox, writeMessages } from './write-messages.ts';

/** A change of what members can redeem points for. */
export interface RewardChange {
  /** Of the reward or the promotion, as it is shown. */
  readonly versionId: string;
  /** Whose it is, by name; null: the programme's. */
  readonly merchant: string | null;
  /** How members know it. */
  readonly reward: string;
  readonly change: 'begins' | 'changes' | 'ends';
  /** When it takes effect, by the programme's clock. */
  readonly from: Instant;
}

/** The notice stays for those who look later than the change. */
const SHOWN_DAYS = 30;

/** Announces a change of what can be redeemed to everybody in the programme, in the transaction that publishes it, once. */
export async function noticeRewardChange(
  tx: Transaction,
  outbox: Outbox,
  { id: programme, timeZone }: Pick<Programme, 'id' | 'timeZone'>,
  { versionId, merchant, reward, change, from }: RewardChange,
): Promise<void> {
  await writeMessages(tx, outbox, [
    {
      kind: 'reward_change',
      programme,
      member: null,
      // An end can be brought forward, which is a change of its own.
      dedupeKey: `reward:${versionId}:${change}:${from}`,
      facts: {
        ...(merchant === null ? {} : { merchant }),
        ...{ reward, change, from: writeTime(from, timeZone), versionId },
      },
      expiresAt: addDays(from, SHOWN_DAYS, timeZone),
    },
  ]);
}
