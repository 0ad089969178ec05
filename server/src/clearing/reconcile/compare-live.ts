import type { Instant } from '../../kernel/clock.ts';
import type { Sql } from '../../platform/database.ts';
import type { Programme } from '../../programs/programme.ts';
import { beginningsOf, readSlicesOf } from '../books/close-books.ts';
import { addTallies, NOTHING, outstandingOf, type Tally } from '../books/liability.ts';
import { movementsOf } from '../books/movement.ts';
import { monthsOf, readLots } from '../books/read-entries.ts';
import { pointTypeCodeIn } from '../books/show.ts';
import { readCohortsUpTo, readLastBookPeriod } from '../books/store.ts';
import { type Compared, compare } from './finding.ts';

const NEVER: Instant = Number.MAX_SAFE_INTEGER;

/** What is outstanding now of one point type, as the page shows it. */
export interface Outstanding {
  readonly pointType: string;
  readonly lotPoints: string;
  readonly accountPoints: string;
  /** What the last closed books say, with everything since; null: no books are closed. */
  readonly bookPoints: string | null;
  readonly lotMicroFen: string;
  readonly bookMicroFen: string | null;
}

/**
 * Compares what is outstanding at this moment: lots, accounts, and the books with what was entered since they were closed. The transaction
 * must see one moment (repeatable read): points move while it looks.
 */
export async function compareOutstanding(
  sql: Sql,
  programme: Programme,
  shards: number,
): Promise<{ readonly compared: Compared[]; readonly outstanding: Outstanding[] }> {
  const codeOf = pointTypeCodeIn(programme);
  const last = await readLastBookPeriod(sql, programme.id);
  const months = monthsOf(last?.timeZone ?? programme.timeZone);
  const lots = new Map(
    (await readLots(sql, programme.id, months)).map((each) => [each.pointType, each]),
  );
  const accounts = await readAccounts(sql, programme.id);
  const books = last === undefined ? undefined : new Map<number, { points: Tally; worth: Tally }>();
  if (last !== undefined && books !== undefined) {
    const begins = await beginningsOf(sql, last);
    const ranges = Array.from({ length: shards }, (_, shard) => ({
      ...{ shard, from: begins.get(shard) ?? 0, until: NEVER },
    }));
    const time = { from: last.until, until: NEVER };
    const { groups } = await readSlicesOf(sql, programme.id, ranges, time, months);
    const closed = await readCohortsUpTo(sql, programme.id, last.number);
    for (const { pointType, points, worth } of [...closed, ...movementsOf(groups).values()]) {
      const sum = books.get(pointType) ?? { points: NOTHING, worth: NOTHING };
      books.set(pointType, {
        points: addTallies(sum.points, points),
        worth: addTallies(sum.worth, worth),
      });
    }
  }
  const outstanding = programme.pointTypes.map(({ id }): Outstanding => {
    const [lot, account, book] = [lots.get(id), accounts.get(id), books?.get(id)];
    const inBooks = (tally: Tally | undefined): string | null =>
      books === undefined ? null : String(outstandingOf(tally ?? NOTHING));
    return {
      pointType: codeOf(id),
      lotPoints: String(lot?.points ?? 0n),
      accountPoints: account?.inHand ?? '0',
      bookPoints: inBooks(book?.points),
      lotMicroFen: String(lot?.worth ?? 0n),
      bookMicroFen: inBooks(book?.worth),
    };
  });
  const booked = outstanding.filter(({ bookPoints }) => bookPoints !== null);
  const compared = [
    compare(
      'lots_accounts',
      '',
      outstanding.map((each) => ({
        ...{ about: each.pointType, expected: each.accountPoints, found: each.lotPoints },
      })),
    ),
    compare(
      'accounts_balance',
      '',
      [...accounts].map(([id, { sum }]) => ({ about: codeOf(id), expected: '0', found: sum })),
    ),
    compare(
      'lots_books',
      '',
      booked.map((each) => ({
        ...{ about: each.pointType, expected: each.lotPoints, found: each.bookPoints ?? '' },
      })),
    ),
    compare(
      'worth_books',
      '',
      booked.map((each) => ({
        ...{ about: each.pointType, expected: each.lotMicroFen, found: each.bookMicroFen ?? '' },
      })),
    ),
  ];
  return { compared, outstanding };
}

/** By point type: what is in the hands of members, and what all accounts sum to. */
async function readAccounts(
  sql: Sql,
  programme: number,
): Promise<Map<number, { readonly inHand: string; readonly sum: string }>> {
  const { rows } = await sql.query<{ pointType: number; inHand: string; sum: string }>(
    `select point_type as "pointType", sum(in_hand)::text as "inHand", sum(balance)::text as sum from (
        select point_type, sum(free + held) as in_hand, sum(free + held - debt) as balance
          from ledger.member_account where programme = $1 group by point_type
        union all
        select point_type, 0, sum(balance) from ledger.counter_account where programme = $1 group by point_type) a
      group by point_type order by point_type`,
    [programme],
  );
  return new Map(rows.map(({ pointType, ...sums }) => [pointType, sums]));
}
