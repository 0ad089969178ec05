import type { Instant } from '../../kernel/clock.ts';
import { asUuid, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../transaction.ts';
import type { End } from '../verify/between.ts';

/** What the entries so far say of a lot. */
export interface LotShadow {
  readonly member: Uuid;
  readonly pointType: number;
  readonly availableAt: Instant;
  readonly expiresAt: Instant | null;
  readonly issued: number;
  readonly amount: number;
  readonly terms: number;
  readonly remaining: number;
  readonly held: number;
  readonly expired: number;
  readonly expiredRecovered: number;
  readonly returned: number;
  readonly pending: boolean;
  /** Only of one that slides. */
  readonly slideMonths?: number;
}

export interface HoldShadow {
  readonly member: Uuid;
  readonly expiresAt: Instant | null;
  readonly remaining: number;
  /** What is left of it, in the order it will be captured. */
  readonly lots: readonly (readonly [lot: Uuid, points: number])[];
}

export interface AccountShadow {
  readonly free: number;
  readonly held: number;
  readonly debt: number;
  readonly earned: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly lastEffectiveAt: Instant;
}

/** The state that a replay has reached, or what of it some blocks need. */
export class Shadow {
  readonly lots = new Map<Uuid, LotShadow>();
  readonly holds = new Map<Uuid, HoldShadow>();
  /** By member and point type: `member/pointType`. */
  readonly accounts = new Map<string, AccountShadow>();
  /** By the lot it is about, or the transaction that overdrew. */
  readonly debts = new Map<Uuid, { readonly member: Uuid; readonly points: number }>();
  /** By member and name: `member/name`. */
  readonly counters = new Map<string, number>();
  /** By programme. */
  readonly closedUntil = new Map<number, Instant>();
  readonly budgets = new Map<Uuid, number>();
  /** The transaction that used each fact, by its hash in hex. */
  readonly claims = new Map<string, Uuid>();
  /** By `role/owner/pointType`. */
  readonly counterAccounts = new Map<string, bigint>();
  readonly sent = new Map<Uuid, End>();
  readonly arrived = new Map<Uuid, End>();
  readonly returned = new Set<Uuid>();
}

/** A part of a shadow as it is kept: under the id it hangs on. */
export interface ShadowRow {
  readonly about: Uuid;
  readonly what: string;
  readonly state: unknown;
}

/** Adds rows that {@link rowsOf} made. */
export function addRows(shadow: Shadow, rows: readonly ShadowRow[]): void {
  for (const { about, what, state } of rows) {
    const [kind, detail] = splitOnce(what);
    switch (kind) {
      case 'lot':
        shadow.lots.set(about, state as LotShadow);
        break;
      case 'hold':
        shadow.holds.set(about, state as HoldShadow);
        break;
      case 'account':
        shadow.accounts.set(`${about}/${detail}`, state as AccountShadow);
        break;
      case 'debt':
        shadow.debts.set(detail as Uuid, { member: about, points: state as number });
        break;
      case 'counter':
        shadow.counters.set(`${about}/${detail}`, state as number);
        break;
      case 'closed':
        shadow.closedUntil.set(Number(detail), state as number);
        break;
      case 'budget':
        shadow.budgets.set(about, state as number);
        break;
      case 'claim':
        shadow.claims.set(detail, state as Uuid);
        break;
      case 'owner': {
        const [role, pointType] = splitOnce(detail);
        shadow.counterAccounts.set(`${role}/${about}/${pointType}`, BigInt(state as string));
        break;
      }
      case 'sent':
        shadow.sent.set(about, state as End);
        break;
      case 'arrived':
        shadow.arrived.set(about, state as End);
        break;
      case 'returned':
        shadow.returned.add(about);
        break;
      default:
        throw new Error(`an unknown kind of shadow: ${what}`);
    }
  }
}

export function rowsOf(shadow: Shadow): ShadowRow[] {
  const rows: ShadowRow[] = [];
  const add = (about: Uuid, what: string, state: unknown): void => {
    rows.push({ about, what, state });
  };
  for (const [id, lot] of shadow.lots) add(id, 'lot', lot);
  for (const [id, hold] of shadow.holds) add(id, 'hold', hold);
  for (const [key, account] of shadow.accounts)
    add(memberOf(key), `account ${key.slice(37)}`, account);
  for (const [lot, { member, points }] of shadow.debts) add(member, `debt ${lot}`, points);
  for (const [key, value] of shadow.counters) add(memberOf(key), `counter ${key.slice(37)}`, value);
  // What concerns the whole shard hangs on the platform's id.
  for (const [programme, at] of shadow.closedUntil) add(PLATFORM, `closed ${programme}`, at);
  for (const [budget, spent] of shadow.budgets) add(budget, 'budget', spent);
  for (const [hash, transaction] of shadow.claims)
    add(uuidOfHash(hash), `claim ${hash}`, transaction);
  for (const [key, balance] of shadow.counterAccounts) {
    const [role = '', owner, pointType = ''] = key.split('/');
    add(owner as Uuid, `owner ${role} ${pointType}`, balance.toString());
  }
  for (const [transfer, end] of shadow.sent) add(transfer, 'sent', end);
  for (const [transfer, end] of shadow.arrived) add(transfer, 'arrived', end);
  for (const transfer of shadow.returned) add(transfer, 'returned', true);
  return rows;
}

/** The member of a key that begins with its id: of an account or a limit. */
export function memberOf(key: string): Uuid {
  return key.slice(0, 36) as Uuid;
}

/** A hash has no id of its own: its first half serves as one. */
export function uuidOfHash(hash: string): Uuid {
  return asUuid(hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}

export function splitOnce(text: string): [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
