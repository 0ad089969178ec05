import { accountKey, Book, type MemberAccount } from '@hongmi/server/ledger/book';
import type { Storage } from '@hongmi/server/ledger/storage';

/**
 * The ledger's storage for one process that writes alone and only issues and burns: what a batch needs is
 * remembered instead of read, so that the indexes for reading it can be built afterwards. The accounts and
 * lots that a batch changes are the remembered ones themselves: when an append fails, so does everything.
 */
export function rememberingStorage(
  { readHead, append }: Pick<Storage, 'readHead' | 'append'>,
  batchesMax: number,
): { readonly storage: Storage; forget(): void } {
  const accounts = new Map<string, MemberAccount>();
  return {
    storage: {
      batchesMax,
      readHead,
      survey: async () => new Map(),
      async load(_shard, commands, _round, nextSeq) {
        const book = new Book(nextSeq);
        for (const { kind, member, pointType } of commands) {
          if (kind !== 'issue' && kind !== 'burn')
            throw new Error(`a filled ledger has no ${kind} commands`);
          const key = accountKey(member, pointType);
          const account = accounts.get(key);
          if (account === undefined || book.accounts.has(key)) continue;
          book.accounts.set(key, account);
          for (const lot of account.lots) book.lots.set(lot.id, lot);
        }
        return { book, replays: new Map() };
      },
      async append(block, book) {
        const appended = await append(block, book);
        if (!appended.done) throw new Error('somebody else writes to the ledger that is filled');
        for (const account of book.changedAccounts)
          accounts.set(accountKey(account.member, account.pointType), account);
        return appended;
      },
    },
    forget: () => accounts.clear(),
  };
}
