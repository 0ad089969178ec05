import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { BurnCommand, CaptureCommand, HoldCommand, RefundCommand } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readTransactions } from '../ledger/read.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import { toldOfPoints } from './bills/offline.ts';
import { stepOfPayment } from './cash/payment.ts';
import { readPaymentsOf } from './cash/store.ts';
import { type Effects, type Move, takeSteps } from './moves.ts';
import {
  captureCommands,
  firstCommands,
  isHeldFirst,
  type Part,
  type Redemption,
  refundCommand,
  releaseCommand,
} from './redemption.ts';
import { isAtRest, type State } from './steps.ts';
import { readRedemptions } from './store.ts';

export interface SagaDeps extends Effects {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly programmes: {
    programmeClock(programme: number): Instant;
    byId(programme: number): { readonly refundGraceDays: number } | undefined;
  };
}

/** Brings what was recorded to its end. */
export interface Saga {
  /**
   * Takes every step that can be taken; answers in order, each as far as it came. Each step is a command of the ledger under a
   * key that is always the same, and then a change of the row, so whoever begins again from wherever a redemption is,
   * after a crash between any two or beside another process, comes to the same end.
   */
  advance(list: readonly Redemption[]): Promise<Redemption[]>;
  /** What a crash left on its way. */
  readonly leftovers: Leftovers<Waiting>;
}

/** More steps than any redemption takes. */
const ROUNDS_MAX = 12;
/** Attempts at giving back that were recorded as refused. Only a lost race records more than the first. */
const REFUNDS_MAX = 100;

type Taking = BurnCommand | HoldCommand | CaptureCommand;
/** Whether a command was applied; of a refusal, why. */
type Decided = null | Refusal;

export function createSaga({ pool, ledger, programmes, ...effects }: SagaDeps): Saga {
  // Steps of all requests of a moment are one transaction: one reward that everybody wants is one row.
  const steps = createLane<Move, Redemption>({
    run: (moves) => takeSteps(pool, moves, effects),
    maxBatch: 512,
    maxQueue: 20_000,
  });

  /** What became of commands whose ids were chosen. Those of which the ledger compares no texts any more are looked up. */
  async function decidedOf(commands: readonly Taking[]): Promise<Decided[]> {
    const answers = await ledger.submitAll(commands);
    const unknown = commands.filter((_, place) => {
      const answer = answers[place];
      return answer?.status === 'refused' && answer.transaction === null;
    });
    const ids = unknown.flatMap(({ id }) => id ?? []);
    const found = ids.length === 0 ? new Map() : await readTransactions(pool, ids);
    return answers.map((answer, place) => {
      if (answer.status === 'applied') return null;
      const recorded = found.get(commands[place]?.id as Uuid)?.transaction;
      return recorded === undefined ? answer.refusal : (recorded.refusal as Refusal | null);
    });
  }

  /** For each redemption what became of its commands, in the order of its parts. */
  async function decidedOfEach(
    list: readonly Redemption[],
    commandsOf: (each: Redemption) => readonly Taking[],
  ): Promise<Decided[][]> {
    const commands = list.map(commandsOf);
    const decided = (await decidedOf(commands.flat())).values();
    return commands.map((own) => own.map(() => decided.next().value as Decided));
  }

  /** The points of a part are held no more, whoever let them go. */
  async function release(redemption: Redemption, part: Part, hold: Uuid): Promise<void> {
    const answer = await ledger.submit(releaseCommand(redemption, part, hold));
    if (answer.status === 'refused' && answer.refusal.code !== 'hold_closed')
      throw new Error(`redemption ${redemption.id}: ${answer.refusal.code} on the way back`);
  }

  /** Whether the points of a part that was taken are back. */
  function giveBack(redemption: Redemption, part: Part): Promise<boolean> {
    const { refundGraceDays } = programmes.byId(redemption.programme) ?? {};
    if (refundGraceDays === undefined) throw new Error('the programme of a redemption is known');
    return submitRefund(ledger, redemption, (attempt) =>
      refundCommand(redemption, part, refundGraceDays, attempt),
    );
  }

  /** Undoes what was begun with the points; answers whether all of it is. */
  async function undo(redemption: Redemption): Promise<boolean> {
    const { parts } = redemption;
    const isCapturing = redemption.confirmedAt !== null && isHeldFirst(redemption);
    // Sent once more, so that what another process was about to do is decided before it is undone.
    const [decided = []] = await decidedOfEach(
      [redemption],
      isCapturing ? captureCommands : firstCommands,
    );
    const back = await Promise.all(
      parts.map(async (part, place) => {
        const isDone = decided[place] === null;
        if (isDone && (isCapturing || part.hold === null)) return giveBack(redemption, part);
        if ((isDone || isCapturing) && part.hold !== null)
          await release(redemption, part, part.hold);
        return true;
      }),
    );
    return back.every(Boolean);
  }

  const now = ({ programme }: Redemption): Instant => programmes.programmeClock(programme);

  /** From `reserved`: the points are held, or taken where nothing else is waited for, unless it is too late. */
  async function begin(list: readonly Redemption[]): Promise<Move[]> {
    const late = new Set(list.filter((each) => now(each) >= each.deadline));
    const inTime = list.filter((each) => !late.has(each));
    const decided = await decidedOfEach(inTime, firstCommands);
    const moves = inTime.map((redemption, place): Move => {
      const why = decided[place]?.find((each) => each !== null) ?? null;
      const refusal = why && toldOfPoints(redemption, why);
      const isPaid = redemption.cashFen > 0;
      const isHeld = isPaid || isHeldFirst(redemption);
      // Of what is held other parts may be; of what is taken at once nothing was.
      if (refusal !== null) return { redemption, step: isHeld ? 'give_up' : 'refuse', refusal };
      if (isPaid) return { redemption, step: 'ask' };
      return { redemption, step: isHeld ? 'confirm' : 'take', at: now(redemption) };
    });
    return [...moves, ...[...late].map((redemption): Move => ({ redemption, step: 'time_out' }))];
  }

  /** The next step of redemptions that are all in one state; null: it has to wait. */
  async function nextOf(state: State, list: readonly Redemption[]): Promise<(Move | null)[]> {
    switch (state) {
      case 'reserved':
        return begin(list);
      case 'paying': {
        const payments = await readPaymentsOf(
          pool,
          list.map(({ id }) => id),
        );
        return list.map((redemption) => {
          const step = stepOfPayment(payments.get(redemption.id));
          return step && { redemption, ...step, at: now(redemption) };
        });
      }
      case 'confirmed': {
        const captured = await decidedOfEach(list, captureCommands);
        return list.map((redemption, place) => {
          const why = captured[place]?.find((each) => each !== null) ?? null;
          return why === null
            ? { redemption, step: 'fulfil' }
            : { redemption, step: 'give_up', refusal: why };
        });
      }
      case 'refusing':
      case 'timing_out':
      case 'cancelling':
        return Promise.all(
          list.map(async (redemption) =>
            (await undo(redemption)) ? { redemption, step: 'end' as const } : null,
          ),
        );
      case 'fulfilled':
      case 'refused':
      case 'timed_out':
      case 'cancelled':
        return list.map(() => null);
    }
  }

  async function advance(list: readonly Redemption[]): Promise<Redemption[]> {
    const known = new Map(list.map((each) => [each.id, each]));
    let open = [...known.values()].filter(({ state }) => !isAtRest(state));
    for (let round = 0; open.length > 0; round += 1) {
      if (round === ROUNDS_MAX) throw new Error('a redemption goes round in circles');
      const states = [...new Set(open.map(({ state }) => state))];
      const found = await Promise.all(
        states.map((state) =>
          nextOf(
            state,
            open.filter((each) => each.state === state),
          ),
        ),
      );
      const moves = found.flat().filter((move) => move !== null);
      const moved = await steps.pushAll(moves);
      for (const each of moved) known.set(each.id, each);
      open = moved.filter(({ state }) => !isAtRest(state));
    }
    return list.map(({ id }) => known.get(id) as Redemption);
  }

  return {
    advance,
    leftovers: unsettledOf(pool, UNSETTLED.redemption, async (ids) => {
      const ended = await advance([...(await readRedemptions(pool, ids)).values()]);
      return ended.filter(({ state }) => isAtRest(state)).length;
    }),
  };
}

/**
 * Sends what gives points back until it is known what became of it; answers whether they are back. Null: there are none. What
 * somebody refunded by hand before does not go back again.
 */
export async function submitRefund(
  ledger: Pick<Ledger, 'preview' | 'submit'>,
  { id }: Redemption,
  commandOf: (attempt: number) => RefundCommand | null,
): Promise<boolean> {
  let left: number | null = null;
  for (let attempt = 0; attempt < REFUNDS_MAX; attempt += 1) {
    const whole = commandOf(attempt);
    if (whole === null || left === 0) return true;
    // What is left stands in the refusal before, so the same is sent under this key whoever begins again.
    const command: RefundCommand =
      left === null ? whole : { ...whole, points: Math.min(whole.points ?? left, left) };
    // What stands in the way may stand there for long: not every minute leaves a refusal behind.
    const [likely] = attempt === 0 ? [] : await ledger.preview([command]);
    if (likely?.status === 'refused' && !likely.replayed && refundableOf(likely.refusal) === null)
      return false;
    const answer = await ledger.submit(command);
    if (answer.status === 'applied') return true;
    if (answer.transaction === null) throw new Error(`redemption ${id} was erased on its way back`);
    const told = refundableOf(answer.refusal);
    if (told === null && !answer.replayed) return false;
    left = told ?? left;
  }
  throw new Error(`redemption ${id} was refused its way back ${REFUNDS_MAX} times`);
}

/** What a refusal says is left of what was taken; null: it is about something else. */
function refundableOf({ code, facts }: Refusal): number | null {
  const told = code === 'refund_exceeds_burn' ? facts?.refundable : undefined;
  return typeof told === 'number' ? told : null;
}

export function tooLate(): Refusal {
  return refusal('redemption_timed_out', 'it was not confirmed in time; nothing was taken');
}
