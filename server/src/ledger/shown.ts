import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { InstantText, object } from '../platform/web/schema.ts';
import type { Receipt } from './transaction.ts';

/** A value or null as a `type` array: a union would make the serializer validate every value it writes. */
export const orNull = <T extends string | number>(schema: { readonly type: string }) =>
  Type.Unsafe<T | null>({ ...schema, type: [schema.type, 'null'] });

export const ReceiptShown = object(
  {
    shard: Type.Integer(),
    block: Type.Integer(),
    position: Type.Integer({ description: 'Place within the block, from 0.' }),
    hash: Type.String({ description: "The block's SHA-256, in hex." }),
    recordedAt: InstantText,
  },
  { title: 'Receipt', description: 'Proves where an answer stands in the chain.' },
);

/** A receipt as every answer of the ledger shows it. */
export function showReceipt(receipt: Receipt): {
  shard: number;
  block: number;
  position: number;
  hash: string;
  recordedAt: string;
} {
  const { shard, block, position, hash, recordedAt } = receipt;
  return { shard, block, position, hash, recordedAt: showInstant(recordedAt) };
}
