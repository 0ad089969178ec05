import { isDeepStrictEqual } from 'node:util';
import type { Uuid } from '../../kernel/id.ts';
import { accountKey, type Book, type Lot, type MemberAccount } from '../book.ts';
import { ROLES, type Role } from '../transaction.ts';
import { idKey, type Replay } from '../verify/replay.ts';

const bytesOf = (id: Uuid): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const keyOf = (id: Uuid): string => idKey(bytesOf(id), 0);

/** Where verify's replay and the book that decided differ about some accounts and lots, and all that is few. */
export function compareWithReplay(
  book: Book,
  replay: Replay,
  { accounts, lots }: { accounts: Iterable<MemberAccount>; lots: Iterable<Lot> },
): string[] {
  const faults: string[] = [];
  const same = (what: string, is: unknown, should: unknown): void => {
    if (!isDeepStrictEqual(is, should))
      faults.push(`${what} is ${show(is)}, by the replay ${show(should)}`);
  };
  for (const account of accounts) {
    const key = accountKey(account.member, account.pointType);
    const found = replay.accounts.find(bytesOf(account.member), 0, account.pointType);
    const { free, held, debt, earned, redeemed, expired, lastEffectiveAt } = account;
    const is = { free, held, debt, earned, redeemed, expired, lastEffectiveAt };
    same(`account ${key}`, is, pick(found ?? nobody, Object.keys(is)));
    let [inLots, pinned] = [0, 0];
    const open = [...account.sliding].filter((lot) => lot.remaining > 0).length;
    same(`open lots that slide of ${key}`, account.openSliding, open);
    for (const lot of account.lots) {
      inLots += lot.remaining;
      pinned += lot.held;
    }
    same(`account ${key}, by its lots,`, [inLots - pinned, pinned], [free, held]);
    same(
      `account ${key}, by its debts,`,
      account.debts.reduce((sum, each) => sum + each.remaining, 0),
      debt,
    );
    for (const { lot } of account.debts) {
      const own = account.debts.filter((debt) => debt.lot === lot);
      const left = own.reduce((sum, debt) => sum + debt.remaining, 0);
      same(`debt about ${lot}`, left, replay.debts.get(keyOf(lot)));
      same(`debtor of ${lot}`, keyOf(account.member), replay.debtors.get(keyOf(lot)));
    }
  }
  for (const lot of lots) {
    const found = replay.lots.find(bytesOf(lot.id), 0);
    const { slideMonths } = lot;
    const is = Object.fromEntries(Object.entries(lot).filter(([name]) => !OF_TERMS.has(name)));
    same(`lot ${lot.id}`, is, found === undefined ? null : pick(found, Object.keys(is)));
    const slides = replay.sliding.months.get(found?.number ?? -1) ?? null;
    same(`lot ${lot.id} slides:`, slideMonths, slides);
  }
  for (const [id, hold] of book.holds) {
    const found = replay.holds.get(keyOf(id));
    const numbers = hold.takes.map(({ lot, points }) => [
      replay.lots.find(bytesOf(lot), 0)?.number,
      points,
    ]);
    const { expiresAt, remaining } = hold;
    const is = { member: keyOf(hold.member), expiresAt, remaining, lots: numbers };
    same(`hold ${id}`, is, found === undefined ? null : { ...found, lots: [...found.lots] });
  }
  for (const [key, value] of book.counters) {
    const [member, name] = [key.slice(0, 36) as Uuid, key.slice(37)];
    same(`counter ${key}`, value, replay.counters.get(keyOf(member) + name) ?? 0);
  }
  for (const [id, { spent }] of book.allotments)
    same(`budget ${id}`, spent, replay.budgets.get(id) ?? 0);
  for (const [key, { account, pointType, points }] of book.counterDeltas) {
    const { role, owner } = account as { role: Role; owner: Uuid };
    same(key, points, replay.counterAccounts.balance(ROLES[role], bytesOf(owner), 0, pointType));
  }
  // What moves between nobody and nobody is nobody's.
  same('accounts of nobody', undefined, replay.counterAccounts.ids[ROLES.none]);
  return faults;
}

const nobody = {
  free: 0,
  held: 0,
  debt: 0,
  earned: 0,
  redeemed: 0,
  expired: 0,
  lastEffectiveAt: 0,
};

/** What of a lot the replay keeps elsewhere, or not at all. */
const OF_TERMS = new Set(['id', 'seq', 'issuer', 'slideMonths', 'unitCost', 'funders', 'root']);

function pick(from: object, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, Reflect.get(from, name)]));
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each));
}
