import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../kernel/clock.ts';
import { slidesTo } from '../../kernel/expiry-policy.ts';
import { shardOfMember, type Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import type { Command, CounterLimit, Kind, NewLot, TimesLimit } from '../command.ts';
import type { Ledger } from '../ledger.ts';
import type { Answer, Entry, Transaction } from '../transaction.ts';
import { type ModelPrice, NOBODY } from './reference-prices.ts';
import {
  type Draft,
  type DraftCall,
  type Scenario,
  SLIDES,
  type Step,
  TICK_MS,
} from './scenario.ts';

/** What was asked and what was answered, and when: the judge's evidence. */
export interface Asked {
  readonly round: number;
  readonly call: number;
  /** The place in its submitAll, or null when it was submitted by itself. */
  readonly index: number | null;
  readonly command: Command;
  readonly answer: Answer;
  /** What a preview said just before, when nobody else was about. */
  readonly previewed: Answer | null;
  /** The programme's time during the round. */
  readonly now: Instant;
}

/** The clocks a run moves. */
export interface Stage {
  readonly ledgers: readonly Ledger[];
  readonly shards: number;
  setMachine(at: Instant): void;
  setProgramme(at: Instant): void;
  /** Makes the price list of a run, and what it draws on: budgets with their totals. */
  price(world: ModelWorld, cast: Cast): Promise<void>;
  /** The terms that lots were made with. */
  termsOf(lots: readonly Uuid[]): Promise<ReadonlyMap<Uuid, NewLot>>;
  /** Where both clocks stand when a run begins; at least the largest instant of the runs before. */
  readonly start: Instant;
}

export interface Cast {
  readonly members: readonly Uuid[];
  readonly merchants: readonly Uuid[];
  readonly programme: number;
  readonly pointTypes: readonly [number, number];
}

/** What points are worth in a run, and what prices draw on. */
export interface ModelWorld {
  readonly prices: readonly ModelPrice[];
  readonly budgets: ReadonlyMap<Uuid, number>;
}

export function worldOf(
  { prices, prepaid, quota, members }: Scenario,
  cast: Cast,
  start: Instant,
): ModelWorld {
  const rows = new Map<string, ModelPrice>();
  const budgets = new Map<Uuid, number>();
  // Budgets are shared by all shards, and what is decided in several at once has no one order.
  const mayDraw = members <= ONE_SHARD_MEMBERS;
  const budget = (name: string, total: number): Uuid => {
    const id = derived(`${cast.pointTypes[0]} ${name}`);
    budgets.set(id, total);
    return id;
  };
  for (const { merchant: who, pointType: type, from, fee, closed, ...draft } of prices) {
    const merchant = who === 0 ? NOBODY : (cast.merchants[who - 1] as Uuid);
    const { issuePrice, reimbursement, isFunded, hasQuota } = draft;
    const row: ModelPrice = {
      ...{ merchant, pointType: cast.pointTypes[type] as number, from: start + from * TICK_MS },
      ...{ issuePrice, reimbursement, fee: Math.floor((reimbursement * fee) / 100) },
      issuing: closed === 'issuing' ? 'issuing_closed' : null,
      accepting: closed === 'accepting' ? 'accepting_closed' : null,
      funding: mayDraw && isFunded ? budget(`prepaid ${who}`, prepaid) : null,
      quota: mayDraw && hasQuota ? budget(`quota ${who}/${type}`, quota) : null,
    };
    rows.set(`${row.merchant} ${row.pointType} ${row.from}`, row);
  }
  return { prices: [...rows.values()], budgets };
}

/** The first two members share a shard. */
const ONE_SHARD_MEMBERS = 2;

/** An id that is always the same for a name. */
function derived(name: string): Uuid {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid;
}

/** Everyone in a run, new for each run but the same for the same seed and run number. */
export function castOf(seed: number, run: number, members: number, shards: number): Cast {
  const id = (name: string): Uuid => derived(`${seed}/${run}/${name}`);
  // The first two members share a shard, so that keys and blocks collide; the others fall where they fall.
  const all = [id('member 0')];
  for (let i = 0; all.length < members; i += 1) {
    const next = id(`member ${all.length}, try ${i}`);
    if (all.length > 1 || shardOfMember(next, shards) === shardOfMember(all[0] as Uuid, shards))
      all.push(next);
  }
  // Point types are this run's own, so that the platform's accounts can be compared too.
  return {
    members: all,
    merchants: [id('merchant 0'), id('merchant 1')],
    programme: 1,
    pointTypes: [run * 2 + 10, run * 2 + 11],
  };
}

/** What to make first when there is nothing yet to act on. */
const INSTEAD: Partial<Record<Kind, Kind>> = {
  capture: 'hold',
  release: 'hold',
  return: 'issue',
  mature: 'issue',
  refund: 'burn',
  transfer_return: 'transfer_out',
};

const FAIR_GAME: Partial<Record<Kind, readonly Kind[]>> = {
  capture: ['hold'],
  release: ['hold'],
  return: ['issue', 'adjust'],
  mature: ['issue', 'adjust'],
  refund: ['burn', 'capture', 'adjust'],
  transfer_return: ['transfer_out'],
};

/** Few, so that they are reached, and given back. */
const TIMES_MAX = 4;

interface Known {
  readonly id: Uuid;
  readonly command: Command;
  /** Nothing can be done to what was refused; what is still on its way may be either. */
  refused: boolean;
  /** Once it is known. */
  entries?: readonly Entry[];
  /** What the ledger answered, once it is known: of a return perhaps less than was asked back. */
  points?: number;
  /** A transfer that was asked to come in or back: it may do only one of them. */
  settledBy?: 'transfer_in' | 'transfer_return';
  /** Of a return: what was asked back elsewhere of what it left. */
  clawedBack?: number;
}

/** What a return left to be clawed back elsewhere. */
function leftBy({ command, refused, entries, points = 0, clawedBack = 0 }: Known): number {
  if (command.kind !== 'return' || refused || entries === undefined) return 0;
  return points - entries.reduce((sum, entry) => sum + entry.points, 0) - clawedBack;
}

/** Turns drafts into commands; knows what was sent before, also within the same batch. */
class Writer {
  readonly sent: Command[] = [];
  readonly known: Known[] = [];
  /** What each account had when it was last heard of. */
  readonly #balances = new Map<string, number>();
  /** The entry that made each lot. */
  readonly #makers = new Map<Uuid, Entry>();
  /** By how many months the lots slide that do. */
  readonly #slides = new Map<Uuid, number>();
  /** What lots cost, who pays for them, and what they came of, as far as it was sent. */
  readonly #costs = new Map<Uuid, Pick<NewLot, 'unitCost' | 'funders' | 'root'>>();
  readonly #cast: Cast;
  readonly #ledger: Ledger;
  #count = 0;

  constructor(cast: Cast, ledger: Ledger) {
    this.#cast = cast;
    this.#ledger = ledger;
  }

  write(step: Step, now: Instant): Command | null {
    if (step.what === 'fresh')
      return this.#fresh(step, now, `${this.#cast.pointTypes[0]}:k${this.#count++}`);
    const earlier = pick(this.sent, step.ref);
    if (earlier === undefined) return null;
    if (step.what === 'again') return step.changed ? underOtherSettings(earlier) : earlier;
    return this.#fresh(step.draft, now, earlier.key);
  }

  /** The lots that were sent and whose terms must be learned. */
  unlearned(): Uuid[] {
    const sent = this.known.flatMap(({ command, entries = [] }) =>
      command.kind === 'transfer_out' ? entries.filter((entry) => entry.kind === 'take') : [],
    );
    return sent.map(({ lot }) => lot).filter((lot) => !this.#costs.has(lot));
  }

  learnTerms(terms: ReadonlyMap<Uuid, NewLot>): void {
    for (const [lot, each] of terms) this.#costs.set(lot, each);
  }

  learn(command: Command, answer: Answer): void {
    const id = answer.transaction?.id;
    if (id === undefined) return;
    const refused = answer.status === 'refused';
    this.#balances.set(accountOf(command), answer.transaction?.balanceAfter ?? 0);
    const known = this.known.find((each) => each.id === id);
    const { entries, points } = answer.transaction as Transaction;
    for (const entry of entries) {
      if (entry.kind !== 'issue') continue;
      this.#makers.set(entry.lot, entry);
      const own = command.kind === 'issue' ? command.slideMonths : undefined;
      const months = own ?? (entry.ref === null ? undefined : this.#slides.get(entry.ref));
      if (months !== undefined) this.#slides.set(entry.lot, months);
    }
    if (known === undefined) this.known.push({ id, command, refused, entries, points });
    else {
      known.refused = refused;
      known.entries = entries;
      known.points = points;
    }
  }

  #fresh(draft: Draft, now: Instant, key: string): Command {
    if (draft.kind === 'transfer_in') {
      const arriving = this.#arriving(draft, now, key);
      // When nothing is on its way, something is sent.
      return arriving ?? this.#fresh({ ...draft, kind: 'transfer_out' }, now, key);
    }
    const member = pick(this.#cast.members, draft.member) as Uuid;
    const pointType = this.#cast.pointTypes[draft.pointType] as number;
    if (draft.kind === 'claw_back') {
      const clawing = this.#clawing(draft, member, pointType, key);
      return clawing ?? this.#fresh({ ...draft, kind: 'return' }, now, key);
    }
    const base = {
      key,
      programme: this.#cast.programme,
      pointType,
      member,
      effectiveAt: draft.effective === null ? null : now + draft.effective * TICK_MS,
    };
    const subject = this.#subject(draft, member, pointType);
    const isMissing = subject === undefined && draft.aim === 'own';
    const kind = isMissing ? (INSTEAD[draft.kind] ?? draft.kind) : draft.kind;
    const points = this.#points({ ...draft, kind }, `${member}/${pointType}`, subject?.command);
    const subjectId = subject?.id ?? this.#ledger.newId(member);
    const body = this.#body({ ...draft, kind, points }, member, subjectId, now);
    const command = { ...base, ...body } as Command;
    // A transfer is named beforehand, so that both of its sides can be.
    const isNamed = draft.chooseId || kind === 'transfer_out';
    const id = isNamed ? this.#ledger.newId(member) : undefined;
    const named = id === undefined ? command : { ...command, id };
    const whole = sourced(named, subject);
    if (id !== undefined) this.known.push({ id, command: whole, refused: false });
    this.sent.push(whole);
    return whole;
  }

  #body(draft: Draft, member: Uuid, subject: Uuid, now: Instant): object {
    const merchant = pick(this.#cast.merchants, draft.merchant) as Uuid;
    const at = (ticks: number | null): Instant | null =>
      ticks === null ? null : now + ticks * TICK_MS;
    const { kind, points } = draft;
    const limits = draft.limits.map((limit) => limitOf(limit));
    const counters = limits.map(({ counter, ...more }) =>
      'unit' in more ? { counter, unit: more.unit } : { counter },
    );
    switch (kind) {
      case 'issue': {
        const { slides, timeout } = draft;
        const effectiveAt = at(draft.effective) ?? now;
        const expiresAt =
          slides === null ? at(draft.expires) : slidesTo(slides, effectiveAt, SLIDES.timeZone);
        return {
          kind,
          merchant,
          points,
          ...{ availableAt: at(draft.available), expiresAt },
          ...(slides === null ? {} : { slideMonths: slides }),
          ...(timeout ? { unasked: true } : {}),
          ...(limits.length > 0 ? { limits } : {}),
          ...(draft.funders === null ? {} : { funders: this.#funders(draft.funders) }),
        };
      }
      case 'burn':
        return {
          kind,
          merchant,
          points,
          detail: { note: `till ${draft.ref}` },
          ...(draft.overdraft === null ? {} : { overdraftMax: draft.overdraft }),
        };
      case 'hold':
        return { kind, merchant, points, expiresAt: now + (draft.expires ?? 8) * TICK_MS };
      case 'capture':
        return { kind, hold: subject, ...(draft.whole ? {} : { points }) };
      case 'release':
        return { kind, hold: subject, ...(draft.timeout ? { timeout: true } : {}) };
      case 'mature':
        if (draft.timeout) return { kind };
        return {
          kind,
          earn: subject,
          ...(draft.down ? { arrived: this.#lotsOf(draft, member) } : {}),
        };
      case 'return':
        return {
          ...{ kind, earn: subject, points, policy: draft.policy },
          ...(draft.timeout ? { isAbsorbed: true } : {}),
          ...(draft.whole ? { atMost: true } : {}),
          ...(counters.length > 0 ? { limits: counters } : {}),
        };
      case 'refund':
        return {
          kind,
          burn: subject,
          graceMs: (draft.expires ?? 3) < 0 ? 0 : 5 * TICK_MS,
          ...(draft.whole ? {} : { points }),
        };
      case 'adjust':
        return {
          kind,
          merchant,
          points: draft.down ? -points : points,
          expiresAt: at(draft.expires),
        };
      case 'transfer_out': {
        const others = this.#cast.members.filter((each) => each !== member);
        const to = pick(others, draft.ref) ?? merchant;
        // Everything now and then: pending lots and debts too.
        if (draft.whole && draft.down) return { kind, to };
        const within = limits.filter((limit) => !('unit' in limit));
        return { kind, to, points, ...(within.length > 0 ? { limits: within } : {}) };
      }
      case 'transfer_return': {
        const names = counters.map(({ counter }) => counter);
        return { kind, out: subject, graceMs: 5 * TICK_MS, counters: names };
      }
      case 'convert': {
        const [one, other] = this.#cast.pointTypes;
        return { kind, to: draft.pointType === 0 ? other : one, points, rate: draft.rate };
      }
      default:
        return { kind };
    }
  }

  /** The last one's shares are of somebody who neither issues nor takes points. */
  #funders(shares: readonly number[]): { merchant: Uuid; share: number }[] {
    const [one, other] = this.#cast.merchants as [Uuid, Uuid];
    const merchants = [one, other, derived('a sponsor')];
    return shares.map((share, place) => ({ merchant: merchants[place] as Uuid, share }));
  }

  /** What a return did not find, taken back from whoever; null when none has left anything. */
  #clawing(draft: Draft, member: Uuid, pointType: number, key: string): Command | null {
    const returned = pick(
      this.known.filter((each) => leftBy(each) > 0),
      draft.ref,
    );
    if (returned?.command.kind !== 'return') return null;
    const { earn } = returned.command;
    const points = Math.min(draft.points, leftBy(returned));
    returned.clawedBack = (returned.clawedBack ?? 0) + points;
    const earned = this.known.find(({ id }) => id === earn)?.entries ?? [];
    const made = earned.find((entry) => entry.kind === 'issue');
    const role = made?.from.role === 'adjustment' ? 'adjustment' : 'issuer';
    const merchant = made?.from.owner ?? (this.#cast.merchants[0] as Uuid);
    const giver = { role, merchant } as const;
    const command: Command = {
      ...{ kind: 'claw_back', key, programme: this.#cast.programme, pointType, member },
      ...{ effectiveAt: null, earn, lot: made?.lot ?? earn, giver, points, policy: draft.policy },
      arrived: this.#lotsOf(draft, member),
    };
    this.sent.push(command);
    return command;
  }

  /** Up to two of the account's lots, now and then another one's. */
  #lotsOf({ pointType, ref, aim }: Draft, member: Uuid): Uuid[] {
    const type = this.#cast.pointTypes[pointType];
    const made = [...this.#makers.values()].filter(
      (entry) => aim === 'other_account' || (entry.to.owner === member && entry.pointType === type),
    );
    const start = made.length === 0 ? 0 : ref % made.length;
    return made.slice(start, start + (ref % 3)).map((entry) => entry.lot);
  }

  /** What was sent, taken in by whom it was sent to; null when nothing is on its way. */
  #arriving(draft: Draft, now: Instant, key: string): Command | null {
    const open = this.known.filter(
      ({ command, refused, entries, settledBy }) =>
        command.kind === 'transfer_out' &&
        this.#cast.members.includes(command.to) &&
        !(refused || entries === undefined || settledBy !== undefined),
    );
    const sent = pick(open, draft.ref);
    if (sent?.command.kind !== 'transfer_out') return null;
    sent.settledBy = 'transfer_in';
    const terms = { ruleVersion: null, evidence: null };
    const availableAt = now + (draft.available ?? 0) * TICK_MS;
    const entries = sent.entries ?? [];
    const takes = entries.filter((entry) => entry.kind === 'take');
    const repaid = entries.filter((entry) => entry.kind === 'repay');
    const { programme, pointType, member: from, to: member } = sent.command;
    const command: Command = {
      ...{ kind: 'transfer_in', key, programme, pointType, member, from, effectiveAt: null },
      source: { kind: 'transfer', id: sent.id },
      lots: takes.map(({ lot, points, expiresAt }) => {
        const months = this.#slides.get(lot);
        const slides = months === undefined ? {} : { slideMonths: months };
        const sent = { lot, points, issuer: this.#issuerOf(lot), expiresAt, availableAt };
        const { unitCost = null, funders = null, root } = this.#costs.get(lot) ?? {};
        const cost = { unitCost, funders, ...(root === undefined ? {} : { root }) };
        return { ...sent, ...terms, ...cost, ...slides };
      }),
      debt: repaid.reduce((sum, entry) => sum + entry.points, 0),
    };
    this.sent.push(command);
    return command;
  }

  /** Through whatever transfers and conversions the points came by. */
  #issuerOf(lot: Uuid): Uuid {
    const made = this.#makers.get(lot);
    if (made === undefined) throw new Error('a lot was sent that was never made');
    return made.ref === null ? (made.from.owner as Uuid) : this.#issuerOf(made.ref);
  }

  #points({ kind, points, whole, asEarned }: Draft, account: string, subject?: Command): number {
    if (kind === 'issue') return Math.min(points * 2, POINTS_MAX);
    const earned = subject?.kind === 'issue' ? subject.points : 0;
    if (kind === 'return' && asEarned && earned > 0) return earned;
    const balance = this.#balances.get(account) ?? 0;
    return (kind === 'burn' || kind === 'hold') && whole && balance > 0 ? balance : points;
  }

  /** An earlier transaction to act on; undefined when there is none of the kind that is aimed at. */
  #subject({ kind, aim, ref }: Draft, member: Uuid, pointType: number): Known | undefined {
    const game = FAIR_GAME[kind];
    if (game === undefined) return undefined;
    const isOwn = ({ command }: Known): boolean =>
      command.member === member && command.pointType === pointType;
    const isGame = ({ command }: Known): boolean => game.includes(command.kind);
    const own = this.known.filter(
      (each) => isOwn(each) && isGame(each) && !each.refused && each.settledBy !== 'transfer_in',
    );
    const choices = {
      // Of a return the older ones are of interest, which are spent; of the others those with something left.
      own: kind === 'return' ? own : own.slice(-5),
      other_kind: this.known.filter((each) => isOwn(each) && !isGame(each)),
      other_account: this.known.filter((each) => !isOwn(each) && isGame(each)),
      unknown: [],
    }[aim];
    return pick(choices, ref);
  }
}

function limitOf({ counter, max, mode }: Draft['limits'][number]): CounterLimit | TimesLimit {
  const name = `limit ${counter}`;
  return mode === 'times'
    ? { counter: name, max: max % TIMES_MAX, unit: mode }
    : { counter: name, max, mode };
}

/** The same request after the programme's settings changed, which must not make it another one. */
function underOtherSettings(command: Command): Command {
  if (command.kind === 'refund' || command.kind === 'transfer_return')
    return { ...command, graceMs: command.graceMs + TICK_MS };
  if (command.kind !== 'return') return command;
  const { atMost, ...asked } = command;
  const policy = command.policy === 'debt' ? 'pending_only' : 'debt';
  return { ...asked, policy, ...(atMost === true ? {} : { atMost: true }) };
}

/** A transfer's two ends carry its id, which is that of its sending. */
function sourced(command: Command, subject: Known | undefined): Command {
  if (command.kind === 'transfer_out' && command.id !== undefined)
    return { ...command, source: { kind: 'transfer', id: command.id } };
  if (command.kind !== 'transfer_return') return command;
  if (subject?.command.kind === 'transfer_out') subject.settledBy ??= 'transfer_return';
  return { ...command, source: { kind: 'transfer', id: command.out } };
}

const accountOf = (command: Command): string => `${command.member}/${command.pointType}`;

/** The id names the answer, and policy, grace and whether what is left is enough are no part of the request. */
export function sameRequest(a: Command, b: Command): boolean {
  const asked = (command: Command): object => ({
    ...command,
    ...{ id: 0, policy: 0, graceMs: 0, atMost: 0 },
  });
  return isDeepStrictEqual(asked(a), asked(b));
}

function pick<T>(from: readonly T[], index: number): T | undefined {
  return from[index % from.length];
}

/** The lots of the prelude, issued in one call. */
function openingOf({ prelude }: Scenario): DraftCall {
  const issue = {
    what: 'fresh',
    kind: 'issue',
    merchant: 0,
    pointType: 0,
    asEarned: false,
    whole: false,
    down: false,
    effective: null,
    ref: 0,
    aim: 'own',
    limits: [],
    policy: 'debt',
    timeout: true,
    overdraft: null,
    funders: null,
    rate: { num: 1, den: 1 },
    chooseId: true,
  } as const;
  return { instance: 0, together: true, steps: prelude.map((lot) => ({ ...issue, ...lot })) };
}

/** Plays a scenario against real ledgers and returns everything that was asked and answered. */
export async function play(scenario: Scenario, cast: Cast, stage: Stage): Promise<Asked[]> {
  const first = stage.ledgers[0];
  if (first === undefined) throw new Error('a run needs a ledger');
  const writer = new Writer(cast, first);
  const asked: Asked[] = [];
  let now = stage.start;
  let machine = stage.start;
  await stage.price(worldOf(scenario, cast, stage.start), cast);
  const opening = { advance: 0, machine: 0, calls: [openingOf(scenario)] };
  for (const [round, { advance, machine: drift, calls }] of [
    opening,
    ...scenario.rounds,
  ].entries()) {
    now += advance * TICK_MS;
    machine += drift * TICK_MS;
    stage.setProgramme(now);
    stage.setMachine(machine);
    // Everything is written before anything is sent, so that what is sent never depends on a race.
    const ready = calls.map((call) =>
      call.steps.map((step) => writer.write(step, now)).filter((command) => command !== null),
    );
    await Promise.all(
      calls.map(async ({ instance, together }, call) => {
        const ledger = pick(stage.ledgers, instance) as Ledger;
        const commands = ready[call] ?? [];
        const isAlone = calls.length === 1 && together;
        const previewed = isAlone ? await ledger.preview(commands) : [];
        const answers = together
          ? await ledger.submitAll(commands)
          : await Promise.all(commands.map((command) => ledger.submit(command)));
        for (const [index, command] of commands.entries()) {
          asked.push({
            round,
            call,
            index: together ? index : null,
            command,
            answer: answers[index] as Answer,
            previewed: previewed[index] ?? null,
            now,
          });
        }
      }),
    );
    for (const each of asked) if (each.round === round) writer.learn(each.command, each.answer);
    const sent = writer.unlearned();
    if (sent.length > 0) writer.learnTerms(await stage.termsOf(sent));
  }
  return asked;
}
