import type { Finding, Pins, Tip } from '@hongmi/sdk/verify';
import { type Failure, failureOf } from '@hongmi/ui/failure.ts';
import { useSyncExternalStore } from 'react';
import { hongmi } from '../../app/api.ts';
import { readPin } from './pin.ts';
import { loadVerifier, readHash, readTrust } from './verifier.ts';

/** What is verified. */
export type Extent =
  | { readonly kind: 'all' }
  /** What came after a seal, which itself must hold. */
  | { readonly kind: 'since'; readonly seal: number }
  /** Blocks of one shard, both ends included. */
  | {
      readonly kind: 'range';
      readonly shard: number;
      readonly from: number;
      readonly upTo: number;
    };

/** How far one chain has come. */
export interface ShardRun {
  readonly shard: number;
  /** The block it began after, and the one it ends with. */
  readonly after: number;
  readonly upTo: number;
  /** Where it stands; null before it began. */
  readonly tip: Tip | null;
  readonly transactions: number;
  readonly entries: number;
  /** The last block that a verified seal confirms. */
  readonly pinned: number | null;
}

/** A block that was looked at. */
export interface Seen {
  readonly shard: number;
  readonly number: number;
  readonly transactions: number;
  readonly isSound: boolean;
}

export interface Run {
  readonly extent: Extent;
  readonly startedAt: string;
  readonly state: 'running' | 'stopped' | 'failed' | 'done';
  readonly failure: Failure | null;
  readonly ledgerId: string | null;
  /** The ids of the keys that were trusted, and whether somebody compared one of them. */
  readonly keys: readonly string[];
  readonly isPinned: boolean;
  readonly seals: { readonly first: number; readonly last: number; readonly done: number };
  readonly shards: readonly ShardRun[];
  /** The last blocks, newest first. */
  readonly recent: readonly Seen[];
  readonly findings: readonly Finding[];
}

const RECENT_MAX = 12;
const FINDINGS_MAX = 500;
const SEALS_PER_PAGE = 500;
/** Seals whose heads are kept to compare with; between them the chain itself leads from one to the next. */
const PINS_MAX = 2_000;
const SHOW_MS = 100;
const KEPT_AS = 'hongmi.verification';

let run: Run | null = restored();
let stop: AbortController | undefined;
const listeners = new Set<() => void>();
let isTold = false;

/** What a reload interrupted is there again, and can be gone on with. */
function restored(): Run | null {
  const kept = sessionStorage.getItem(KEPT_AS);
  if (kept === null) return null;
  const found = JSON.parse(kept) as Run;
  return found.state === 'running' ? { ...found, state: 'stopped' } : found;
}

/** Changes come by the thousand in a second; pages are told of them ten times. */
function change(next: Partial<Run>): void {
  if (run === null) return;
  run = { ...run, ...next };
  if (isTold) return;
  isTold = true;
  setTimeout(() => {
    isTold = false;
    sessionStorage.setItem(KEPT_AS, JSON.stringify(run));
    for (const each of listeners) each();
  }, SHOW_MS);
}

/** The verification that is under way, or the last one: it goes on while other pages are looked at. */
export function useVerification(): Run | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => run,
  );
}

export function stopVerification(): void {
  stop?.abort();
}

export function startVerification(extent: Extent): void {
  run = {
    extent,
    startedAt: new Date().toISOString(),
    state: 'running',
    failure: null,
    ledgerId: null,
    keys: [],
    isPinned: readPin() !== null,
    seals: { first: 0, last: 0, done: 0 },
    shards: [],
    recent: [],
    findings: [],
  };
  void work();
}

/** Goes on where it was stopped or failed; the seals are looked at again. */
export function resumeVerification(): void {
  if (run === null || run.state === 'running') return;
  const ofChains = run.findings.filter(({ seal, key }) => seal === undefined && key === undefined);
  change({ state: 'running', failure: null, findings: ofChains });
  void work();
}

async function work(): Promise<void> {
  stop?.abort();
  const mine = new AbortController();
  stop = mine;
  const { signal } = mine;
  change({});
  try {
    await verify(signal);
    if (stop === mine) change({ state: signal.aborted ? 'stopped' : 'done' });
  } catch (error) {
    if (stop !== mine) return;
    if (signal.aborted) change({ state: 'stopped' });
    else change({ state: 'failed', failure: failureOf(error) });
  }
}

function report(found: readonly Finding[]): void {
  if (found.length === 0 || run === null) return;
  // What is gone on with comes upon the end of a chain again.
  const known = new Set(run.findings.map((each) => JSON.stringify(each)));
  const fresh = found.filter((each) => !known.has(JSON.stringify(each)));
  change({ findings: [...run.findings, ...fresh].slice(0, FINDINGS_MAX) });
}

async function verify(signal: AbortSignal): Promise<void> {
  if (run === null) return;
  const { extent } = run;
  const { ledgerId, trusted } = await readTrust(readPin(), signal);
  change({ ledgerId, keys: trusted.keys.map(({ id }) => id), isPinned: trusted.isPinned });
  report(trusted.findings);
  const { shards, seal } = await hongmi.listShards({}, { signal });
  const pins = shards.map(() => new Map<number, string>());
  await verifySeals(await sealsOf(extent, seal ?? 0, signal), trusted, pins, signal);
  if (run.shards.length === 0) {
    const ends = shards.map(({ shard, blocks }) => ({ shard, blocks }));
    change({ shards: plan(extent, ends, pins) });
  }
  for (const { shard } of run.shards) {
    if (signal.aborted) return;
    await verifyShard(shard, { ledgerId, shards: shards.length }, pins[shard] ?? new Map(), signal);
  }
}

/** Where each chain begins and ends. What is written meanwhile is left to the next time. */
function plan(
  extent: Extent,
  ends: readonly { readonly shard: number; readonly blocks: number }[],
  pins: readonly Pins[],
): ShardRun[] {
  const none = { tip: null, transactions: 0, entries: 0, pinned: null };
  if (extent.kind === 'range') {
    const { shard, from } = extent;
    // On to the block that the seal names: that one confirms all before it.
    const [sealed = extent.upTo] = pins[shard]?.keys() ?? [];
    const upTo = Math.min(Math.max(extent.upTo, sealed), ends[shard]?.blocks ?? 0);
    return [{ shard, after: from - 1, upTo, ...none }];
  }
  return ends.map(({ shard, blocks }) => ({
    shard,
    // The first that is known is that of the seal it begins with; 0 where the chain had no block yet.
    after: extent.kind === 'all' ? 0 : Math.min(...(pins[shard]?.keys() ?? []), blocks),
    upTo: blocks,
    ...none,
  }));
}

interface Seals {
  readonly first: number;
  readonly last: number;
}

/** The seals that an extent is compared with: all, those since one, or the one that covers a range. */
async function sealsOf(extent: Extent, last: number, signal: AbortSignal): Promise<Seals> {
  if (extent.kind !== 'range') return { first: extent.kind === 'all' ? 1 : extent.seal, last };
  const { shard, upTo } = extent;
  const { items } = await hongmi.listBlocks({ shard, upTo, limit: 1 }, { signal });
  const only = items[0]?.seal ?? last;
  return { first: Math.max(1, only), last: only };
}

/** Verifies seals, and notes what they say of each shard. */
async function verifySeals(
  { first, last }: Seals,
  trusted: Awaited<ReturnType<typeof readTrust>>['trusted'],
  pins: readonly Map<number, string>[],
  signal: AbortSignal,
): Promise<void> {
  const { verifySeal } = await loadVerifier();
  const stride = Math.ceil((last - first + 1) / PINS_MAX);
  let previous: Parameters<typeof verifySeal>[2] = first === 1 ? null : undefined;
  for (let after = first - 1; after < last && !signal.aborted; ) {
    const limit = Math.min(SEALS_PER_PAGE, last - after);
    const { seals } = await hongmi.listSeals({ after, limit }, { signal });
    const until = seals.at(-1)?.number;
    if (until === undefined) return;
    for (const seal of seals) {
      report(verifySeal(seal, trusted, previous));
      previous = seal;
      if ((seal.number - first) % stride === 0 || seal.number >= last)
        for (const { shard, block, hash } of seal.heads) pins[shard]?.set(block, hash);
      if (seal.number % 20 === 0) {
        change({ seals: { first, last, done: seal.number } });
        // Each signature takes milliseconds.
        await new Promise((resolve) => setTimeout(resolve));
        if (signal.aborted) return;
      }
    }
    after = until;
    change({ seals: { first, last, done: until } });
  }
}

async function verifyShard(
  shard: number,
  ledger: { readonly ledgerId: string; readonly shards: number },
  pins: Pins,
  signal: AbortSignal,
): Promise<void> {
  const { followChain, genesis, tipAt, verifyChain, verifyReach } = await loadVerifier();
  const find = (): ShardRun | undefined => run?.shards.find((each) => each.shard === shard);
  const begun = find();
  if (begun === undefined || (begun.tip?.number ?? begun.after) >= begun.upTo) return;
  const { after, upTo } = begun;
  const from =
    begun.tip ??
    (after === 0
      ? genesis(ledger, shard)
      : tipAt(shard, after, pins.get(after) ?? (await readHash(shard, after, signal))));
  const blocks = followChain(
    (last) => hongmi.readChain({ shard, after: last, upTo }, { signal }),
    from.number,
  );
  const { tip } = await verifyChain(blocks, {
    from,
    pins,
    signal,
    onBlock({ number, findings, tip: reached }, block) {
      const now = find();
      if (run === null || now === undefined) return;
      report(findings);
      const transactions = block.leaves.length;
      const seen = { shard, number, transactions, isSound: findings.length === 0 };
      change({
        recent: [seen, ...run.recent].slice(0, RECENT_MAX),
        shards: run.shards.map((each) =>
          each.shard !== shard
            ? each
            : {
                ...each,
                tip: reached,
                transactions: each.transactions + transactions,
                entries: each.entries + block.entries,
                pinned: pins.get(number) === block.hash ? number : each.pinned,
              },
        ),
      });
    },
  });
  if (signal.aborted) return;
  const ofExtent = new Map([...pins].filter(([number]) => number <= upTo));
  const unreached = verifyReach(tip, ofExtent);
  const isShort = unreached.length === 0 && tip.number < upTo;
  report(
    isShort
      ? [{ code: 'block_missing', shard, block: upTo, found: String(tip.number) }]
      : unreached,
  );
}
