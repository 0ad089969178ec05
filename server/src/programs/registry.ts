import type { Clock, Instant } from '../kernel/clock.ts';
import type { Slides } from '../kernel/expiry-policy.ts';
import type { Sql } from '../platform/database.ts';
import { type State, stateAt, statesOf } from './dated.ts';
import { type Programme, slidingOf } from './programme.ts';
import { readProgrammes } from './store.ts';

/** How late a change made by another process may be noticed when the news of it is lost. */
const REFRESH_MS = 3_000;

/** All programmes, in memory: commands name one thousands of times a second. */
export interface ProgrammeRegistry {
  /** In memory, else (it may have been made by another process) from the database. */
  find(code: string): Programme | undefined | Promise<Programme | undefined>;
  /** As it is now, or was or will be at an instant of its own clock. */
  byId(id: number, at?: Instant): Programme | undefined;
  all(): readonly Programme[];
  /** The time of a programme: the machine's, and its own offset in a sandbox. Throws for an unknown one. */
  programmeClock(id: number): Instant;
  /** By how many months points of a programme may slide with what their members do; null: none do. */
  slidesOf(id: number): Slides | null;
  refresh(): Promise<void>;
  close(): void;
}

/** Reads all programmes, and keeps reading them until closed; `onError` hears of a refresh that failed. */
export async function openProgrammeRegistry(
  sql: Sql,
  clock: Clock,
  onError: (error: unknown) => void,
): Promise<ProgrammeRegistry> {
  let programmes: readonly Programme[] = [];
  let byCode = new Map<string, number>();
  let byId = new Map<number, readonly State[]>();
  let slides = new Map<number, Slides | null>();
  let running: Promise<void> | undefined;
  let wanted = false;

  async function read(): Promise<void> {
    programmes = await readProgrammes(sql);
    byCode = new Map(programmes.map((each) => [each.code, each.id]));
    byId = new Map(programmes.map((each) => [each.id, statesOf(each)]));
    slides = new Map(programmes.map((each) => [each.id, slidingOf(each)]));
  }

  // A read that is under way may have missed the change that asks for this one.
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

  function find(id: number, at?: Instant): Programme | undefined {
    const states = byId.get(id);
    const [latest] = states ?? [];
    if (states === undefined || latest === undefined) return undefined;
    // Most promise what they always did.
    if (states.length === 1) return latest.programme;
    return stateAt(states, at ?? clock.now() + latest.programme.clockOffsetMs);
  }
  const findByCode = (code: string): Programme | undefined => {
    const id = byCode.get(code);
    return id === undefined ? undefined : find(id);
  };

  await refresh();
  const timer = setInterval(() => void refresh().catch(onError), REFRESH_MS);
  timer.unref();

  return {
    find(code) {
      return findByCode(code) ?? refresh().then(() => findByCode(code));
    },
    byId: find,
    all: () => programmes.flatMap(({ id }) => find(id) ?? []),
    programmeClock(id) {
      const programme = byId.get(id)?.[0]?.programme;
      if (programme === undefined) throw new Error(`there is no programme ${id}`);
      return clock.now() + programme.clockOffsetMs;
    },
    slidesOf: (id) => slides.get(id) ?? null,
    refresh,
    close: () => clearInterval(timer),
  };
}
