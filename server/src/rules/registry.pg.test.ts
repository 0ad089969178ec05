import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { createPool, databaseFailure, type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { holdBooks } from '../platform/publishing/book-store.ts';
import { CLOCKS_APART_MS, PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';
import type { RuleBook } from './compile.ts';
import { openRuleRegistry, type RuleRegistry } from './registry.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const GOOD_FOR_MS = PUBLICATION_LEAD_MS - CLOCKS_APART_MS;
const DAY_MS = 24 * 3600_000;

let database: TestDatabase;
let pool: Pool;
const clock = manualClock(START);
const offsets = new Map<number, number>();
const programmeClock = (id: number): number => clock.now() + (offsets.get(id) ?? 0);
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'test', connectionsMax: 10 });
});
afterAll(async () => {
  for (const each of opened) each.close();
  await pool.end();
  await database.drop();
});

const opened: RuleRegistry[] = [];
/** A process that hears no news. */
async function open(on: Pool = pool): Promise<RuleRegistry> {
  const onError = (): void => {};
  const registry = await openRuleRegistry({ pool: on, clock, onError });
  opened.push(registry);
  return registry;
}

let programme: number;
let named = 0;
async function makeProgramme(): Promise<number> {
  named += 1;
  const { rows } = await pool.query<{ id: number }>(
    "insert into programme (code, name, sandbox) values ($1, 'P', true) returning id",
    [`p${named}`],
  );
  return rows[0]?.id as number;
}
beforeEach(async () => {
  programme = await makeProgramme();
});

const by = newId(START);
/** Publishes a rule's version as of now, in force in [from, until); `meanwhile` runs before it is committed. */
async function publish(
  from: number,
  { until = null as number | null, of = programme, meanwhile = async () => {} } = {},
): Promise<Uuid> {
  const [rule, id] = [newId(START), newId(START)];
  await withTransaction(pool, async (tx) => {
    await holdBooks(tx, 'rule');
    await tx.query(
      'insert into rule (id, programme, code, made_at_ms, made_by) values ($1, $2, $3, 0, $4)',
      [rule, of, `r${rule.slice(-8)}`, by],
    );
    const body = {
      name: 'R',
      on: 'order',
      when: {},
      earn: { kind: 'fixed', points: 1, per: 'order' },
    };
    // What was decided then is of no interest here: only that the row may stand.
    const at = Math.min(
      programmeClock(of),
      from - PUBLICATION_LEAD_MS,
      (until ?? Infinity) - PUBLICATION_LEAD_MS,
    );
    await tx.query(
      `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
         notice_days, from_ms, until_ms, ended_at_ms, ended_by)
       values ($1, $2, 1, $3, 0, $4, $5, $4, '{}', 0, $6, $7, $8, $9)`,
      [id, rule, JSON.stringify(body), by, at, from, until, until && at, until && by],
    );
    await tx.query(
      `insert into rule_change (programme, rule, kind, changed_at_ms, changed_by) values ($1, $2, 'published', $3, $4)`,
      [of, rule, programmeClock(of), by],
    );
    await meanwhile();
  });
  return id;
}

/** The rules of this moment. */
const now = (registry: RuleRegistry, of: number): RuleBook | Promise<RuleBook> =>
  registry.bookAt(of, programmeClock(of));
const versionsIn = (book: RuleBook): string[] => [...book.byVersion.keys()].sort();

it('a process that does not hear of a publication rates by what it knows only while that is complete', async () => {
  const registry = await open();
  const first = await now(registry, programme);
  expect(versionsIn(first)).toEqual([]);
  const from = clock.now() + PUBLICATION_LEAD_MS;
  const id = await publish(from);
  clock.advance(GOOD_FOR_MS - 1);
  // At once, and by the old book: what it lacks does not count yet.
  expect(now(registry, programme)).toBe(first);
  clock.advance(1);
  const asked = now(registry, programme);
  expect(asked).toBeInstanceOf(Promise);
  expect(versionsIn(await asked)).toEqual([id]);
  expect(clock.now()).toBeLessThan(from);
  // From here on at once again.
  expect(now(registry, programme)).toBe(await asked);
});

it('reads nothing while a publication is under way, and has it afterwards', async () => {
  const registry = await open();
  let reading: Promise<void> | undefined;
  let isRead = false;
  const id = await publish(clock.now() + PUBLICATION_LEAD_MS, {
    async meanwhile() {
      reading = registry.refresh().then(() => {
        isRead = true;
      });
      await waitingForLock();
      expect(isRead).toBe(false);
    },
  });
  await reading;
  expect(versionsIn(await now(registry, programme))).toEqual([id]);
});

/** Resolves when somebody waits for an advisory lock. */
async function waitingForLock(): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`,
    );
    if ((rows[0]?.waiting ?? 0) > 0) return;
  }
}

it('a publication that stands still is ended, and lets the others read', async () => {
  const registry = await open();
  const publication = withTransaction(pool, async (tx) => {
    await holdBooks(tx, 'rule');
    // Waits until the database has ended the transaction that waits for it.
    await registry.refresh();
    await tx.query('select 1');
  });
  const failed = await publication.catch((error: unknown) => error);
  // Answered 503: the same request may be sent again.
  expect(databaseFailure(failed)).toBe('unavailable');
});

it('a clock that is moved forward leaves what the book is good for', async () => {
  const registry = await open();
  const before = await now(registry, programme);
  const id = await publish(clock.now() + DAY_MS);
  expect(now(registry, programme)).toBe(before);
  await pool.query('update programme set clock_offset_ms = $2 where id = $1', [programme, DAY_MS]);
  offsets.set(programme, DAY_MS);
  expect(versionsIn(await now(registry, programme))).toEqual([id]);
  // Another programme's clock stands where it stood.
  const other = await makeProgramme();
  await registry.refresh();
  expect(versionsIn(await now(registry, other))).toEqual([]);
});

it('a process that has not heard that the clock was moved rates at the time it knows', async () => {
  const registry = await open();
  const id = await publish(clock.now() + DAY_MS);
  await pool.query('update programme set clock_offset_ms = $2 where id = $1', [
    programme,
    2 * DAY_MS,
  ]);
  await publish(clock.now() + 3 * DAY_MS);
  await registry.refresh();
  // By its own clock the first is still to come: nothing was in force at that time.
  expect(versionsIn(await now(registry, programme))).toEqual([]);
  offsets.set(programme, 2 * DAY_MS);
  expect(versionsIn(await now(registry, programme))).toContain(id);
});

it('rates nothing when the database cannot tell what is in force', async () => {
  const own = createPool({ url: database.url, name: 'test', connectionsMax: 2 });
  const registry = await open(own);
  await now(registry, programme);
  await own.end();
  clock.advance(GOOD_FOR_MS - 1);
  expect(versionsIn(await now(registry, programme))).toEqual([]);
  clock.advance(1);
  await expect(now(registry, programme)).rejects.toThrow();
});

it('knows what was in force at any instant of the past, and what is announced', async () => {
  const start = clock.now();
  const early = await publish(start - 9 * DAY_MS, { until: start - 5 * DAY_MS });
  const late = await publish(start - 6 * DAY_MS, { until: start - 2 * DAY_MS });
  await publish(start - 7 * DAY_MS, { until: start - 7 * DAY_MS });
  const coming = await publish(start + 9 * DAY_MS);
  const registry = await open();
  const at = async (days: number): Promise<string[]> =>
    versionsIn(await registry.bookAt(programme, start + days * DAY_MS));
  expect(await at(-10)).toEqual([]);
  expect(await at(-9)).toEqual([early]);
  expect(await at(-7)).toEqual([early]);
  expect(await at(-6)).toEqual([early, late].sort());
  expect(await at(-5)).toEqual([late]);
  expect(await at(-2)).toEqual([]);
  expect(await at(20)).toEqual([coming]);
  // Ten orders of one day of the past need one book, and it is kept.
  const books = await Promise.all(
    Array.from(
      { length: 10 },
      async (_, n) => await registry.bookAt(programme, start - 3 * DAY_MS + n),
    ),
  );
  expect(new Set(books).size).toBe(1);
  expect(registry.bookAt(programme, start - 4 * DAY_MS)).toBe(books[0]);
});

it('a programme made since is found', async () => {
  const registry = await open();
  const later = await makeProgramme();
  expect(versionsIn(await now(registry, later))).toEqual([]);
  await expect(Promise.resolve().then(() => now(registry, 999_999))).rejects.toThrow(
    /no programme/,
  );
});
