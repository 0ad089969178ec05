import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import type {
  AdjustCommand,
  BurnCommand,
  CaptureCommand,
  ClawBackCommand,
  Command,
  ConvertCommand,
  CutCommand,
  ExpireCommand,
  HoldCommand,
  IssueCommand,
  Limit,
  MatureCommand,
  RefundCommand,
  ReleaseCommand,
  ReturnCommand,
  TransferInCommand,
  TransferOutCommand,
  TransferReturnCommand,
} from '../command.ts';
import {
  balanceOf,
  chooseForReturn,
  chooseParts,
  copyOf,
  debtOf,
  drawParts,
  emptyAccount,
  endOfMonth,
  lapse,
  lapseOf,
  lotName,
  lotOf,
  type ModelAccount,
  type ModelLot,
  type ModelPart,
  repayDebts,
  slide,
  spendableOf,
  sum,
} from './reference-account.ts';

/** What the model says of one command; `points` where they follow from the command's meaning alone. */
export interface ModelAnswer {
  readonly refusal: { readonly code: string; readonly facts?: Record<string, number> } | null;
  readonly points: number | null;
  readonly effectiveAt: Instant;
  readonly balanceAfter: number;
}

/** Points moved to (or, below zero, from) accounts that are not the member's. */
export type CounterName =
  | `${'issuer' | 'acquirer' | 'adjustment'}:${Uuid}`
  | 'breakage'
  | 'in_transit'
  | 'conversion';

/** The most open lots that slide, of one account. */
const SLIDING_LOTS_MAX = 10_000;

type Refused = { readonly refused: ModelAnswer['refusal'] };
type Outcome = Refused | { readonly points: number };

const refuse = (code: string, facts?: Record<string, number>): Refused => ({
  refused: facts === undefined ? { code } : { code, facts },
});

/** What members share, in one shard or in all; models of different members may be given the same. */
export interface Shared {
  /** By programme: when its last cut was. */
  readonly closedUntil: Map<number, Instant>;
  /** What is left of each budget. */
  readonly budgets: Map<Uuid, number>;
  /** What the members of this shard were given of each budget: the most that can come back to it here. */
  readonly spent: Map<Uuid, number>;
}

interface Snapshot {
  readonly account: ModelAccount;
  readonly limits: Map<string, number>;
  readonly counters: Map<string, bigint>;
}

function refill<V>(map: Map<string, V>, from: ReadonlyMap<string, V>): void {
  map.clear();
  for (const [name, value] of from) map.set(name, value);
}

/**
 * The ledger as docs/ledger.md describes it, one command after another, in memory: slow, and so plain
 * that it can be believed. It shares only the commands' types with the ledger it judges.
 */
export class ReferenceModel {
  readonly accounts = new Map<string, ModelAccount>();
  /** Per-member limits, by member and name. */
  readonly limits = new Map<string, number>();
  readonly counters = new Map<string, bigint>();
  readonly #lotNames = new Map<Uuid, string>();
  readonly #shared: Shared;

  constructor(shared?: Shared) {
    this.#shared = shared ?? { closedUntil: new Map(), budgets: new Map(), spent: new Map() };
  }

  account(member: Uuid, pointType: number): ModelAccount {
    const name = `${member}/${pointType}`;
    const account = this.accounts.get(name) ?? emptyAccount();
    this.accounts.set(name, account);
    return account;
  }

  /** Executes one command, seen for the first time, as transaction `id` at the programme's time `now`. */
  execute(command: Command, id: Uuid, now: Instant): ModelAnswer {
    const at = this.effectiveAt(command, now);
    if (command.kind === 'cut') {
      const { closedUntil } = this.#shared;
      closedUntil.set(command.programme, at);
      return { refusal: null, points: 0, effectiveAt: at, balanceAfter: 0 };
    }
    const account = this.account(command.member, command.pointType);
    const before: Snapshot = {
      account: copyOf(account),
      limits: new Map(this.limits),
      counters: new Map(this.counters),
    };
    const other = command.kind === 'convert' ? this.account(command.member, command.to) : account;
    const outcome = this.#decide(command, account, id, at);
    if ('refused' in outcome) this.#undo(command, before);
    const after = this.account(command.member, command.pointType);
    const isActivity =
      ['issue', 'burn', 'capture'].includes(command.kind) && !('unasked' in command);
    if ('points' in outcome && isActivity) slide(account, at);
    // A refusal moved nothing, so it does not hold later transactions to its time either.
    if ('points' in outcome) {
      after.lastEffectiveAt = at;
      if (command.kind === 'convert') other.lastEffectiveAt = at;
      after.known.push(id);
    }
    return {
      refusal: 'refused' in outcome ? outcome.refused : null,
      points: 'points' in outcome ? outcome.points : null,
      effectiveAt: at,
      balanceAfter: balanceOf(after),
    };
  }

  /** When the command would take effect if executed at `now`: time never goes back for an account, nor past a cut. */
  effectiveAt(command: Command, now: Instant): Instant {
    const closedUntil = this.#shared.closedUntil.get(command.programme) ?? Number.NEGATIVE_INFINITY;
    if (command.kind === 'cut') return Math.max(command.effectiveAt, closedUntil);
    const { member, pointType } = command;
    const types = command.kind === 'convert' ? [pointType, command.to] : [pointType];
    return Math.max(
      command.effectiveAt ?? now,
      closedUntil,
      ...types.map(
        (type) => this.account(member, type).lastEffectiveAt ?? Number.NEGATIVE_INFINITY,
      ),
    );
  }

  #undo(command: Command, before: Snapshot): void {
    this.accounts.set(`${command.member}/${command.pointType}`, before.account);
    refill(this.limits, before.limits);
    refill(this.counters, before.counters);
  }

  #decide(
    command: Exclude<Command, CutCommand>,
    account: ModelAccount,
    id: Uuid,
    at: Instant,
  ): Outcome {
    switch (command.kind) {
      case 'issue':
        return this.#issue(command, account, id, at);
      case 'burn':
        return this.#spend(command, command.points, account, id, at);
      case 'hold':
        return this.#hold(command, account, id, at);
      case 'capture':
        return this.#capture(command, account, id, at);
      case 'release':
        return this.#release(command, account, at);
      case 'expire':
        return this.#expire(command, account, at);
      case 'mature':
        return this.#mature(command, account, at);
      case 'return':
        return this.#return(command, account, at);
      case 'refund':
        return this.#refund(command, account, id, at);
      case 'adjust':
        if (command.points < 0) return this.#spend(command, -command.points, account, id, at);
        return this.#makeLot(command, command.points, account, id, at);
      case 'transfer_out':
        return this.#transferOut(command, account, id, at);
      case 'transfer_in':
        return this.#transferIn(command, account, id, at);
      case 'transfer_return':
        return this.#transferReturn(command, account, id, at);
      case 'claw_back':
        return this.#clawBack(command, account, id, at);
      case 'convert':
        return this.#convert(command, account, id, at);
    }
  }

  #move(counter: CounterName, pointType: number, points: number): void {
    const name = `${counter}/${pointType}`;
    this.counters.set(name, (this.counters.get(name) ?? 0n) + BigInt(points));
  }

  #issue(command: IssueCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const granted = this.#within(command.member, command.points, command.limits);
    if (typeof granted !== 'number') return granted;
    const outcome = this.#makeLot(command, granted, account, id, at);
    if ('points' in outcome) this.#count(command.member, command.limits, granted);
    return outcome;
  }

  /** What every limit leaves room for; a limit without any refuses. */
  #within(member: Uuid, points: number, limits: readonly Limit[] = []): number | Refused {
    let granted = points;
    for (const limit of limits) {
      const left = this.#leftOf(member, limit);
      if ('unit' in limit) {
        if (left === 0) return refuse('limit_reached', { left });
        continue;
      }
      if (left === undefined) return refuse('budget_not_found');
      if (left === 0 || (limit.mode === 'all' && points > left))
        return 'budget' in limit ? refuse('budget_exhausted') : refuse('limit_reached', { left });
      if (limit.mode === 'trim') granted = Math.min(granted, left);
    }
    return granted;
  }

  #leftOf(member: Uuid, limit: Limit): number | undefined {
    if ('budget' in limit) return this.#shared.budgets.get(limit.budget);
    return Math.max(0, limit.max - (this.limits.get(`${member}/${limit.counter}`) ?? 0));
  }

  /** A counter or a budget that two limits name moves once; what comes back leaves none below nothing. */
  #count(
    member: Uuid,
    limits: readonly ({ counter: string; unit?: 'times' } | { budget: Uuid })[] = [],
    points: number,
    times = 1,
  ): void {
    const { budgets, spent } = this.#shared;
    for (const budget of new Set(limits.flatMap((each) => ('budget' in each ? each.budget : [])))) {
      const before = spent.get(budget) ?? 0;
      const after = Math.max(0, before + points);
      spent.set(budget, after);
      budgets.set(budget, (budgets.get(budget) ?? 0) - (after - before));
    }
    for (const isTimes of [false, true]) {
      const named = limits.flatMap((each) =>
        'budget' in each || (each.unit === 'times') !== isTimes ? [] : each.counter,
      );
      for (const counter of new Set(named)) {
        const name = `${member}/${counter}`;
        const by = isTimes ? times : points;
        this.limits.set(name, Math.max(0, (this.limits.get(name) ?? 0) + by));
      }
    }
  }

  #makeLot(
    command: IssueCommand | AdjustCommand,
    points: number,
    account: ModelAccount,
    id: Uuid,
    at: Instant,
  ): Outcome {
    const adjusted = command.kind === 'adjust';
    const availableAt = Math.max(at, command.kind === 'issue' ? (command.availableAt ?? at) : at);
    // With these two no figure of an account can leave the safe range, whatever is done with the points.
    const earned = account.earned + (adjusted ? 0 : points);
    if (account.inflow + points > POINTS_MAX || earned > POINTS_MAX)
      return refuse('points_out_of_range');
    const slideMonths = command.kind === 'issue' ? (command.slideMonths ?? null) : null;
    let expiresAt = command.expiresAt ?? null;
    if (slideMonths !== null) {
      const sliding = account.lots.filter((lot) => lot.slideMonths !== null);
      if (sliding.filter((lot) => lot.remaining > 0).length >= SLIDING_LOTS_MAX)
        return refuse('too_many_sliding_lots', { max: SLIDING_LOTS_MAX });
      // It takes effect no earlier than what its member did last.
      expiresAt = Math.max(expiresAt ?? 0, endOfMonth(at, slideMonths));
    }
    if (expiresAt !== null && expiresAt <= availableAt) return refuse('expires_before_available');
    this.#addLot(account, points, at, {
      earn: id,
      issuer: command.merchant,
      origin: adjusted ? 'adjustment' : 'issuer',
      availableAt,
      expiresAt,
      slideMonths,
    });
    this.#move(
      `${adjusted ? 'adjustment' : 'issuer'}:${command.merchant}`,
      command.pointType,
      -points,
    );
    account.inflow += points;
    account.earned = earned;
    return { points };
  }

  #addLot(
    account: ModelAccount,
    points: number,
    at: Instant,
    lot: Pick<ModelLot, 'earn' | 'issuer' | 'origin' | 'availableAt' | 'expiresAt' | 'slideMonths'>,
  ): void {
    const amount = points - repayDebts(account, points);
    const pending = amount > 0 && lot.availableAt > at;
    const fresh = { held: 0, expired: 0, expiredRecovered: 0, returned: 0 };
    account.lots.push({ ...lot, ...fresh, issued: points, amount, remaining: amount, pending });
  }

  #spend(
    command: BurnCommand | AdjustCommand,
    points: number,
    account: ModelAccount,
    id: Uuid,
    at: Instant,
  ): Outcome {
    const available = spendableOf(account, at);
    const lent = command.kind === 'burn' ? Math.max(0, points - available) : 0;
    const mayLend = command.kind === 'burn' ? (command.overdraftMax ?? 0) : 0;
    if (points > available + mayLend) return refuse('insufficient_points', { available });
    if (lent > 0 && !this.#mayOwe(account, lent)) return refuse('points_out_of_range');
    const takes = chooseParts(account, points - lent, at);
    for (const take of takes) lotOf(account, take.earn).remaining -= take.points;
    if (lent > 0) {
      takes.push({ earn: id, points: lent });
      account.debts.push({ earn: id, remaining: lent });
    }
    if (command.kind === 'burn') {
      account.spends.push({ id, merchant: command.merchant, takes });
      account.redeemed += points;
    } else account.inflow -= points;
    this.#move(
      `${command.kind === 'burn' ? 'acquirer' : 'adjustment'}:${command.merchant}`,
      command.pointType,
      points,
    );
    return { points: command.points };
  }

  #hold(command: HoldCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    if (command.expiresAt <= at) return refuse('hold_expired');
    const available = spendableOf(account, at);
    if (command.points > available) return refuse('insufficient_points', { available });
    const pins = chooseParts(account, command.points, at);
    for (const pin of pins) lotOf(account, pin.earn).held += pin.points;
    account.holds.push({ id, merchant: command.merchant, expiresAt: command.expiresAt, pins });
    return { points: command.points };
  }

  #capture(command: CaptureCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const hold = account.holds.find((candidate) => candidate.id === command.hold);
    if (hold === undefined) return refuse('hold_not_found');
    const left = sum(hold.pins.map((pin) => pin.points));
    if (left === 0) return refuse('hold_closed');
    if (at >= hold.expiresAt) return refuse('hold_expired');
    const points = command.points ?? left;
    if (points > left) return refuse('hold_exceeded');
    const takes = drawParts(hold.pins, points);
    for (const take of takes) {
      const lot = lotOf(account, take.earn);
      lot.remaining -= take.points;
      lot.held -= take.points;
    }
    account.spends.push({ id, merchant: hold.merchant, takes });
    account.redeemed += points;
    this.#move(`acquirer:${hold.merchant}`, command.pointType, points);
    return { points };
  }

  #release(command: ReleaseCommand, account: ModelAccount, at: Instant): Outcome {
    const hold = account.holds.find((candidate) => candidate.id === command.hold);
    if (hold === undefined) return refuse('hold_not_found');
    if (hold.pins.length === 0) return refuse('hold_closed');
    if (command.timeout === true && at < hold.expiresAt) return refuse('hold_not_due');
    const points = sum(hold.pins.map((pin) => pin.points));
    for (const pin of hold.pins) lotOf(account, pin.earn).held -= pin.points;
    hold.pins = [];
    return { points };
  }

  #expire(command: ExpireCommand, account: ModelAccount, at: Instant): Outcome {
    const points = sum(account.lots.map((lot) => lapse(lot, at)));
    if (points === 0) return refuse('nothing_due');
    account.expired += points;
    this.#move('breakage', command.pointType, points);
    return { points };
  }

  #mature({ earn, arrived }: MatureCommand, account: ModelAccount, at: Instant): Outcome {
    let named = account.lots.filter((lot) => earn === undefined && lot.availableAt <= at);
    for (const lot of arrived ?? []) {
      const own = account.lots.find((each) => each.earn === this.#lotNames.get(lot));
      if (own === undefined) return refuse('lot_not_found');
      named.push(own);
    }
    if (earn !== undefined && arrived === undefined) {
      named = account.lots.filter((lot) => lot.earn === earn && lot.origin !== 'elsewhere');
      const isKnown = account.known.includes(earn) || account.lots.some((lot) => lot.earn === earn);
      if (named.length === 0) return refuse(isKnown ? 'not_an_earn' : 'transaction_not_found');
    }
    const due = named.filter((lot) => lot.pending && lot.remaining > 0);
    if (due.length === 0) return refuse('nothing_due');
    for (const lot of due) lot.pending = false;
    return { points: 0 };
  }

  #return(command: ReturnCommand, account: ModelAccount, at: Instant): Outcome {
    const own = account.lots.find((candidate) => candidate.earn === command.earn);
    if (own === undefined)
      return refuse(account.known.includes(command.earn) ? 'not_an_earn' : 'transaction_not_found');
    if (own.origin === 'elsewhere') return refuse('not_an_earn');
    const returnable = own.issued - own.returned;
    const isCut = command.atMost === true && returnable > 0;
    const points = isCut ? Math.min(command.points, returnable) : command.points;
    if (points > returnable) return refuse('return_exceeds_earn', { returnable });
    own.returned += points;
    let rest = points;
    const fromOwn = Math.min(rest, own.remaining - own.held);
    own.remaining -= fromOwn;
    rest -= fromOwn;
    const fromExpired = Math.min(rest, own.expired - own.expiredRecovered);
    own.expiredRecovered += fromExpired;
    rest -= fromExpired;
    account.expired -= fromExpired;
    this.#move('breakage', command.pointType, -fromExpired);
    const policy = command.isAbsorbed === true ? 'pending_only' : command.policy;
    if (policy !== 'pending_only') {
      for (const part of chooseForReturn(account, own.earn, rest, at)) {
        lotOf(account, part.earn).remaining -= part.points;
        rest -= part.points;
      }
    }
    if (policy === 'debt' && rest > 0) {
      if (debtOf(account) + rest > POINTS_MAX) return refuse('points_out_of_range');
      account.debts.push({ earn: own.earn, remaining: rest });
      rest = 0;
    }
    if (this.#namesNoBudget(command.limits)) return refuse('budget_not_found');
    const isUndone = own.returned === own.issued && rest === 0;
    this.#count(command.member, command.limits, rest - points, isUndone ? -1 : 0);
    this.#move(`${own.origin}:${own.issuer}`, command.pointType, points - rest);
    account.inflow -= points - rest;
    if (own.origin === 'issuer') account.earned -= points - rest;
    return { points };
  }

  #namesNoBudget(limits: readonly ({ counter: string } | { budget: Uuid })[] = []): boolean {
    return limits.some((each) => 'budget' in each && !this.#shared.budgets.has(each.budget));
  }

  /** Tells which lots a transaction made, in order: only commands that name lots need to know. */
  learnLots(id: Uuid, lots: readonly Uuid[]): void {
    for (const [place, lot] of lots.entries()) this.#lotNames.set(lot, lotName(id, place));
  }

  #clawBack(command: ClawBackCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const names = command.arrived.map((lot) => this.#lotNames.get(lot));
    const own = names.map((name) => account.lots.find((lot) => lot.earn === name));
    let rest = command.points;
    for (const lot of own) {
      if (lot === undefined) return refuse('lot_not_found');
      const taken = Math.min(rest, lot.remaining - lot.held);
      lot.remaining -= taken;
      rest -= taken;
    }
    for (const lot of own as ModelLot[]) {
      const taken = Math.min(rest, lot.expired - lot.expiredRecovered);
      lot.expiredRecovered += taken;
      account.expired -= taken;
      rest -= taken;
      this.#move('breakage', command.pointType, -taken);
    }
    if (command.policy !== 'pending_only') {
      // Nothing of its own lots is free now, or nothing is left to take.
      for (const part of chooseForReturn(account, '', rest, at)) {
        lotOf(account, part.earn).remaining -= part.points;
        rest -= part.points;
      }
    }
    if (account.earned - command.points < -POINTS_MAX) return refuse('points_out_of_range');
    if (command.policy === 'debt' && rest > 0) {
      if (debtOf(account) + rest > POINTS_MAX) return refuse('points_out_of_range');
      account.debts.push({ earn: id, remaining: rest });
      rest = 0;
    }
    const back = command.points - rest;
    if (this.#namesNoBudget(command.limits)) return refuse('budget_not_found');
    this.#count(command.member, command.limits, -back);
    this.#move(`${command.giver.role}:${command.giver.merchant}`, command.pointType, back);
    account.inflow -= back;
    if (command.giver.role === 'issuer') account.earned -= back;
    return { points: command.points };
  }

  #refund(command: RefundCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const spend = account.spends.find((candidate) => candidate.id === command.burn);
    if (spend === undefined)
      return refuse(account.known.includes(command.burn) ? 'not_a_burn' : 'transaction_not_found');
    const refundable = sum(spend.takes.map((take) => take.points));
    const points = command.points ?? refundable;
    if (points > refundable || points === 0) return refuse('refund_exceeds_burn', { refundable });
    spend.takes.reverse();
    const given = drawParts(spend.takes, points);
    spend.takes.reverse();
    drawParts(given, repayDebts(account, Math.min(points, debtOf(account))));
    for (const part of given) {
      // What was lent came from no lot, so that the merchant makes one when the loan was repaid.
      if (part.earn === spend.id) {
        const terms = {
          ...{ issuer: spend.merchant, availableAt: at, expiresAt: null, slideMonths: null },
        };
        this.#addLot(account, part.points, at, { earn: id, origin: 'elsewhere', ...terms });
      } else this.#restore(command, account, part, at);
    }
    account.redeemed -= points;
    this.#move(`acquirer:${spend.merchant}`, command.pointType, -points);
    return { points };
  }

  /** Gives points back to a lot, which lives again for the grace when it has lapsed. */
  #restore(
    command: RefundCommand | TransferReturnCommand,
    account: ModelAccount,
    part: ModelPart,
    at: Instant,
  ): void {
    const lot = lotOf(account, part.earn);
    if (lot.expiresAt !== null && lot.expiresAt <= at) {
      const lapsed = lapse(lot, at);
      account.expired += lapsed;
      this.#move('breakage', command.pointType, lapsed);
      lot.expiresAt = at + command.graceMs;
    }
    lot.remaining += part.points;
  }

  /** Whether points that never came in may stand as debt and as spent, or as free, without leaving the range. */
  #mayOwe(account: ModelAccount, points: number): boolean {
    const debt = debtOf(account) + points;
    return debt <= POINTS_MAX && account.inflow + debt <= POINTS_MAX;
  }

  #transferOut(command: TransferOutCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    if (command.points === undefined) return this.#sendAll(command, account, id, at);
    const { points, member, limits } = command;
    const granted = this.#within(member, points, limits);
    if (typeof granted !== 'number') return granted;
    const available = spendableOf(account, at);
    if (points > available) return refuse('insufficient_points', { available });
    this.#count(member, limits, points);
    this.#send(command, account, id, chooseParts(account, points, at), 0);
    return { points };
  }

  #sendAll(command: TransferOutCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const held = sum(account.lots.map((lot) => lot.held));
    if (held > 0) return refuse('holds_open', { held });
    const debt = debtOf(account);
    if (debt === 0 && account.lots.every((lot) => lot.remaining === 0))
      return refuse('nothing_to_transfer');
    const lapsed = sum(account.lots.map((lot) => lapse(lot, at)));
    account.expired += lapsed;
    this.#move('breakage', command.pointType, lapsed);
    const open = account.lots.filter((lot) => lot.remaining > 0);
    open.sort((a, b) => Number(lapseOf(a) > lapseOf(b)) - Number(lapseOf(a) < lapseOf(b)));
    const parts = open.map((lot) => ({ earn: lot.earn, points: lot.remaining }));
    this.#send(command, account, id, parts, repayDebts(account, debt));
    return { points: sum(parts.map((part) => part.points)) };
  }

  #send(
    command: TransferOutCommand,
    account: ModelAccount,
    id: Uuid,
    parts: readonly ModelPart[],
    debt: number,
  ): void {
    for (const part of parts) lotOf(account, part.earn).remaining -= part.points;
    const net = sum(parts.map((part) => part.points)) - debt;
    account.sent.push({ id, parts, debt, returned: false });
    account.inflow -= net;
    this.#move('in_transit', command.pointType, net);
  }

  #transferIn(command: TransferInCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const points = sum(command.lots.map((lot) => lot.points));
    if (account.inflow + points > POINTS_MAX || !this.#mayOwe(account, points + command.debt))
      return refuse('points_out_of_range');
    for (const [
      place,
      { issuer, availableAt, expiresAt, slideMonths = null, points: part },
    ] of command.lots.entries()) {
      const terms = { issuer, availableAt, expiresAt, slideMonths, origin: 'elsewhere' } as const;
      this.#addLot(account, part, at, { earn: lotName(id, place), ...terms });
    }
    if (command.debt > 0) account.debts.push({ earn: id, remaining: command.debt });
    account.inflow += points - command.debt;
    this.#move('in_transit', command.pointType, command.debt - points);
    return { points };
  }

  #transferReturn(
    command: TransferReturnCommand,
    account: ModelAccount,
    id: Uuid,
    at: Instant,
  ): Outcome {
    const sent = account.sent.find((each) => each.id === command.out);
    if (sent === undefined) return refuse('transfer_not_found');
    if (sent.returned) return refuse('transfer_returned');
    const points = sum(sent.parts.map((part) => part.points));
    if (!this.#mayOwe(account, points + sent.debt)) return refuse('points_out_of_range');
    for (const part of sent.parts) this.#restore(command, account, part, at);
    if (sent.debt > 0) account.debts.push({ earn: id, remaining: sent.debt });
    sent.returned = true;
    account.inflow += points - sent.debt;
    this.#count(
      command.member,
      command.counters?.map((counter) => ({ counter })),
      -points,
    );
    this.#move('in_transit', command.pointType, sent.debt - points);
    return { points };
  }

  #convert(command: ConvertCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const [num, den] = [BigInt(command.rate.num), BigInt(command.rate.den)];
    const available = spendableOf(account, at);
    if (command.points > available) return refuse('insufficient_points', { available });
    const worth = BigInt(command.points) * num;
    if (worth < den) return refuse('too_few_to_convert');
    const target = this.account(command.member, command.to);
    const made = worth / den;
    if (made + BigInt(target.inflow) > BigInt(POINTS_MAX)) return refuse('points_out_of_range');
    // What is worth less than one point of the other type, in whole points, stays.
    const turned = command.points - Number((worth % den) / num);
    let [used, given, place] = [0, 0, 0];
    for (const part of chooseParts(account, turned, at)) {
      const lot = lotOf(account, part.earn);
      lot.remaining -= part.points;
      used += part.points;
      const share = Number((BigInt(used) * num) / den) - given;
      if (share === 0) continue;
      const { issuer, expiresAt, slideMonths } = lot;
      const terms = {
        issuer,
        expiresAt,
        slideMonths,
        availableAt: at,
        origin: 'elsewhere',
      } as const;
      this.#addLot(target, share, at, { earn: lotName(id, place), ...terms });
      given += share;
      place += 1;
    }
    if (BigInt(given) !== made) throw new Error('the model lost a fraction');
    account.inflow -= turned;
    target.inflow += given;
    this.#move('conversion', command.pointType, turned);
    this.#move('conversion', command.to, -given);
    return { points: turned };
  }
}
