export * from '@hongmi/server/ledger/encode';

const NOTHING = Buffer.alloc(32);

/** No leaf is encoded or hashed. */
export function hashLeaf(): Buffer {
  return NOTHING;
}

export function merkleRoot(): Buffer {
  return NOTHING;
}
