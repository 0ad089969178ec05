import { shardOf, showId, type Uuid } from '../../kernel/id.ts';
import { about, type CodedFinding, coded, type Problem, problem } from './finding.ts';
import { ENTRY, isNil, LEAF, type LeafView, LOT, readUuid } from './leaf.ts';
import type { SlidingLots } from './sliding.ts';
import type { ReplayedLots } from './state.ts';

/** A transfer, or the move of an account when two members become one. */
const SOURCES: readonly (number | undefined)[] = [3, 4];

/** One end of a transfer, as its entries tell it. */
export interface End {
  readonly transaction: Uuid;
  readonly receiver: Uuid | null;
  /** Lot by lot what was sent, or arrived, with its terms; and the debt that went along. */
  readonly what: string;
}

/** The ends of transfers that were read in one shard. */
export interface TransferEnds {
  readonly sent: ReadonlyMap<Uuid, End>;
  readonly arrived: ReadonlyMap<Uuid, End>;
  readonly returned: ReadonlySet<Uuid>;
  /** By earn: what its returns asked back and did not find. */
  readonly left: ReadonlyMap<Uuid, number>;
  /** By earn, wherever it is: what was clawed back of that, and by which transaction last. */
  readonly clawedBack: ReadonlyMap<Uuid, { readonly points: number; readonly transaction: Uuid }>;
}

/** Finds out what was recorded after its shard had been read. */
export interface Later {
  wasSent(transfer: Uuid): Promise<boolean>;
  /** What the returns of an earn left. */
  leftOf(earn: Uuid): Promise<number>;
}

/**
 * The accounts between others, where points are for a while. Each transfer that left a member is found
 * again, once, with the same lots, terms and debt, where it arrived or came back. Its two ends may stand in
 * different shards, so they are compared when all were read ({@link meet}).
 */
export class Between implements TransferEnds {
  readonly sent = new Map<Uuid, End>();
  readonly arrived = new Map<Uuid, End>();
  readonly returned = new Set<Uuid>();
  readonly left = new Map<Uuid, number>();
  readonly clawedBack = new Map<Uuid, { points: number; transaction: Uuid }>();

  /** Adds what is wrong with one applied transaction, after its entries were played. */
  play(transaction: LeafView, lots: ReplayedLots, sliding: SlidingLots, wrong: Problem[]): void {
    const kind = transaction.kind ?? '';
    const isTransfer = kind.startsWith('transfer_');
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const { fromRole, toRole, pointType } = transaction.entryAt(index);
      if (!isTransfer && (fromRole === 'in_transit' || toRole === 'in_transit'))
        wrong.push(problem('no_transfer'));
      const isOther = pointType !== transaction.pointType;
      if (kind !== 'convert' && (isOther || fromRole === 'conversion' || toRole === 'conversion'))
        wrong.push(problem('no_conversion'));
    }
    if (kind === 'return') this.giveBack(transaction);
    if (kind === 'claw_back') this.clawBack(transaction);
    if (kind === 'transfer_out') this.leave(transaction, lots, sliding);
    if (kind === 'transfer_in') wrong.push(...this.arrive(transaction, lots, sliding));
    if (kind === 'transfer_return') wrong.push(...this.comeBack(transaction));
    if (kind === 'convert') wrong.push(...converted(transaction));
  }

  private giveBack(transaction: LeafView): void {
    const left = transaction.points - transaction.pointsMoved;
    if (left === 0) return;
    const earn = readUuid(transaction.bytes, LEAF.subject);
    this.left.set(earn, (this.left.get(earn) ?? 0) + left);
  }

  private clawBack(transaction: LeafView): void {
    const { bytes } = transaction;
    const earn = readUuid(bytes, LEAF.subject);
    const points = (this.clawedBack.get(earn)?.points ?? 0) + transaction.pointsMoved;
    this.clawedBack.set(earn, { points, transaction: readUuid(bytes, LEAF.id) });
  }

  private leave(transaction: LeafView, lots: ReplayedLots, sliding: SlidingLots): void {
    const { bytes } = transaction;
    const id = readUuid(bytes, LEAF.id);
    const parts: string[] = [];
    let receiver: Uuid | null = null;
    let debt = 0;
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const entry = transaction.entryAt(index);
      if (entry.kind === 'repay') debt += entry.points;
      if (entry.kind !== 'take') continue;
      const found = lots.find(bytes, entry.at + ENTRY.lot);
      const terms = `${found?.terms}${slides(sliding, found?.number)}`;
      const lot = readUuid(bytes, entry.at + ENTRY.lot);
      parts.push(`${lot} ${entry.points} ${entry.expiresAt} ${terms}`);
      receiver = readUuid(bytes, entry.at + ENTRY.ref);
    }
    this.sent.set(id, { transaction: id, receiver, what: `${parts.join()} ${debt}` });
  }

  private arrive(transaction: LeafView, lots: ReplayedLots, sliding: SlidingLots): Problem[] {
    const { bytes } = transaction;
    if (!SOURCES.includes(bytes[LEAF.sourceKind])) return [problem('transfer_unnamed')];
    const transfer = readUuid(bytes, LEAF.source);
    if (this.arrived.has(transfer)) return [problem('arrived_before')];
    const origins = new Map<Uuid, Uuid>();
    let debt = 0;
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const { kind, at, points } = transaction.entryAt(index);
      if (kind === 'overdraw') debt += points;
      if (kind === 'issue')
        origins.set(readUuid(bytes, at + ENTRY.lot), readUuid(bytes, at + ENTRY.ref));
    }
    const parts: string[] = [];
    for (let lot = transaction.firstLot(); lot !== undefined; lot = transaction.nextLot()) {
      const origin = origins.get(readUuid(bytes, lot.at + LOT.id));
      const terms = `${lot.terms}${slides(sliding, lots.find(bytes, lot.at + LOT.id)?.number)}`;
      parts.push(`${origin} ${lot.issued} ${lot.expiresAt} ${terms}`);
    }
    this.arrived.set(transfer, {
      transaction: readUuid(bytes, LEAF.id),
      receiver: readUuid(bytes, LEAF.member),
      what: `${parts.join()} ${debt}`,
    });
    return [];
  }

  private comeBack(transaction: LeafView): Problem[] {
    const { bytes } = transaction;
    const transfer = readUuid(bytes, LEAF.subject);
    const sent = this.sent.get(transfer);
    if (sent === undefined) return [problem('returns_no_transfer')];
    if (this.returned.has(transfer)) return [problem('returned_before')];
    this.returned.add(transfer);
    const parts: string[] = [];
    let debt = 0;
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const { kind, at, points } = transaction.entryAt(index);
      if (kind === 'overdraw') debt += points;
      if (kind === 'restore') parts.push(`${readUuid(bytes, at + ENTRY.lot)} ${points}`);
    }
    // The last that was taken comes back first.
    return withoutTerms(sent.what) === `${parts.reverse().join()} ${debt}`
      ? []
      : [problem('returned_otherwise')];
  }
}

/** How a lot's terms say that it slides; nothing where it does not. */
function slides({ months }: SlidingLots, lot: number | undefined): string {
  const by = lot === undefined ? undefined : months.get(lot);
  return by === undefined ? '' : `/${by}`;
}

function withoutTerms(what: string): string {
  const end = what.lastIndexOf(' ');
  const parts = what.slice(0, end).split(',');
  return `${parts.map((part) => part.split(' ').slice(0, 2).join(' ')).join()}${what.slice(end)}`;
}

function converted(transaction: LeafView): Problem[] {
  const { bytes } = transaction;
  const taken = new Set<Uuid>();
  let [made, isFollowed] = [0, true];
  for (let index = 0; index < transaction.entryCount; index += 1) {
    const { kind, at } = transaction.entryAt(index);
    if (kind === 'take') taken.add(readUuid(bytes, at + ENTRY.lot));
    if (kind !== 'issue') continue;
    made += 1;
    if (isNil(bytes, at + ENTRY.ref) || !taken.has(readUuid(bytes, at + ENTRY.ref)))
      isFollowed = false;
  }
  return taken.size > 0 && made > 0 && isFollowed ? [] : [problem('converts_nothing')];
}

/**
 * What does not meet at its other end. A transfer on its way is no fault; nor is one whose sending is not
 * among what was read when `later` finds it: it was recorded after its shard had been read.
 */
export async function meet(
  shards: readonly { readonly shard: number; readonly transfers: TransferEnds }[],
  later: Later,
): Promise<CodedFinding[]> {
  const findings: CodedFinding[] = [];
  const byShard = new Map(shards.map(({ shard, transfers }) => [shard, transfers]));
  const arrivedAt = new Map<Uuid, number>();
  for (const { shard, transfers } of shards) {
    for (const [transfer, arrived] of transfers.arrived) {
      const facts = { transfer: showId('transfer', transfer) };
      const report = (what: Problem): void => {
        findings.push(coded({ shard }, about('transaction', arrived.transaction), what));
      };
      if (arrivedAt.has(transfer)) report(problem('arrived_before'));
      arrivedAt.set(transfer, shard);
      const home = byShard.get(shardOf(transfer));
      const sent = home?.sent.get(transfer);
      if (sent === undefined) {
        if (!(await later.wasSent(transfer))) report(problem('never_sent', facts));
      } else if (home?.returned.has(transfer)) report(problem('returned_as_well', facts));
      else if (sent.receiver !== null && sent.receiver !== arrived.receiver)
        report(problem('sent_to_another', facts));
      else if (sent.what !== arrived.what) report(problem('arrived_otherwise', facts));
    }
  }
  findings.push(...(await clawedBackTooMuch(shards, later)));
  return findings;
}

/** What was clawed back beyond what the returns of its earn left: all that is known of either, in whatever shards. */
async function clawedBackTooMuch(
  shards: readonly { readonly shard: number; readonly transfers: TransferEnds }[],
  later: Later,
): Promise<CodedFinding[]> {
  const findings: CodedFinding[] = [];
  const homes = new Map(shards.map(({ shard, transfers }) => [shard, transfers]));
  const taken = new Map<Uuid, number>();
  for (const { shard, transfers } of shards) {
    for (const [earn, { points, transaction }] of transfers.clawedBack) {
      const all = (taken.get(earn) ?? 0) + points;
      taken.set(earn, all);
      const read = homes.get(shardOf(earn))?.left.get(earn) ?? 0;
      if (all <= read) continue;
      const left = Math.max(read, await later.leftOf(earn));
      if (all > left)
        findings.push(
          coded(
            { shard },
            about('transaction', transaction),
            problem('clawed_back_more', { left }),
          ),
        );
    }
  }
  return findings;
}
