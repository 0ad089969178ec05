import type { Uuid } from '../../kernel/id.ts';
import { writeUuid } from '../../platform/columns.ts';
import { accountKey } from '../book.ts';
import { roleName } from '../record.ts';
import { PLATFORM, ROLES, type Role } from '../transaction.ts';
import { ENTRY, isNil, LEAF, LeafView, readUuid } from '../verify/leaf.ts';
import { idKey, type Replay } from '../verify/replay.ts';
import { memberOf, Shadow, splitOnce, uuidOfHash } from './shadow.ts';

// Verify replays whole shards; a page of a few blocks is replayed by the same rules, beginning with what
// the ids these blocks name had come to.

export interface Named {
  /** Every id that playing these leaves may look up. */
  readonly ids: readonly Uuid[];
  /** The limits that they count on. */
  readonly counters: readonly { readonly member: Uuid; readonly name: string }[];
  /** The earns that they return. */
  readonly earns: readonly Uuid[];
}

export function namedBy(leaves: readonly Buffer[]): Named {
  const ids = new Set<Uuid>([PLATFORM]);
  const earns = new Set<Uuid>();
  const counters = new Map<string, { member: Uuid; name: string }>();
  const view = new LeafView();
  for (const bytes of leaves) {
    const name = (at: number): void => {
      if (!isNil(bytes, at)) ids.add(readUuid(bytes, at));
    };
    const leaf = view.read(bytes);
    const member = readUuid(bytes, LEAF.member);
    name(LEAF.member);
    if (leaf.kind === 'return') earns.add(readUuid(bytes, LEAF.subject));
    // The transfer whose other end it is.
    if (leaf.kind === 'transfer_in') name(LEAF.source);
    if (leaf.kind === 'transfer_return') name(LEAF.subject);
    for (let index = 0; index < leaf.entryCount; index += 1) {
      const { at } = leaf.entryAt(index);
      for (const field of [ENTRY.fromOwner, ENTRY.toOwner, ENTRY.lot, ENTRY.ref]) name(at + field);
    }
    for (const mark of leaf.marks()) {
      const [kind, what] = splitOnce(mark);
      if (kind === 'budget') ids.add(what as Uuid);
      if (kind === 'funding') ids.add(splitOnce(what)[0] as Uuid);
      if (kind === 'claim') ids.add(uuidOfHash(what));
      if (kind === 'counter' || kind === 'times')
        counters.set(`${member}/${what}`, { member, name: what });
    }
  }
  return { ids: [...ids], counters: [...counters.values()], earns: [...earns] };
}

/** Begins a replay with what earlier blocks made. */
export function restore(replay: Replay, shadow: Shadow): void {
  const { lots, accounts, counterAccounts, between } = replay;
  for (const [key, state] of shadow.accounts)
    Object.assign(accounts.open(bytesOf(memberOf(key)), 0, Number(key.slice(37))), state);
  for (const [id, state] of shadow.lots) {
    const account = accounts.name(bytesOf(state.member), 0, state.pointType);
    const lot = lots.make(bytesOf(id), 0, account, state);
    if (lot === undefined) continue;
    const { expiresAt, remaining, held, expired, expiredRecovered, returned, pending } = state;
    const moved = { expiresAt, remaining, held, expired, expiredRecovered, returned, pending };
    Object.assign(lot, moved);
    if (state.slideMonths !== undefined) replay.sliding.add(lot, state.slideMonths);
  }
  for (const [id, { member, expiresAt, remaining, lots: pinned }] of shadow.holds) {
    const left = pinned.map(([lot, points]) => [lots.ids.find(bytesOf(lot), 0), points] as const);
    const known = new Map(left.filter(([lot]) => lot >= 0));
    const hold = { member: keyOf(member), expiresAt, remaining, lots: known };
    replay.holds.set(keyOf(id), hold);
  }
  for (const [lot, { member, points }] of shadow.debts) {
    replay.debts.set(keyOf(lot), points);
    replay.debtors.set(keyOf(lot), keyOf(member));
  }
  for (const [key, value] of shadow.counters)
    replay.counters.set(keyOf(memberOf(key)) + key.slice(37), value);
  for (const [programme, at] of shadow.closedUntil) replay.closedUntil.set(programme, at);
  for (const [budget, spent] of shadow.budgets) replay.budgets.set(budget, spent);
  for (const [hash, transaction] of shadow.claims) replay.claims.set(hash, keyOf(transaction));
  for (const [key, balance] of shadow.counterAccounts) {
    const [role, owner, pointType] = key.split('/') as [Role, Uuid, string];
    counterAccounts.restore(ROLES[role], bytesOf(owner), Number(pointType), balance);
  }
  for (const [transfer, end] of shadow.sent) between.sent.set(transfer, end);
  for (const [transfer, end] of shadow.arrived) between.arrived.set(transfer, end);
  for (const transfer of shadow.returned) between.returned.add(transfer);
}

/** What a replay knows. */
export function shadowOf(replay: Replay): Shadow {
  const shadow = new Shadow();
  const { lots, accounts, counterAccounts, between, sliding } = replay;
  for (let number = 0; number < accounts.ids.count; number += 1) {
    if (!accounts.isOpen(number)) continue;
    const { free, held, debt, earned, redeemed, expired, lastEffectiveAt } = accounts.at(number);
    const key = accountKey(accounts.ids.uuidOf(number), accounts.ids.extraOf(number));
    const state = { free, held, debt, earned, redeemed, expired, lastEffectiveAt };
    shadow.accounts.set(key, state);
  }
  for (let number = 0; number < lots.ids.count; number += 1) {
    const lot = lots.at(number);
    const slideMonths = sliding.months.get(number);
    shadow.lots.set(lots.ids.uuidOf(number), {
      member: accounts.ids.uuidOf(lot.account),
      pointType: accounts.ids.extraOf(lot.account),
      availableAt: lot.availableAt,
      expiresAt: lot.expiresAt,
      issued: lot.issued,
      amount: lot.amount,
      terms: lot.terms,
      remaining: lot.remaining,
      held: lot.held,
      expired: lot.expired,
      expiredRecovered: lot.expiredRecovered,
      returned: lot.returned,
      pending: lot.pending,
      ...(slideMonths === undefined ? {} : { slideMonths }),
    });
  }
  for (const [key, { member, expiresAt, remaining, lots: pinned }] of replay.holds) {
    const left = [...pinned].map(([lot, points]) => [lots.ids.uuidOf(lot), points] as const);
    shadow.holds.set(idOf(key), { member: idOf(member), expiresAt, remaining, lots: left });
  }
  for (const [lot, points] of replay.debts) {
    const member = replay.debtors.get(lot);
    // A debt about something that no block made was reported when it was played.
    if (member !== undefined) shadow.debts.set(idOf(lot), { member: idOf(member), points });
  }
  for (const [key, value] of replay.counters)
    shadow.counters.set(`${idOf(key)}/${key.slice(16)}`, value);
  for (const [programme, at] of replay.closedUntil) shadow.closedUntil.set(programme, at);
  for (const [budget, spent] of replay.budgets) shadow.budgets.set(budget as Uuid, spent);
  for (const [hash, transaction] of replay.claims) shadow.claims.set(hash, idOf(transaction));
  for (const [role, ids] of counterAccounts.ids.entries())
    for (let number = 0; number < (ids?.count ?? 0); number += 1) {
      const [owner, pointType] = [ids?.uuidOf(number), ids?.extraOf(number)];
      const balance = counterAccounts.balanceAt(role, number);
      shadow.counterAccounts.set(`${roleName(role)}/${owner}/${pointType}`, balance);
    }
  for (const [transfer, end] of between.sent) shadow.sent.set(transfer, end);
  for (const [transfer, end] of between.arrived) shadow.arrived.set(transfer, end);
  for (const transfer of between.returned) shadow.returned.add(transfer);
  return shadow;
}

export function bytesOf(id: Uuid): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  writeUuid(id, bytes, 0);
  return bytes;
}

function keyOf(id: Uuid): string {
  return idKey(bytesOf(id), 0);
}

/** Of a key that begins with an id: 16 characters. */
function idOf(key: string): Uuid {
  return readUuid(Buffer.from(key.slice(0, 16), 'latin1'), 0);
}
