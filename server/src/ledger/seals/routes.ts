import Type from 'typebox';
import type { Pool } from '../../platform/database.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  nullable,
  object,
} from '../../platform/web/schema.ts';
import { readIdentity } from '../open.ts';
import { orNull } from '../shown.ts';
import { proveTransaction } from './prove-transaction.ts';
import { SEAL_FORMAT } from './seal.ts';
import { showSeal, showSealKey } from './seal-json.ts';
import { readSealKeys, readSeals } from './store.ts';

const PAGE_DEFAULT = 60;
const PAGE_MAX = 500;

const Hex = Type.String({ pattern: '^([0-9a-f]{2})*$' });
const Whole = Type.Integer({ minimum: 0 });

const about = {
  ledgerId: Type.String(),
  format: Type.Integer(),
};
const statement = {
  number: Whole,
  sealedAt: InstantText,
  previousHash: Type.String({ ...Hex, description: 'Of the seal before it.' }),
  root: Type.String({ ...Hex, description: 'Merkle root of all heads.' }),
  hash: Type.String({ ...Hex, description: 'SHA-256 of the signed bytes.' }),
  keyId: Hex,
  signature: Type.String({ ...Hex, description: 'Ed25519.' }),
};
const Seal = object(
  {
    ...statement,
    heads: Type.Array(object({ shard: Whole, block: Whole, hash: Hex }, { title: 'SealedHead' })),
  },
  { title: 'Seal' },
);
const SealPage = object(
  { ...about, seals: Type.Array(Seal), more: Type.Boolean() },
  { title: 'SealPage' },
);
const SealKey = object(
  {
    number: Whole,
    id: Hex,
    publicKey: Hex,
    firstSeal: Type.Integer({ description: 'The first seal it signs.' }),
    madeAt: InstantText,
    signature: orNull<string>(
      Type.String({ description: 'By the key before it; null in the first.' }),
    ),
  },
  { title: 'SealKey' },
);
const SealKeys = object({ ...about, keys: Type.Array(SealKey) }, { title: 'SealKeys' });
const SealAndKey = object(
  { ...about, seal: Seal, key: nullable(SealKey) },
  { title: 'SealAndKey', description: 'A seal with the heads it signed, and the key it names.' },
);
const Proof = object(
  {
    ...about,
    leaf: Type.String({ ...Hex, description: 'The transaction as the chain hashes it.' }),
    position: Whole,
    path: Type.Array(Hex, { description: 'From the leaf to the Merkle root of its block.' }),
    blocks: Type.Array(Hex, { description: 'Headers from its block to the sealed one.' }),
    seal: nullable(object(statement, { title: 'SealStatement' })),
    shards: Whole,
    headPath: Type.Array(Hex, { description: 'From the last header’s hash to the seal’s root.' }),
  },
  {
    title: 'Proof',
    description: 'All bytes in hex; docs/ledger.md says how to check it with a public key alone.',
  },
);

const tags = ['ledger'];

/** What lets others check the ledger without trusting whoever runs it. */
export function sealRoutes(app: App, { pool }: { readonly pool: Pool }): void {
  const describe = async () => {
    const identity = await readIdentity(pool);
    if (identity === undefined) throw new Error('there is no ledger in this database');
    return { ledgerId: identity.ledgerId, format: SEAL_FORMAT };
  };

  app.get(
    '/ledger/seals',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'listSeals',
        tags,
        summary: 'Signed seals over all chains, oldest first',
        description: 'Made every minute while something changes. Keep them outside.',
        querystring: object({
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: Number.MAX_SAFE_INTEGER,
              description: 'The number of the last seal you have.',
            }),
          ),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX })),
        }),
        response: answers({ 200: SealPage }),
      },
    },
    async (request) => {
      const { after = 0, limit = PAGE_DEFAULT } = request.query;
      const found = await readSeals(pool, after, limit + 1);
      const seals = found.slice(0, limit).map(showSeal);
      return { ...(await describe()), seals: seals as never, more: found.length > limit };
    },
  );

  app.get(
    '/ledger/seals/:number',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'getSeal',
        tags,
        summary: 'Read a seal, the heads it signed, and its key',
        params: object({
          number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        }),
        response: answers({ 200: SealAndKey }, 404),
      },
    },
    async (request, reply) => {
      const { number } = request.params;
      const [seal] = await readSeals(pool, number - 1, 1);
      if (seal?.number !== number) return refuse(reply, problem('seal_not_found'));
      const key = (await readSealKeys(pool)).find(({ id }) => id === seal.keyId);
      const body = { seal: showSeal(seal), key: key === undefined ? null : showSealKey(key) };
      return reply.code(200).send({ ...(await describe()), ...body } as never);
    },
  );

  app.get(
    '/ledger/seal-keys',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'listSealKeys',
        tags,
        summary: 'The public keys of the seals, each introduced by the one before it',
        response: answers({ 200: SealKeys }),
      },
    },
    async () => ({ ...(await describe()), keys: (await readSealKeys(pool)).map(showSealKey) }),
  );

  app.get(
    '/ledger/proofs/:transaction',
    {
      config: { scopes: ['ledger:read'] },
      schema: {
        operationId: 'getProof',
        tags,
        summary: 'Prove that a transaction stands in the sealed ledger',
        params: object({ transaction: idOf('transaction') }),
        response: answers({ 200: Proof }, 404, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('transaction', request.params.transaction);
      const proof = await proveTransaction(pool, id);
      if (proof === undefined) return refuse(reply, problem('transaction_not_found'));
      if ('code' in proof) return refuse(reply, proof);
      return reply.code(200).send(proof as never);
    },
  );
}
