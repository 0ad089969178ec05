import { showId, type Uuid } from '../../kernel/id.ts';
import { ROLES } from '../transaction.ts';
import type { Accruals, Root } from './accruals.ts';
import {
  about,
  aboutCounterAccount,
  aboutMember,
  type Facts,
  type FindingCode,
  type Problem,
  problem,
  type Subject,
} from './finding.ts';
import { equal, readUuid } from './leaf.ts';
import { idKey, type Replay, type ReplayedHold } from './replay.ts';
import type { StateReader } from './source.ts';

type Report = (subject: Subject, problem: Problem) => void;

/**
 * Compares the state of a shard, as it is told, with what the entries add up to, in both directions, and
 * checks the sums: balance = Σ open lots − debt, and Σ of all accounts = 0.
 */
export class StateComparison implements StateReader {
  lots = 0;
  accounts = 0;
  private readonly replay: Replay;
  private readonly accruals: Accruals;
  private readonly report: Report;
  /** By point type. */
  private readonly sums = new Map<number, bigint>();
  private readonly counterAccountsSeen = new Set<string>();
  private readonly countersSeen = new Set<string>();
  private readonly claimsSeen = new Set<string>();
  private readonly budgetsSeen = new Set<string>();
  private readonly holdsSeen = new Set<string>();
  /** What the state says is owed, by lot. */
  private readonly owed = new Map<string, number>();

  constructor(replay: Replay, accruals: Accruals, report: Report) {
    this.replay = replay;
    this.accruals = accruals;
    this.report = report;
  }

  lot(state: Parameters<StateReader['lot']>[0]): void {
    this.lots += 1;
    const lot = this.replay.lots.find(state.id, 0);
    const account = this.replay.accounts.find(state.member, 0, state.pointType);
    if (account !== undefined) account.inLots += state.remaining;
    if (lot === undefined) {
      const subject = about('lot', readUuid(state.id, 0));
      this.report(subject, problem('in_no_block'));
      this.report(subject, problem('lot_not_made'));
      return;
    }
    lot.seen = true;
    this.root(state);
    const slideMonths = this.replay.sliding.months.get(lot.number) ?? null;
    if (
      lot.account === account?.number &&
      lot.expiresAt === state.expiresAt &&
      lot.remaining === state.remaining &&
      lot.held === state.held &&
      lot.expired === state.expired &&
      lot.expiredRecovered === state.expiredRecovered &&
      lot.returned === state.returned &&
      lot.pending === state.pending &&
      slideMonths === state.slideMonths
    )
      return;
    const { accounts } = this.replay;
    const member = accounts.ids.idOf(lot.account);
    this.differences(about('lot', readUuid(state.id, 0)), [
      ['member', memberOf(state.member), memberOf(member)],
      ['point_type', state.pointType, accounts.ids.extraOf(lot.account)],
      ['expires_at_ms', state.expiresAt, lot.expiresAt],
      ['remaining', state.remaining, lot.remaining],
      ['held', state.held, lot.held],
      ['expired', state.expired, lot.expired],
      ['expired_recovered', state.expiredRecovered, lot.expiredRecovered],
      ['returned', state.returned, lot.returned],
      ['pending', state.pending, lot.pending],
      ['slide_months', state.slideMonths, slideMonths],
    ]);
  }

  account(state: Parameters<StateReader['account']>[0]): void {
    this.accounts += 1;
    const { pointType, free, held, debt } = state;
    this.sum(pointType, BigInt(free) + BigInt(held) - BigInt(debt));
    const subject = (): Subject => aboutMember(readUuid(state.member, 0));
    const account = this.replay.accounts.find(state.member, 0, pointType);
    if (account === undefined) {
      this.report(subject(), problem('account_not_opened'));
      return;
    }
    account.seen = true;
    this.differences(subject, [
      ['free', free, account.free],
      ['held', held, account.held],
      ['debt', debt, account.debt],
      ['earned', state.earned, account.earned],
      ['redeemed', state.redeemed, account.redeemed],
      ['expired', state.expired, account.expired],
      ['last_effective_at_ms', state.lastEffectiveAt, account.lastEffectiveAt],
    ]);
    if (free + held !== account.inLots) {
      const facts = { points: free + held, lots: account.inLots };
      this.report(subject(), problem('account_and_lots', facts));
    }
  }

  counterAccount(state: Parameters<StateReader['counterAccount']>[0]): void {
    const { role, owner, pointType, balance } = state;
    this.sum(pointType, balance);
    this.counterAccountsSeen.add(counterKey(role, owner, pointType));
    const replayed = this.replay.counterAccounts.balance(role, owner, 0, pointType) ?? 0n;
    if (replayed === balance) return;
    const facts = { stored: String(balance), replayed: String(replayed) };
    this.report(
      aboutCounterAccount(roleName(role), readUuid(owner, 0)),
      problem('counter_balance', facts),
    );
  }

  hold(state: Parameters<StateReader['hold']>[0]): void {
    const key = idKey(state.id, 0);
    const hold = this.replay.holds.get(key);
    const subject = about('hold', readUuid(state.id, 0));
    if (hold === undefined) {
      this.report(subject, problem('lot_not_made'));
      return;
    }
    this.holdsSeen.add(key);
    const stored = state.lots
      .map(({ lot, points }) => `${showId('lot', readUuid(lot, 0))} ${points}`)
      .join();
    this.differences(subject, [
      ['member', memberOf(state.member), memberOf(Buffer.from(hold.member, 'latin1'))],
      ['expires_at_ms', state.expiresAt, hold.expiresAt ?? 0],
      ['remaining', state.remaining, hold.remaining],
      ['lots', stored, this.lotsOf(hold)],
    ]);
  }

  counter({ member, name, value }: Parameters<StateReader['counter']>[0]): void {
    const key = idKey(member, 0) + name;
    this.countersSeen.add(key);
    const replayed = this.replay.counters.get(key) ?? 0;
    if (value !== replayed)
      this.report(aboutCounter(key), problem('counter_differs', { stored: value, replayed }));
  }

  allotment({ budget, spent }: Parameters<StateReader['allotment']>[0]): void {
    const id = readUuid(budget, 0);
    this.budgetsSeen.add(id);
    const replayed = this.replay.budgets.get(id) ?? 0;
    if (spent !== replayed)
      this.report(about('budget', id), problem('budget_differs', { stored: spent, replayed }));
  }

  unequalBudget({ budget, lent, granted }: Parameters<StateReader['unequalBudget']>[0]): void {
    this.report(about('budget', readUuid(budget, 0)), problem('budget_lent', { lent, granted }));
  }

  claim({ hash, transaction }: Parameters<StateReader['claim']>[0]): void {
    const name = Buffer.from(hash).toString('hex');
    this.claimsSeen.add(name);
    // Without a transaction it is open: its command may or may not be in the ledger yet.
    if (transaction === null || idKey(transaction, 0) === this.replay.claims.get(name)) return;
    const id = showId('transaction', readUuid(transaction, 0));
    this.report({ code: 'claim', facts: { name } }, problem('claim_of_other', { id }));
  }

  debt({ lot, remaining }: Parameters<StateReader['debt']>[0]): void {
    const key = idKey(lot, 0);
    this.owed.set(key, (this.owed.get(key) ?? 0) + remaining);
  }

  /** Where a lot came from decides who owes whom when another one is returned. */
  private root({ id, root }: Parameters<StateReader['lot']>[0]): void {
    const replayed = this.accruals.rootOf(id);
    if (root === null && replayed === null) return;
    // In another shard it may have come from elsewhere already.
    const isRight = replayed?.isCertain === false ? root !== null : isSameId(root, replayed);
    if (isRight) return;
    const facts = { field: 'root', stored: shownRoot(root), replayed: shownRoot(replayed?.id) };
    this.report(about('lot', readUuid(id, 0)), problem('state_differs', facts));
  }

  /** When everything was told: what was not, and the sums. */
  finish(): void {
    const { replay, report } = this;
    for (let number = 0; number < replay.lots.ids.count; number += 1)
      if (!replay.lots.at(number).seen)
        report(about('lot', replay.lots.ids.uuidOf(number)), problem('missing'));
    for (let number = 0; number < replay.accounts.ids.count; number += 1)
      if (!replay.accounts.at(number).seen)
        report(aboutMember(replay.accounts.ids.uuidOf(number)), problem('missing'));
    for (const [role, ids] of replay.counterAccounts.ids.entries())
      for (let number = 0; number < (ids?.count ?? 0); number += 1) {
        const [owner, pointType] = [ids?.idOf(number) as Buffer, ids?.extraOf(number) as number];
        const isMissing = !this.counterAccountsSeen.has(counterKey(role, owner, pointType));
        if (isMissing && replay.counterAccounts.balanceAt(role, number) !== 0n)
          report(aboutCounterAccount(roleName(role), readUuid(owner, 0)), problem('missing'));
      }
    for (const key of replay.holds.keys())
      if (!this.holdsSeen.has(key)) report(about('hold', uuidOf(key)), problem('missing'));
    for (const key of replay.counters.keys())
      if (!this.countersSeen.has(key)) report(aboutCounter(key), problem('missing'));
    for (const name of replay.claims.keys())
      if (!this.claimsSeen.has(name))
        report({ code: 'claim', facts: { name } }, problem('missing'));
    for (const budget of replay.budgets.keys())
      if (!this.budgetsSeen.has(budget))
        report(about('budget', budget as Uuid), problem('allotment_missing'));
    for (const key of new Set([...this.owed.keys(), ...replay.debts.keys()])) {
      const [stored, replayed] = [this.owed.get(key), replay.debts.get(key) ?? 0];
      if ((stored ?? 0) === replayed) continue;
      const subject = { code: 'debt', facts: { id: showId('lot', uuidOf(key)) } } as const;
      report(
        subject,
        stored === undefined ? problem('missing') : problem('debt_differs', { stored, replayed }),
      );
    }
    for (const [number, sum] of this.sums)
      if (sum !== 0n)
        report(
          { code: 'pointType', facts: { number } },
          problem('sum_not_zero', { sum: String(sum) }),
        );
  }

  private lotsOf(hold: ReplayedHold): string {
    const { ids } = this.replay.lots;
    return [...hold.lots]
      .map(([lot, points]) => `${showId('lot', ids.uuidOf(lot))} ${points}`)
      .join();
  }

  private sum(pointType: number, points: bigint): void {
    this.sums.set(pointType, (this.sums.get(pointType) ?? 0n) + points);
  }

  private differences(
    subject: Subject | (() => Subject),
    fields: readonly (readonly [name: string, stored: unknown, replayed: unknown])[],
  ): void {
    for (const [field, stored, replayed] of fields) {
      if (stored === replayed) continue;
      const facts: Facts = { field, stored: String(stored), replayed: String(replayed) };
      const code: FindingCode = 'state_differs';
      this.report(typeof subject === 'function' ? subject() : subject, problem(code, facts));
    }
  }
}

const ROLE_BY_NUMBER = new Map<number, string>(
  Object.entries(ROLES).map(([name, number]) => [number, name]),
);

function roleName(role: number): string {
  return ROLE_BY_NUMBER.get(role) ?? String(role);
}

function counterKey(role: number, owner: Uint8Array, pointType: number): string {
  return `${role} ${pointType} ${idKey(owner, 0)}`;
}

/** By the key of a counter: 16 characters of its member's id, and its name. */
function aboutCounter(key: string): Subject {
  const facts = { name: key.slice(16), id: showId('member', uuidOf(key.slice(0, 16))) };
  return { code: 'counter', facts };
}

function isSameId(root: Uint8Array | null, replayed: Root | null): boolean {
  return root !== null && replayed !== null && equal(root, 0, replayed.id, 0, 16);
}

function shownRoot(root: Uint8Array | null | undefined): string {
  return root === null || root === undefined ? 'none' : showId('lot', readUuid(root, 0));
}

function memberOf(bytes: Uint8Array): string {
  return showId('member', readUuid(bytes, 0));
}

function uuidOf(key: string): Uuid {
  return readUuid(Buffer.from(key, 'latin1'), 0);
}
