import { createHash } from 'node:crypto';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type {
  SentLot,
  TransferInCommand,
  TransferOutCommand,
  TransferReturnCommand,
} from '../ledger/command.ts';

/** One member became part of another one: names, points and debts lead there from then on. */
export interface Merge {
  readonly id: Uuid;
  readonly absorbed: Uuid;
  readonly survivor: Uuid;
  readonly reason: string;
  readonly actor: string;
  /** The absorbed member's accounts are not known to be empty yet. */
  readonly open: boolean;
  readonly requestKey: string;
  readonly fingerprint: Buffer;
  readonly recordedAt: Instant;
}

/** `idle`: nothing could be sent when it came to it. */
export type MoveStatus = 'open' | 'arrived' | 'returned' | 'idle';

/** One account of an absorbed member on its way to whom that member has become. */
export interface Move {
  /** Carries the absorbed member's shard; also the id of the transfer_out. */
  readonly id: Uuid;
  readonly merge: Uuid;
  readonly absorbed: Uuid;
  readonly survivor: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly status: MoveStatus;
  /** What arrived. */
  readonly points: number | null;
  readonly debt: number | null;
  readonly recordedAt: Instant;
}

/** What names the account and both its ends. */
export type Way = Pick<Move, 'id' | 'merge' | 'absorbed' | 'survivor' | 'programme' | 'pointType'>;

function between({ id, programme, pointType }: Way, step: string) {
  const source = { kind: 'move', id } as const;
  return { key: `move:${id}:${step}`, programme, pointType, effectiveAt: null, source };
}

/** Everything the account has leaves, pending lots and debts too. */
export function outCommand(move: Way): TransferOutCommand {
  const { id, absorbed, survivor } = move;
  return { ...between(move, 'out'), kind: 'transfer_out', id, member: absorbed, to: survivor };
}

export function inCommand(
  move: Way,
  sent: { readonly lots: readonly SentLot[]; readonly debt: number },
): TransferInCommand {
  const { absorbed, survivor } = move;
  return {
    ...between(move, 'in'),
    kind: 'transfer_in',
    member: survivor,
    from: absorbed,
    ...sent,
  };
}

/** A refusal stands under its key for ever, so that the next attempt has another one. */
export function returnCommand(move: Way, attempt: number): TransferReturnCommand {
  return {
    ...between(move, `return:${attempt}`),
    kind: 'transfer_return',
    member: move.absorbed,
    out: move.id,
    // What lapsed on the way lapsed: it was nobody's fault but time's.
    graceMs: 0,
  };
}

/** What a request asked for, for the comparison with another one under its key. */
export function fingerprintOf(asked: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(asked)).digest();
}
