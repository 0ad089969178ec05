import { addDays } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import { writeTime } from './render.ts';
import { type Outbox, writeMessages } from './write-messages.ts';

/** A change of what members are given. */
export interface RuleChange {
  readonly ruleVersion: Uuid;
  /** Whose rule it is, by name; null: the programme's. */
  readonly merchant: string | null;
  /** How members know the rule, */
  readonly rule: string;
  /** and what they are told of what it is to be. */
  readonly description: string | null;
  readonly change: 'begins' | 'changes' | 'ends';
  /** When it takes effect, by the programme's clock. */
  readonly from: Instant;
}

/** The notice stays for those who look later than the change. */
const SHOWN_DAYS = 30;

/**
 * Announces a change of rules to everybody in the programme, in the transaction that publishes it: one row, whoever
 * fetches it leaves their own evidence. A change is announced once.
 */
export async function noticeRuleChange(
  tx: Transaction,
  outbox: Outbox,
  { id: programme, timeZone }: Pick<Programme, 'id' | 'timeZone'>,
  { ruleVersion, merchant, rule, description, change, from }: RuleChange,
): Promise<void> {
  await writeMessages(tx, outbox, [
    {
      kind: 'rule_change',
      programme,
      member: null,
      // An end can be brought forward, which is a change of its own.
      dedupeKey: `rule:${ruleVersion}:${change}:${from}`,
      facts: {
        ...(merchant === null ? {} : { merchant }),
        rule,
        ...(description === null ? {} : { description }),
        change,
        from: writeTime(from, timeZone),
        ruleVersionId: showId('ruleVersion', ruleVersion),
      },
      expiresAt: addDays(from, SHOWN_DAYS, timeZone),
    },
  ]);
}
