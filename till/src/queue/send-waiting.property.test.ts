import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Booked, Entry, NewEntry } from './entry.ts';
import { type Sent, type Shelf, sendWaiting } from './send-waiting.ts';

class Crash extends Error {}

/** Storage that a crash leaves as it was: each call may be the one that the machine dies before or after. */
function createDisk(
  dies: () => 'before' | 'after' | null,
): Shelf & { readonly all: () => Entry[] } {
  const rows = new Map<string, Entry>();
  async function write<T>(act: () => T): Promise<T> {
    const when = dies();
    if (when === 'before') throw new Crash();
    const done = act();
    if (when === 'after') throw new Crash();
    return done;
  }
  return {
    all: () => [...rows.values()].sort((a, b) => a.seq - b.seq),
    add: (entry) =>
      write(() => {
        const known = rows.get(entry.key) ?? {
          ...entry,
          seq: rows.size,
          state: 'waiting' as const,
        };
        rows.set(entry.key, known);
        return known;
      }),
    put: (entry) => write(() => void rows.set(entry.key, entry)),
    find: async (key) => rows.get(key),
    waiting: async () =>
      [...rows.values()].filter(({ state }) => state === 'waiting').sort((a, b) => a.seq - b.seq),
  };
}

/** A platform as the API's is: one key is booked once, and told again it is answered as before. */
function createPlatform(refuses: ReadonlySet<string>) {
  const answers = new Map<string, Sent>();
  const booked: string[] = [];
  return {
    booked,
    take({ key }: Entry): Sent {
      const known = answers.get(key);
      if (known !== undefined) return known;
      const sent: Sent = refuses.has(key)
        ? { kind: 'refused', why: { code: 'insufficient_points', title: 'no', facts: {} } }
        : { kind: 'booked', booked: BOOKED };
      if (sent.kind === 'booked') booked.push(key);
      answers.set(key, sent);
      return sent;
    },
  };
}
const BOOKED: Booked = { id: 'ord', points: { points: 1 }, fen: 0, reason: null, memberId: null };

/** What the network does with one request. `twice`: a copy of it arrives once more, after everything that comes before the last. */
const NETWORK = [
  'answers',
  'loses the request',
  'loses the answer',
  'not now',
  'twice',
  'signed out',
] as const;
type Network = (typeof NETWORK)[number];

const entryOf = (place: number, lane: string, staff: string): NewEntry => ({
  key: `k${place}`,
  staff: { id: staff, name: staff },
  merchantId: 'mer',
  store: null,
  whom: { memberId: lane },
  shown: null,
  lane,
  act: { kind: 'earn', orderNo: `o${place}`, amountFen: 100 },
  at: '2026-11-23T00:00:00Z',
  isOffline: true,
});

const story = fc.record({
  lanes: fc.array(fc.constantFrom('mem_a', 'mem_b', 'mem_c'), { minLength: 1, maxLength: 12 }),
  staff: fc.array(fc.constantFrom('li', 'wang'), { minLength: 12, maxLength: 12 }),
  refused: fc.array(fc.nat(11)),
  network: fc.array(fc.constantFrom<Network>(...NETWORK), { maxLength: 40 }),
  crashes: fc.array(fc.constantFrom('before' as const, 'after' as const, null, null, null), {
    maxLength: 60,
  }),
});

describe('a till’s queue', () => {
  it('is booked exactly once and in order, whatever crashes, is lost, comes twice or late', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ lanes, staff, refused, network, crashes }) => {
        const wishes = lanes.map((lane, place) => entryOf(place, lane, staff[place] ?? 'li'));
        const refuses = new Set(refused.map((place) => `k${place}`));
        const platform = createPlatform(refuses);
        const disk = createDisk(() => crashes.shift() ?? null);
        const ghosts: Entry[] = [];
        const send = async (entry: Entry): Promise<Sent> => {
          // What the network held back comes between what is sent now.
          const ghost = ghosts.shift();
          if (ghost !== undefined) platform.take(ghost);
          switch (network.shift() ?? 'answers') {
            case 'answers':
              return platform.take(entry);
            case 'loses the request':
              return { kind: 'unreachable' };
            case 'loses the answer':
              platform.take(entry);
              return { kind: 'unreachable' };
            case 'not now':
              return { kind: 'later' };
            case 'signed out':
              return { kind: 'signed_out' };
            case 'twice':
              ghosts.push(entry);
              return platform.take(entry);
          }
        };
        const told = new Set<string>();
        const drain = async (who: string): Promise<void> => {
          try {
            await sendWaiting(disk, send, (entry) => entry.staff.id === who);
          } catch (error) {
            if (!(error instanceof Crash)) throw error;
          }
        };
        for (const wish of wishes) {
          // The cashier presses again until the till says that it has it.
          while (!told.has(wish.key)) {
            try {
              await disk.add(wish);
              told.add(wish.key);
            } catch (error) {
              if (!(error instanceof Crash)) throw error;
            }
          }
          await drain(wish.staff.id);
        }
        // In the end the network is there, and both cashiers sign in.
        const rounds = network.length + crashes.length + wishes.length + 2;
        for (let round = 0; round < rounds; round += 1)
          for (const who of ['li', 'wang']) await drain(who);

        const all = disk.all();
        expect(all.map(({ key }) => key)).toEqual(wishes.map(({ key }) => key));
        for (const { key, state } of all)
          expect(state).toBe(refuses.has(key) ? 'refused' : 'booked');
        const wanted = wishes.map(({ key }) => key).filter((key) => !refuses.has(key));
        expect([...platform.booked].sort()).toEqual([...wanted].sort());
        for (const who of ['li', 'wang'])
          for (const lane of ['mem_a', 'mem_b', 'mem_c']) {
            const own = wishes
              .filter((each) => each.lane === lane && each.staff.id === who)
              .map(({ key }) => key)
              .filter((key) => wanted.includes(key));
            expect(platform.booked.filter((key) => own.includes(key))).toEqual(own);
          }
      }),
      { numRuns: 500 },
    );
  });

  it('goes on past what is refused, and leaves what others have to send', async () => {
    const disk = createDisk(() => null);
    await disk.add(entryOf(0, 'mem_a', 'li'));
    await disk.add(entryOf(1, 'mem_a', 'li'));
    await disk.add(entryOf(2, 'mem_b', 'wang'));
    const platform = createPlatform(new Set(['k0']));
    const send = async (entry: Entry) => platform.take(entry);
    expect(await sendWaiting(disk, send, ({ staff }) => staff.id === 'li')).toBe('idle');
    expect(disk.all().map(({ state }) => state)).toEqual(['refused', 'booked', 'waiting']);
  });

  it('knows whose it is once it is booked, and keeps no number or code of theirs', async () => {
    const disk = createDisk(() => null);
    const phone = '+99900000001';
    await disk.add({ ...entryOf(0, `phone:${phone}`, 'li'), whom: { phone } });
    const booked = { ...BOOKED, memberId: 'mem_a' };
    await sendWaiting(
      disk,
      async () => ({ kind: 'booked', booked }),
      () => true,
    );
    expect(disk.all()[0]).toMatchObject({
      state: 'booked',
      whom: { memberId: 'mem_a' },
      lane: 'mem_a',
    });
    expect(JSON.stringify(disk.all())).not.toContain('999');
  });

  it('holds a member back that cannot be served now, and no other', async () => {
    const disk = createDisk(() => null);
    for (const [place, lane] of ['mem_a', 'mem_b', 'mem_a'].entries())
      await disk.add(entryOf(place, lane, 'li'));
    const platform = createPlatform(new Set());
    const send = async (entry: Entry): Promise<Sent> =>
      entry.lane === 'mem_a' ? { kind: 'later' } : platform.take(entry);
    expect(await sendWaiting(disk, send, () => true)).toBe('later');
    expect(disk.all().map(({ state }) => state)).toEqual(['waiting', 'booked', 'waiting']);
  });
});
