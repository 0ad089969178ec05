import type { DBAdapter, Where } from 'better-auth/types';
import { sha256 } from '../kernel/hash.ts';

/** What stands in the database of a session's token. */
export const hashOfToken = (token: string): string => sha256(token).toString('hex');

type Adapter = Omit<DBAdapter, 'transaction'>;
type Row = Record<string, unknown>;

/**
 * The library's storage, with the tokens of sessions hashed on their way in: who reads the database finds no session that could
 * be taken over. Asked for by its token, a session is given back with it; found in another way, it has the hash alone.
 */
export function withHashedTokens(adapter: DBAdapter): DBAdapter {
  return {
    ...hashing(adapter),
    transaction: (work) => adapter.transaction((inner) => work(hashing(inner))),
  } as DBAdapter;
}

function hashing(inner: Adapter): Adapter {
  return {
    ...inner,
    async create(asked: { model: string; data: Row }) {
      const { token } = asked.data;
      if (asked.model !== 'session' || typeof token !== 'string')
        return await inner.create(asked as never);
      const data = { ...asked.data, token: hashOfToken(token) };
      return { ...(await inner.create<Row>({ ...asked, data } as never)), token };
    },
    findOne: async (asked: Asked) => withToken(await inner.findOne(hashed(asked)), asked),
    findMany: (asked: Asked) => inner.findMany(hashed(asked)),
    count: (asked: Asked) => inner.count(hashed(asked)),
    update: async (asked: Asked) => withToken(await inner.update(hashed(asked)), asked),
    updateMany: (asked: Asked) => inner.updateMany(hashed(asked)),
    delete: (asked: Asked) => inner.delete(hashed(asked)),
    deleteMany: (asked: Asked) => inner.deleteMany(hashed(asked)),
    consumeOne: (asked: Asked) => inner.consumeOne(hashed(asked)),
    incrementOne: (asked: Asked) => inner.incrementOne(hashed(asked)),
  } as Adapter;
}

interface Asked {
  readonly model: string;
  readonly where?: Where[];
}

function hashed(asked: Asked): never {
  const { model, where } = asked;
  if (model !== 'session' || where === undefined) return asked as never;
  return { ...asked, where: where.map(hashedPart) } as never;
}

function hashedPart(part: Where): Where {
  const { field, value } = part;
  if (field !== 'token') return part;
  if (typeof value === 'string') return { ...part, value: hashOfToken(value) };
  return Array.isArray(value)
    ? { ...part, value: value.map((each) => hashOfToken(`${each}`)) }
    : part;
}

/** Gives a session that was asked for by its token that token back. */
function withToken(found: unknown, { model, where }: Asked): never {
  const token = where?.find(({ field }) => field === 'token')?.value;
  if (model !== 'session' || found === null || typeof token !== 'string') return found as never;
  return { ...(found as Row), token } as never;
}
