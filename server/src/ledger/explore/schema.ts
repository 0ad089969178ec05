import Type from 'typebox';
import { InstantText, nullable, object } from '../../platform/web/schema.ts';
import { orNull } from '../shown.ts';
import type { EntryJson } from '../verify/leaf-json.ts';

// What the chain is made of, in the form of the export (docs/verify/README.md): ids as UUIDs, kinds and roles
// as numbers, instants in milliseconds, so that whoever verifies needs one encoding for both.

const Whole = Type.Integer({ minimum: 0 });
const Signed = Type.Integer();
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const uuid = orNull<string>(Type.String());
const value = orNull<number>(Type.Integer());

const integer = (description: string) => ({ type: 'integer', description });
const idOrNone = (description: string) => ({ type: ['string', 'null'], description });

/** An array of ten, so that a block of many entries stays small. */
const LeafEntry = Type.Unsafe<EntryJson>({
  type: 'array',
  title: 'LeafEntry',
  minItems: 10,
  maxItems: 10,
  prefixItems: [
    integer('kind'),
    integer('point type'),
    integer('role it comes from'),
    idOrNone('owner it comes from'),
    integer('role it goes to'),
    idOrNone('owner it goes to'),
    integer('points'),
    idOrNone('lot'),
    idOrNone('ref'),
    { type: ['integer', 'null'], description: 'expires at, ms' },
  ],
});

const Funder = Type.Unsafe<readonly [merchant: string | null, share: number | null]>({
  type: 'array',
  title: 'LeafFunder',
  minItems: 2,
  maxItems: 2,
  prefixItems: [idOrNone('merchant'), { type: ['integer', 'null'], description: 'share' }],
});

const LeafLot = object(
  {
    id: uuid,
    issuer: uuid,
    availableAt: value,
    expiresAt: { ...value, description: 'As it was made.' },
    issued: value,
    amount: value,
    unitCost: value,
    ruleVersion: uuid,
    evidence: orNull<string>(Type.String()),
    funders: Type.Array(Funder),
  },
  { title: 'LeafLot' },
);

export const LeafShown = object(
  {
    id: uuid,
    kind: Whole,
    programme: Signed,
    pointType: Signed,
    member: uuid,
    points: value,
    effectiveAt: value,
    merchant: uuid,
    subject: uuid,
    sourceKind: Whole,
    source: uuid,
    balanceAfter: value,
    commitment: Type.String({
      description: 'A salted hash of key, request and free text, which are not shown.',
    }),
    refusal: Type.String({ description: 'As hashed; empty when it was applied.' }),
    entryFirst: value,
    entries: Type.Array(LeafEntry),
    lots: Type.Array(LeafLot),
    marks: Type.Array(Type.String()),
    leaf: Type.String({ description: 'The hash that is stored for all the rest.' }),
    erased: Type.Optional(Type.Boolean({ description: 'Its text was erased.' })),
  },
  {
    title: 'Leaf',
    description:
      'A transaction as the chain hashes it, in the form of the export: docs/verify/README.md.',
  },
);

const header = {
  number: Whole,
  recordedAt: InstantText,
  previousHash: Hash,
  merkleRoot: Hash,
  hash: Hash,
  transactions: { ...Whole, description: 'How many it has.' },
  entryFirst: { ...Signed, description: 'Number of its first entry.' },
  entries: Whole,
};
export const BlockShown = object(
  {
    ...header,
    seal: orNull<number>(
      Type.Integer({ description: 'The first seal that covers it; null until it is made.' }),
    ),
  },
  { title: 'Block' },
);

const Leaves = Type.Array(nullable(LeafShown), {
  description: 'In order. Null: its rows are missing, or no leaf can hold them.',
});
const place = { ledgerId: Type.String(), format: Whole, shards: Whole, shard: Whole };

export const BlockWithLeavesShown = object(
  { ...place, block: BlockShown, leaves: Leaves, nextCursor: nullable(Type.String()) },
  { title: 'BlockWithLeaves' },
);

export const ChainShown = object(
  {
    ...place,
    blocks: Type.Array(object({ ...header, leaves: Leaves }, { title: 'ChainedBlock' })),
    more: Type.Boolean({ description: 'There are blocks after the last of these.' }),
  },
  { title: 'Chain' },
);

export const ShardsShown = object(
  {
    ledgerId: Type.String(),
    format: Whole,
    seal: orNull<number>(
      Type.Integer({ description: 'The last seal; null when nothing was sealed.' }),
    ),
    shards: Type.Array(
      object(
        {
          shard: Whole,
          blocks: { ...Whole, description: 'The number of its last block; 0: none yet.' },
          entries: Whole,
          hash: { ...Hash, description: 'Of its last block, or its genesis.' },
          recordedAt: InstantText,
          sealed: { ...Whole, description: 'The last block that a seal covers.' },
        },
        { title: 'Shard' },
      ),
    ),
  },
  { title: 'Shards' },
);
