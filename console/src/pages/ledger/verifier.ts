import type { components } from '@hongmi/sdk';
import type { Block, Finding, TrustedKeys } from '@hongmi/sdk/verify';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { usePin } from './pin.ts';

export type BlockShown = components['schemas']['Block'];

/** What computes the ledger again, fetched by who looks at it. */
export const loadVerifier = () => import('@hongmi/sdk/verify');

export interface Trust {
  readonly ledgerId: string;
  readonly keys: readonly components['schemas']['SealKey'][];
  readonly trusted: TrustedKeys;
}

export async function readTrust(pin: string | null, signal: AbortSignal): Promise<Trust> {
  const { ledgerId, keys } = await hongmi.listSealKeys({}, { signal });
  // One after the other: what there is to read on the page comes before what checks it.
  const verifier = await loadVerifier();
  return { ledgerId, keys, trusted: verifier.trustKeys(ledgerId, keys, pin === null ? [] : [pin]) };
}

/** The keys of the seals, as far as they are trusted here. */
export function useTrust() {
  const { pin } = usePin();
  return useQuery({
    queryKey: ['ledger', 'keys', pin],
    queryFn: ({ signal }) => readTrust(pin, signal),
  });
}

/** A block as it is told, and what computing it again came to. */
export interface VerifiedBlock {
  readonly header: BlockShown;
  readonly leaves: Block['leaves'];
  readonly findings: readonly Finding[];
}

/** Reads a block with all its leaves, and computes it again after the block before it. */
export async function readBlock(
  shard: number,
  number: number,
  signal: AbortSignal,
): Promise<VerifiedBlock> {
  const first = await hongmi.getBlock({ shard, number }, { signal });
  const leaves = [...first.leaves];
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await hongmi.getBlock({ shard, number, cursor }, { signal });
    leaves.push(...page.leaves);
    cursor = page.nextCursor;
  }
  const { genesis, tipAt, verifyBlock } = await loadVerifier();
  const previous =
    number === 1
      ? genesis(first, shard)
      : tipAt(shard, number - 1, await readHash(shard, number - 1, signal));
  const { findings } = verifyBlock({ ...first.block, leaves }, previous);
  return { header: first.block, leaves, findings };
}

/** The hash of a block, as the server tells it; nothing when there is no such block. */
export async function readHash(
  shard: number,
  number: number,
  signal: AbortSignal,
): Promise<string> {
  const { items } = await hongmi.listBlocks({ shard, upTo: number, limit: 1 }, { signal });
  const [block] = items;
  return block?.number === number ? block.hash : '';
}
