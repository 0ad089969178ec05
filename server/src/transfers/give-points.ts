import type { Refusal } from '../kernel/refusal.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { problem } from '../platform/web/problem.ts';
import type { Delivery } from './deliver.ts';
import { type Candidate, candidatesOf, type Gift, type GiftDeps } from './gift.ts';
import { findTransfersByKey, insertTransfers } from './store.ts';
import { outCommand, type Transfer } from './transfer.ts';

export interface GiveDeps extends GiftDeps {
  readonly pool: Pool;
  readonly delivery: Delivery;
}

/** A transfer as far as it came; `replayed` when the request had been made before. */
export type Given = { readonly transfer: Transfer; readonly replayed: boolean } | Refusal;

export interface GivePoints {
  /**
   * Writes gifts down and brings them to their ends; answers in order. The same request again finds its
   * transfer and goes on with it: an answer that was lost costs nothing.
   */
  give(gifts: readonly Gift[]): Promise<Given[]>;
  /** What giving would answer, in order; nothing is written. */
  preview(gifts: readonly Gift[]): Promise<({ readonly replayed: boolean } | Refusal)[]>;
}

export function createGivePoints(deps: GiveDeps): GivePoints {
  const { pool, ledger, delivery } = deps;
  // Gifts that come at the same time are written down together.
  const recording = createLane<Candidate, Given>({
    run: (batch) => record(pool, batch),
    maxBatch: 1_000,
    maxQueue: 20_000,
  });
  return {
    async give(gifts) {
      const recorded = await recording.pushAll(await candidatesOf(deps, gifts));
      const transfers = recorded.flatMap((each) => ('code' in each ? [] : [each.transfer]));
      const delivered = (await delivery.deliver(transfers)).values();
      return recorded.map((each) =>
        'code' in each ? each : { ...each, transfer: delivered.next().value as Transfer },
      );
    },
    async preview(gifts) {
      const candidates = await candidatesOf(deps, gifts);
      const keys = candidates.map((each) => each.requestKey);
      const known = await findTransfersByKey(pool, keys);
      // Within one request the second of a key would meet the first.
      const firsts = new Map<string, Candidate>();
      const fresh: Transfer[] = [];
      for (const candidate of candidates) {
        const { requestKey, transfer } = candidate;
        if ('code' in transfer || known.has(requestKey) || firsts.has(requestKey)) continue;
        firsts.set(requestKey, candidate);
        fresh.push(transfer);
      }
      const answers = await ledger.preview(fresh.map(outCommand));
      const refusals = new Map<string, Refusal>();
      for (const { requestKey, status, refusal: why } of known.values())
        if (status === 'refused' && why !== null) refusals.set(requestKey, why);
      for (const [place, { requestKey }] of fresh.entries()) {
        const answer = answers[place];
        if (answer?.status === 'refused') refusals.set(requestKey, answer.refusal);
      }
      return candidates.map((candidate) => {
        const { requestKey, transfer, fingerprint } = candidate;
        const first = known.get(requestKey) ?? firsts.get(requestKey);
        if (first === undefined && 'code' in transfer) return transfer;
        if (first?.fingerprint.equals(fingerprint) !== true)
          return problem('idempotency_key_reused');
        return refusals.get(requestKey) ?? { replayed: first !== candidate };
      });
    },
  };
}

async function record(pool: Pool, batch: readonly Candidate[]): Promise<Given[]> {
  const wanted = batch.flatMap(({ transfer }) => ('code' in transfer ? [] : [transfer]));
  const written = await insertTransfers(pool, wanted);
  const isWritten = ({ transfer }: Candidate): boolean =>
    !('code' in transfer) && written.has(transfer.id);
  const rest = batch.filter((each) => !isWritten(each));
  const keys = rest.map((each) => each.requestKey);
  const known = await findTransfersByKey(pool, keys);
  return batch.map((candidate): Given => {
    const { transfer, requestKey, fingerprint } = candidate;
    if (!('code' in transfer) && written.has(transfer.id)) return { transfer, replayed: false };
    const found = known.get(requestKey);
    if (found === undefined) {
      if ('code' in transfer) return transfer;
      throw new Error('a transfer was neither written nor found');
    }
    return found.fingerprint.equals(fingerprint)
      ? { transfer: found, replayed: true }
      : problem('idempotency_key_reused');
  });
}
