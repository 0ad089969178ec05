import type { Instant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
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
  type ModelDebt,
  type ModelLot,
  type ModelPart,
  type ModelSpend,
  repayDebts,
  slide,
  spendableOf,
  sum,
} from './reference-account.ts';

import {
  drawnFor,
  isWorthTooMuch,
  ModelAccruals,
  type ModelCost,
  type ModelPrice,
  NOBODY,
  priceOf,
  worthOf,
} from './reference-prices.ts';

/** What the model says of one command; `points` where they follow from the command's meaning alone. */
export interface ModelAnswer {
  readonly refusal: {
    readonly code: string;
    readonly facts?: Record<string, number | string>;
  } | null;
  readonly points: number | null;
  readonly effectiveAt: Instant;
  readonly balanceAfter: number;
  /** Who owes whom for it; see {@link ModelAccruals}. */
  readonly accruals: readonly string[];
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

const refuse = (code: string, facts?: Record<string, number | string>): Refused => ({
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
  /** What points are worth between merchants. */
  readonly prices?: readonly ModelPrice[];
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
  readonly #prices: readonly ModelPrice[];
  #accruals = new ModelAccruals();

  constructor(shared?: Shared) {
    this.#shared = shared ?? { closedUntil: new Map(), budgets: new Map(), spent: new Map() };
    this.#prices = this.#shared.prices ?? [];
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
      return { refusal: null, points: 0, effectiveAt: at, balanceAfter: 0, accruals: [] };
    }
    const account = this.account(command.member, command.pointType);
    const before: Snapshot = {
      account: copyOf(account),
      limits: new Map(this.limits),
      counters: new Map(this.counters),
    };
    const other = command.kind === 'convert' ? this.account(command.member, command.to) : account;
    this.#accruals = new ModelAccruals();
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
      accruals: 'points' in outcome ? this.#accruals.lines() : [],
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

  #price({ pointType }: Command, merchant: Uuid, at: Instant): ModelPrice | null {
    return priceOf(this.#prices, pointType, merchant, at);
  }

  /** Why a merchant does not take points now, or the price at which it does. */
  #taking(
    command: BurnCommand | HoldCommand,
    at: Instant,
  ): Refused | { readonly price: ModelPrice | null } {
    const price = this.#price(command, command.merchant, at);
    if (price === null) return { price };
    if (price.accepting !== null) return refuse(price.accepting);
    if (isWorthTooMuch(command.points, price.reimbursement)) return refuse('value_out_of_range');
    const left = price.quota === null ? Infinity : (this.#shared.budgets.get(price.quota) ?? 0);
    return command.points > left ? refuse('acceptance_quota_reached', { left }) : { price };
  }

  /** Takes from a budget, or gives back to it below zero. */
  #draw(budget: Uuid | null, amount: number): void {
    if (budget === null) return;
    const { budgets } = this.#shared;
    budgets.set(budget, (budgets.get(budget) ?? 0) - amount);
  }

  /** What points of a lot are worth that settle a debt: now used, or owed to who issued the lot that was returned. */
  #settle(
    lot: Pick<ModelLot, 'earn' | 'issuer' | 'cost' | 'root'>,
    { earn, about }: Pick<ModelDebt, 'earn' | 'about'>,
    points: number,
    command: Pick<Command, 'pointType'>,
    at: Instant,
  ): void {
    const { cost, issuer } = lot;
    if (cost === null || about === null) return;
    const { taker, price } = about;
    const { pointType } = command;
    if (price !== null) {
      this.#accruals.add(1, pointType, taker, worthOf(cost, issuer, points, taker, price));
      return;
    }
    const isOwn = [lot.earn, lot.root ?? lot.earn]
      .map((each) => this.#named(each))
      .includes(this.#named(earn));
    if (isOwn || priceOf(this.#prices, pointType, NOBODY, at) === null) return;
    const worth = worthOf(cost, issuer, points, taker, { reimbursement: cost.unit, fee: 0 });
    const others = worth.filter(({ payer }) => payer !== taker);
    const atCost = others.map((part) => ({ ...part, due: part.owed }));
    this.#accruals.add(3, pointType, taker, atCost);
  }

  /** A lot by the name that it has here. */
  #named(lot: string): string {
    return this.#lotNames.get(lot as Uuid) ?? lot;
  }

  #issue(command: IssueCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    const price = this.#price(command, command.merchant, at);
    if (price !== null && price.issuing !== null) return refuse(price.issuing);
    for (const { merchant, share } of command.funders ?? []) {
      const code = this.#price(command, merchant, at)?.issuing ?? null;
      if (share > 0 && code !== null)
        return refuse(code, { merchantId: showId('merchant', merchant) });
    }
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
    const price = this.#price(command, command.merchant, at);
    if (adjusted && price !== null && price.issuing !== null) return refuse(price.issuing);
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
    const asked: Partial<IssueCommand> = command.kind === 'issue' ? command : {};
    const unit = price?.issuePrice ?? asked.unitCost ?? null;
    const cost = unit === null ? null : { unit, funders: asked.funders ?? null };
    if (price !== null && cost !== null) {
      const { merchant: issuer, pointType } = command;
      if (isWorthTooMuch(points, cost.unit)) return refuse('value_out_of_range');
      const draws = drawnFor(this.#prices, cost, { issuer, pointType, points }, at);
      for (const [budget, draw] of draws)
        if (draw > (this.#shared.budgets.get(budget) ?? 0)) return refuse('funding_exhausted');
      for (const [budget, draw] of draws) this.#draw(budget, draw);
    }
    this.#addLot(command, account, points, at, {
      ...{ cost, root: null },
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
    command: Pick<Command, 'pointType'>,
    account: ModelAccount,
    points: number,
    at: Instant,
    lot: Pick<
      ModelLot,
      'earn' | 'issuer' | 'origin' | 'availableAt' | 'expiresAt' | 'slideMonths' | 'cost' | 'root'
    >,
  ): void {
    const repaid = repayDebts(account, points);
    for (const { debt, points: part } of repaid) this.#settle(lot, debt, part, command, at);
    const amount = points - sum(repaid.map((each) => each.points));
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
    const taking = command.kind === 'burn' ? this.#taking(command, at) : { price: null };
    if ('refused' in taking) return taking;
    const { price } = taking;
    const available = spendableOf(account, at);
    const lent = command.kind === 'burn' ? Math.max(0, points - available) : 0;
    const mayLend = command.kind === 'burn' ? (command.overdraftMax ?? 0) : 0;
    if (points > available + mayLend) return refuse('insufficient_points', { available });
    if (lent > 0 && !this.#mayOwe(account, lent)) return refuse('points_out_of_range');
    const takes = chooseParts(account, points - lent, at);
    for (const take of takes) lotOf(account, take.earn).remaining -= take.points;
    if (lent > 0) {
      takes.push({ earn: id, points: lent });
      const about = price === null ? null : { taker: command.merchant, price };
      account.debts.push({ earn: id, remaining: lent, about });
    }
    if (command.kind === 'burn') {
      const quota = price?.quota ?? null;
      this.#draw(quota, points);
      this.#take({ id, merchant: command.merchant, takes, price, quota }, command, account);
      account.redeemed += points;
    } else account.inflow -= points;
    this.#move(
      `${command.kind === 'burn' ? 'acquirer' : 'adjustment'}:${command.merchant}`,
      command.pointType,
      points,
    );
    return { points: command.points };
  }

  /** Notes what was spent, and what it is worth. */
  #take(
    spend: Omit<ModelSpend, 'taken'>,
    { pointType }: Pick<Command, 'pointType'>,
    account: ModelAccount,
  ): void {
    const taken = new Map(spend.takes.map(({ earn, points }) => [earn, points]));
    account.spends.push({ ...spend, taken });
    for (const { earn, points } of spend.price === null ? [] : spend.takes)
      this.#accruals.add(1, pointType, spend.merchant, this.#worthIn(account, spend, earn, points));
  }

  /** What points of a lot are worth as a part of what was spent. */
  #worthIn(
    account: ModelAccount,
    { merchant, price }: Pick<ModelSpend, 'merchant' | 'price'>,
    earn: string,
    points: number,
  ): ReturnType<typeof worthOf> {
    const lot = account.lots.find((each) => each.earn === earn);
    if (lot === undefined || lot.cost === null || price === null) return [];
    return worthOf(lot.cost, lot.issuer, points, merchant, price);
  }

  #hold(command: HoldCommand, account: ModelAccount, id: Uuid, at: Instant): Outcome {
    if (command.expiresAt <= at) return refuse('hold_expired');
    const taking = this.#taking(command, at);
    if ('refused' in taking) return taking;
    const available = spendableOf(account, at);
    if (command.points > available) return refuse('insufficient_points', { available });
    const pins = chooseParts(account, command.points, at);
    for (const pin of pins) lotOf(account, pin.earn).held += pin.points;
    const quota = taking.price?.quota ?? null;
    this.#draw(quota, command.points);
    const { merchant, expiresAt } = command;
    account.holds.push({ id, merchant, expiresAt, pins, quota });
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
    const { merchant, quota } = hold;
    const price = this.#price(command, merchant, at);
    if (price !== null && isWorthTooMuch(points, price.reimbursement))
      return refuse('value_out_of_range');
    const takes = drawParts(hold.pins, points);
    for (const take of takes) {
      const lot = lotOf(account, take.earn);
      lot.remaining -= take.points;
      lot.held -= take.points;
    }
    this.#take({ id, merchant, takes, price, quota }, command, account);
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
    this.#draw(hold.quota, -points);
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
    const about = { taker: own.issuer, price: null };
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
        this.#settle(
          lotOf(account, part.earn),
          { earn: own.earn, about },
          part.points,
          command,
          at,
        );
        lotOf(account, part.earn).remaining -= part.points;
        rest -= part.points;
      }
    }
    if (policy === 'debt' && rest > 0) {
      if (debtOf(account) + rest > POINTS_MAX) return refuse('points_out_of_range');
      account.debts.push({ earn: own.earn, remaining: rest, about });
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
    const about = { taker: command.giver.merchant, price: null };
    const settle = (lot: ModelLot, points: number): void => {
      if (points > 0) this.#settle(lot, { earn: command.lot, about }, points, command, at);
    };
    for (const lot of own) {
      if (lot === undefined) return refuse('lot_not_found');
      const taken = Math.min(rest, lot.remaining - lot.held);
      settle(lot, taken);
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
        settle(lotOf(account, part.earn), part.points);
        lotOf(account, part.earn).remaining -= part.points;
        rest -= part.points;
      }
    }
    if (account.earned - command.points < -POINTS_MAX) return refuse('points_out_of_range');
    if (command.policy === 'debt' && rest > 0) {
      if (debtOf(account) + rest > POINTS_MAX) return refuse('points_out_of_range');
      account.debts.push({ earn: id, remaining: rest, about });
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
    const lent = given[0]?.earn === spend.id ? given[0].points : 0;
    const unit = this.#price(command, spend.merchant, at)?.issuePrice ?? null;
    const oldest = account.debts.find((debt) => debt.remaining > 0);
    // What was lent strikes out its own debt if that is next; once points have a price the merchant pays for the rest of it.
    const struck = oldest?.earn === spend.id ? Math.min(oldest.remaining, lent) : 0;
    const paid = unit === null ? 0 : lent - struck;
    if (unit !== null && isWorthTooMuch(paid, unit)) return refuse('value_out_of_range');
    for (const part of given) this.#takeBack(command, account, spend, part);
    if (paid > 0) {
      repayDebts(account, struck);
      this.#giveLent(command, account, { spend, points: paid, unit, id }, at);
      given.shift();
    }
    for (const { debt, points: repaid } of repayDebts(
      account,
      sum(given.map((each) => each.points)),
    ))
      for (const part of drawParts(given, repaid)) {
        const lot = account.lots.find((each) => each.earn === part.earn);
        if (lot !== undefined) this.#settle(lot, debt, part.points, command, at);
      }
    this.#draw(spend.quota, -points);
    for (const part of given) {
      if (part.earn === spend.id)
        this.#giveLent(command, account, { spend, points: part.points, unit: null, id }, at);
      else this.#restore(command, account, part, at);
    }
    account.redeemed -= points;
    this.#move(`acquirer:${spend.merchant}`, command.pointType, -points);
    return { points };
  }

  /** What was lent came from no lot, so that the merchant makes one when the loan was repaid. */
  #giveLent(
    command: RefundCommand,
    account: ModelAccount,
    given: { spend: ModelSpend; points: number; unit: number | null; id: Uuid },
    at: Instant,
  ): void {
    const { spend, points, unit, id } = given;
    const cost = unit === null ? null : { unit, funders: null };
    const issuer = spend.merchant;
    const times = { availableAt: at, expiresAt: null, slideMonths: null };
    const made = { earn: id, origin: 'elsewhere', root: null } as const;
    this.#addLot(command, account, points, at, { ...made, ...times, issuer, cost });
  }

  /** What part of a use was worth: what all that is given back of it by now was, less what was before. */
  #takeBack(
    { pointType }: Pick<Command, 'pointType'>,
    account: ModelAccount,
    spend: ModelSpend,
    { earn, points }: ModelPart,
  ): void {
    const left = spend.takes.find((take) => take.earn === earn)?.points ?? 0;
    const back = (spend.taken.get(earn) ?? 0) - left;
    const worth = (points: number) => this.#worthIn(account, spend, earn, points);
    this.#accruals.add(2, pointType, spend.merchant, worth(back), -1n);
    this.#accruals.add(2, pointType, spend.merchant, worth(back - points));
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
    repayDebts(account, debt);
    this.#send(command, account, id, parts, debt);
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
    for (const [place, sent] of command.lots.entries()) {
      const { lot, issuer, funders, unitCost, availableAt, expiresAt, slideMonths = null } = sent;
      const cost = unitCost === null ? null : { unit: unitCost, funders };
      // Of a lot that its issuer alone pays for nothing turns on where it came from.
      const root = cost === null || funders === null ? null : (sent.root ?? lot);
      const terms = { issuer, availableAt, expiresAt, slideMonths, cost, root } as const;
      const earn = lotName(id, place);
      this.#addLot(command, account, sent.points, at, { earn, origin: 'elsewhere', ...terms });
    }
    // What it is about stayed behind.
    if (command.debt > 0) account.debts.push({ earn: id, remaining: command.debt, about: null });
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
    if (sent.debt > 0) account.debts.push({ earn: id, remaining: sent.debt, about: null });
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
    for (const { earn, points } of chooseParts(account, command.points, at)) {
      const cost = convertedCost(lotOf(account, earn).cost, num, den);
      // The parts add up over all lots, so that one may make a point more than its own points do.
      const most = (BigInt(points) * num + den - 1n) / den + 1n;
      if (cost !== null && (cost > BigInt(POINTS_MAX) || isWorthTooMuch(most, cost)))
        return refuse('value_out_of_range');
    }
    // What is worth less than one point of the other type, in whole points, stays.
    const turned = command.points - Number((worth % den) / num);
    let [used, given, place] = [0, 0, 0];
    for (const part of chooseParts(account, turned, at)) {
      const lot = lotOf(account, part.earn);
      lot.remaining -= part.points;
      used += part.points;
      const share = Number((BigInt(used) * num) / den) - given;
      if (share === 0) continue;
      const { issuer, expiresAt, slideMonths, root } = lot;
      const unit = convertedCost(lot.cost, num, den);
      const cost = unit === null || lot.cost === null ? null : { ...lot.cost, unit: Number(unit) };
      const terms = { issuer, expiresAt, slideMonths, cost, root, availableAt: at } as const;
      const earn = lotName(id, place);
      const fresh = { earn, origin: 'elsewhere', ...terms } as const;
      this.#addLot({ pointType: command.to }, target, share, at, fresh);
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

/** What a converted point costs: what those cost that it was made of, rounded down. */
function convertedCost(cost: ModelCost | null, num: bigint, den: bigint): bigint | null {
  return cost === null ? null : (BigInt(cost.unit) * den) / num;
}
