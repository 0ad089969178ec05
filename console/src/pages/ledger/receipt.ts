/** Where the ledger said that a transaction stands. */
export interface Receipt {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly hash: string;
}

/** The receipt in what was pasted; undefined when there is none. */
export function receiptIn(text: string): Receipt | undefined {
  const search = (node: unknown): Receipt | undefined => {
    if (typeof node !== 'object' || node === null) return undefined;
    const { shard, block, position, hash } = node as Partial<Receipt>;
    if ([shard, block, position].every(Number.isSafeInteger) && typeof hash === 'string')
      return node as Receipt;
    return Object.values(node)
      .map(search)
      .find((each) => each !== undefined);
  };
  try {
    return search(JSON.parse(text));
  } catch {
    return undefined;
  }
}
