import type { Clock, Instant } from '../../kernel/clock.ts';
import { type Pool, withTransaction } from '../database.ts';
import { readBookStates, readVersionsAt, readVersionsSince, shareBooks } from './book-store.ts';
import type { Family } from './family.ts';
import { CLOCKS_APART_MS, PUBLICATION_LEAD_MS } from './lead.ts';
import type { Version } from './published.ts';

/** How late a publication by another process is noticed when the news of it is lost. */
const REFRESH_MS = 3_000;
/** Periods of the past that are kept, of each programme. */
const PASTS_MAX = 64;

/**
 * What is published of a family in all programmes, compiled and in memory.
 *
 * A process that has not heard of a publication never goes by what was before it. A book is read under a lock
 * that publications hold, and publications look at the clock only once they hold it. So whatever a book lacks
 * was decided after the book was read, and counts {@link PUBLICATION_LEAD_MS} later at the earliest: until then (less
 * {@link CLOCKS_APART_MS}, because the clocks may be two machines') the book is complete, and no longer is it used.
 * A sandbox whose clock is moved forward leaves that period, and its book is read again. Nothing here
 * makes traffic wait for a publication: the next book is read while the last one still holds.
 */
export interface Registry<Book> {
  /**
   * What is in force at an instant of the programme's clock: now (at once, unless they must be read again); in the past, as
   * they were for good; in the future, as far as they are announced. Rejects for a programme there is not, or
   * while the database cannot tell.
   */
  bookAt(programme: number, at: Instant): Book | Promise<Book>;
  refresh(): Promise<void>;
  close(): void;
}

/** A book and when it says everything: in [from, until) by the programme's clock. */
interface Known<Book> {
  readonly book: Book;
  readonly from: Instant;
  readonly until: Instant;
}
type Live<Book> = Known<Book> & { readonly revision: number };

const covers = (known: Known<unknown>, at: Instant): boolean =>
  at >= known.from && at < known.until;

/** Reads the books of all programmes, and keeps reading them until closed; `onError` hears of a refresh that failed. */
export async function openRegistry<Body, Book>({
  family,
  compile,
  pool,
  clock,
  onError,
}: {
  readonly family: Family;
  /** Makes a book of versions of any time. */
  readonly compile: (versions: readonly Version<Body>[]) => Book;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): Promise<Registry<Book>> {
  let live = new Map<number, Live<Book>>();
  const pasts = new Map<number, Known<Book>[]>();
  const readingPast = new Map<number, Promise<unknown>>();
  let running: Promise<void> | undefined;
  let wanted = false;

  async function read(): Promise<void> {
    // Before the lock: what is missing in the end was decided later than this.
    const readAt = clock.now();
    const { states, changed } = await withTransaction(pool, async (tx) => {
      await shareBooks(tx, family);
      const all = await readBookStates(tx, family);
      const asked = all
        .filter(({ programme, revision }) => live.get(programme)?.revision !== revision)
        .map(({ programme, clockOffsetMs }) => ({ programme, since: readAt + clockOffsetMs }));
      return {
        states: all,
        changed:
          asked.length === 0
            ? new Map<number, Version<Body>[]>()
            : await readVersionsSince<Body>(tx, family, asked),
      };
    });
    live = new Map(
      states.map(({ programme, clockOffsetMs, revision }) => {
        const now = readAt + clockOffsetMs;
        const known = live.get(programme);
        const found = changed.get(programme);
        const kept = found === undefined ? known : { book: compile(found), from: now };
        if (kept === undefined) throw new Error('a book is either known or read');
        const until = now + PUBLICATION_LEAD_MS - CLOCKS_APART_MS;
        return [programme, { book: kept.book, from: kept.from, until, revision }];
      }),
    );
  }

  // A reading that is under way may have missed the publication that asks for this one.
  async function readUntilCurrent(): Promise<void> {
    do {
      wanted = false;
      await read();
    } while (wanted);
  }

  function refresh(): Promise<void> {
    wanted = true;
    running ??= readUntilCurrent().finally(() => {
      running = undefined;
    });
    return running;
  }

  function bookAt(programme: number, at: Instant): Book | Promise<Book> {
    const known = live.get(programme);
    if (known !== undefined && covers(known, at)) return known.book;
    return pastOf(programme, at)?.book ?? readBook(programme, at);
  }

  function pastOf(programme: number, at: Instant): Known<Book> | undefined {
    return pasts.get(programme)?.find((each) => covers(each, at));
  }

  async function readBook(programme: number, at: Instant): Promise<Book> {
    let known = live.get(programme);
    if (known === undefined || at >= known.until) {
      await refresh();
      known = live.get(programme);
    }
    if (known === undefined) throw new Error(`there is no programme ${programme}`);
    if (at >= known.from) return known.book;
    const bound = known.from;
    // One after the other: orders of one import come in hundreds, and mostly from one period.
    const before = readingPast.get(programme) ?? Promise.resolve();
    const reading = before.catch(() => {}).then(() => readPast(programme, at, bound));
    readingPast.set(programme, reading);
    try {
      return await reading;
    } finally {
      if (readingPast.get(programme) === reading) readingPast.delete(programme);
    }
  }

  async function readPast(programme: number, at: Instant, bound: Instant): Promise<Book> {
    const earlier = pastOf(programme, at);
    if (earlier !== undefined) return earlier.book;
    const found = await readVersionsAt<Body>(pool, family, programme, at);
    const book = compile(found.versions);
    // From `bound` on changes may be decided yet; before it nothing ever changes again.
    const past = { book, from: found.from, until: Math.min(found.until, bound) };
    pasts.set(programme, [past, ...(pasts.get(programme) ?? [])].slice(0, PASTS_MAX));
    return book;
  }

  await refresh();
  const timer = setInterval(() => void refresh().catch(onError), REFRESH_MS);
  timer.unref();

  return {
    bookAt,
    refresh,
    close: () => clearInterval(timer),
  };
}
