import { asUuid, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../transaction.ts';
import type { StoredTransaction } from '../verify-read.ts';
import type { Replay, ReplayedAccount, ReplayedHold, ReplayedLot } from '../verify-replay.ts';

// The state a replay has reached, as rows: one for each lot, hold, account, debt, limit, budget and claim,
// under the id it hangs on. A replay of the next blocks begins with the rows of the ids these name.

export interface ShadowRow {
  readonly about: Uuid;
  readonly what: string;
  readonly state: unknown;
}

type KeptHold = Omit<ReplayedHold, 'lots'> & {
  readonly lots: readonly (readonly [Uuid, number])[];
};

/** Every id that playing these transactions may look up. */
export function idsNamedBy(transactions: readonly StoredTransaction[]): Uuid[] {
  // What concerns the whole shard hangs on the platform's id.
  const ids = new Set<Uuid>([PLATFORM]);
  const name = (id: Uuid | null): void => {
    if (id !== null) ids.add(id);
  };
  for (const { transaction, marks } of transactions) {
    if (transaction === null) continue;
    name(transaction.member);
    for (const mark of marks) {
      const [kind, what] = splitOnce(mark);
      if (kind === 'budget') name(what as Uuid);
      if (kind === 'claim') name(uuidOfHash(what));
    }
    for (const { from, to, lot, ref } of transaction.entries) {
      for (const id of [from.owner, to.owner, lot, ref]) name(id);
    }
  }
  return [...ids];
}

/** The limits that these transactions count on. */
export function countersNamedBy(
  transactions: readonly StoredTransaction[],
): { member: Uuid; name: string }[] {
  const named = new Map<string, { member: Uuid; name: string }>();
  for (const { transaction, marks } of transactions) {
    for (const mark of marks) {
      if (transaction === null || !mark.startsWith('counter ')) continue;
      const counter = { member: transaction.member, name: mark.slice('counter '.length) };
      named.set(`${counter.member}/${counter.name}`, counter);
    }
  }
  return [...named.values()];
}

/** Fills a replay with what earlier blocks made. */
export function restore(replay: Replay, rows: readonly ShadowRow[]): void {
  for (const { about, what, state } of rows) {
    const [kind, detail] = splitOnce(what);
    switch (kind) {
      case 'lot':
        replay.lots.set(about, state as ReplayedLot);
        break;
      case 'hold': {
        const hold = state as KeptHold;
        replay.holds.set(about, { ...hold, lots: new Map(hold.lots) });
        break;
      }
      case 'account':
        replay.accounts.set(`${about}/${detail}`, state as ReplayedAccount);
        break;
      case 'debt':
        replay.debts.set(detail as Uuid, state as number);
        replay.debtors.set(detail as Uuid, about);
        break;
      case 'counter':
        replay.counters.set(`${about}/${detail}`, state as number);
        break;
      case 'closed':
        replay.closedUntil.set(Number(detail), state as number);
        break;
      case 'budget':
        replay.budgets.set(about, state as number);
        break;
      case 'claim':
        replay.claims.set(detail, state as Uuid);
        break;
      case 'owner': {
        const [role, pointType] = splitOnce(detail);
        replay.counterAccounts.set(`${role}/${about}/${pointType}`, BigInt(state as string));
        break;
      }
      default:
        throw new Error(`an unknown kind of shadow: ${what}`);
    }
  }
}

/** What a replay knows, as rows; {@link restore} reads them back. */
export function keep(replay: Replay): ShadowRow[] {
  const rows: ShadowRow[] = [];
  for (const [id, lot] of replay.lots) rows.push({ about: id, what: 'lot', state: lot });
  for (const [id, hold] of replay.holds) {
    const state: KeptHold = { ...hold, lots: [...hold.lots] };
    rows.push({ about: id, what: 'hold', state });
  }
  for (const [key, account] of replay.accounts)
    rows.push({ about: memberOf(key), what: `account ${key.slice(37)}`, state: account });
  for (const [lot, points] of replay.debts) {
    const member = debtorOf(replay, lot);
    // A debt about something that no block made was reported when it was played.
    if (member !== undefined) rows.push({ about: member, what: `debt ${lot}`, state: points });
  }
  for (const [key, value] of replay.counters)
    rows.push({ about: memberOf(key), what: `counter ${key.slice(37)}`, state: value });
  for (const [programme, at] of replay.closedUntil)
    rows.push({ about: PLATFORM, what: `closed ${programme}`, state: at });
  for (const [budget, spent] of replay.budgets)
    rows.push({ about: budget as Uuid, what: 'budget', state: spent });
  for (const [hash, transaction] of replay.claims)
    rows.push({ about: uuidOfHash(hash), what: `claim ${hash}`, state: transaction });
  for (const [key, balance] of replay.counterAccounts) {
    const [role = '', owner, pointType = ''] = key.split('/');
    rows.push({
      about: owner as Uuid,
      what: `owner ${role} ${pointType}`,
      state: balance.toString(),
    });
  }
  return rows;
}

/** Who owes what is owed about a lot, or for an overdraft; undefined when no block says. */
export function debtorOf({ debtors, lots }: Replay, about: Uuid): Uuid | undefined {
  return lots.get(about)?.member ?? debtors.get(about);
}

/** The member of a key that begins with its id: of an account or a limit. */
export function memberOf(key: string): Uuid {
  return key.slice(0, 36) as Uuid;
}

/** A hash has no id of its own: its first half serves as one. */
function uuidOfHash(hash: string): Uuid {
  return asUuid(hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
