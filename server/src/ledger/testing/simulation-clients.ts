import type { Instant } from '../../kernel/clock.ts';
import { shardOfMember, type Uuid } from '../../kernel/id.ts';
import type { Command } from '../command.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { withEnds } from '../slide.ts';
import type { Answer, Transaction } from '../transaction.ts';
import { SLIDES } from './scenario.ts';
import {
  type Cast,
  type Drawn,
  draw,
  drawCut,
  type Patron,
  reusing,
} from './simulation-commands.ts';
import type { Dice } from './simulation-dice.ts';
import { call, type Process, type World } from './simulation-process.ts';
import { hasten } from './simulation-time.ts';

/** A request, however often it is sent: one key, one meaning. */
export interface Request {
  readonly shard: number;
  readonly command: Command;
  readonly fingerprint: string;
  /** When it was sent first, and the times that its processes took for now. */
  firstSentAt: Instant;
  readonly nows: Instant[];
  /** Everything any process ever answered, heard or not. */
  readonly answers: Answer[];
  firstAnsweredAt: Instant | null;
  /** What was told instead of an answer; only a command whose id is taken may have one. */
  failure: string | null;
}

/** Requests sent as one; each of a member's is to be executed after those before it. */
export interface Group {
  readonly requests: readonly Request[];
  attempts: number;
}

/** Everything the clients of a run asked. */
export interface Asked {
  readonly requests: Request[];
  readonly groups: Group[];
  /** Transfers whose further way is known. */
  readonly sent: Set<Uuid>;
  repeats: number;
}

const GROUP_MAX = 8;
const CUT_PERCENT = 0.3;
const RETURNED_PERCENT = 25;
const RETRY_MS = 150;
const THINK_MS = 12;

/**
 * One client: asks, one group after another, until it has sent `commands`. Whatever it does not know the
 * outcome of, it sends again with the same keys, to any process.
 */
export async function runClient(
  world: World,
  processes: readonly Process[],
  cast: Cast,
  asked: Asked,
  { name, commands, dice }: { name: string; commands: number; dice: Dice },
): Promise<void> {
  const { time } = world;
  const { patrons } = cast;
  const mine: Request[] = [];
  let keys = 0;
  const requestOf = (command: Command): Request => {
    const request: Request = {
      shard: shardOfMember(command.member, world.shards),
      command,
      fingerprint: fingerprintOf(command).toString('hex'),
      firstSentAt: time.now(),
      nows: [],
      answers: [],
      firstAnsweredAt: null,
      failure: null,
    };
    asked.requests.push(request);
    mine.push(request);
    return request;
  };
  const fresh = (patron: Patron): Drawn => {
    keys += 1;
    return draw(cast, patron, `${name}-${keys}`, hasten(time.now()), dice);
  };
  const next = (): Request[] => {
    const earlier = dice.pick(mine);
    if (earlier !== undefined && dice.chance(6)) return [earlier];
    if (earlier !== undefined && dice.chance(3)) return [requestOf(reusing(earlier.command))];
    if (dice.chance(CUT_PERCENT)) {
      keys += 1;
      return drawCut(world.shards, `${name}-${keys}`, hasten(time.now()), dice).map(requestOf);
    }
    const patron = dice.pick(patrons) as Patron;
    const first = fresh(patron);
    const group = [first.command];
    // What must fail would fail the others of its group for the client.
    while (!first.isDoomed && group.length < GROUP_MAX && dice.chance(40)) {
      const another = fresh(dice.chance(60) ? patron : (dice.pick(patrons) as Patron));
      if (!another.isDoomed) group.push(another.command);
    }
    return group.map(requestOf);
  };
  for (let sent = 0; sent < commands; ) {
    await time.sleep(dice.below(THINK_MS));
    const group: Group = { requests: next(), attempts: 0 };
    sent += group.requests.length;
    asked.groups.push(group);
    await ask(world, processes, group, dice);
    asked.repeats += group.attempts - 1;
    learn(world, patrons, asked, group, dice);
  }
}

async function ask(
  world: World,
  processes: readonly Process[],
  group: Group,
  dice: Dice,
): Promise<void> {
  const { time, trace } = world;
  const { requests } = group;
  for (;;) {
    const process = dice.pick(processes) as Process;
    const now = hasten(process.now());
    group.attempts += 1;
    for (const request of requests) request.nows.push(now);
    const submissions = requests.map(({ command }) => ({
      command: withEnds(command, SLIDES, now),
      now,
    }));
    const onAnswered = (answers: readonly Answer[]): void =>
      requests.forEach((request, index) => {
        request.answers.push(answers[index] as Answer);
        request.firstAnsweredAt ??= time.now();
      });
    // Some networks deliver twice.
    if (dice.chance(5)) {
      group.attempts += 1;
      void call(world, process, submissions, dice, onAnswered);
    }
    const told = await call(world, process, submissions, dice, onAnswered);
    const key = requests[0]?.command.key ?? '';
    if (Array.isArray(told)) {
      trace(key, ...told.map((answer: Answer) => `${answer.status} ${answer.replayed}`));
      return;
    }
    if (told instanceof Error && !/^(LaneFull|LedgerUnavailable)$/.test(told.name)) {
      trace(key, told.message);
      for (const request of requests) request.failure = told.message;
      return;
    }
    trace(key, told instanceof Error ? told.name : 'nothing heard');
    await time.sleep(dice.below(RETRY_MS));
  }
}

/** Everyone knows what was answered: later commands act on it. */
function learn(
  world: World,
  patrons: readonly Patron[],
  asked: Asked,
  { requests }: Group,
  dice: Dice,
): void {
  for (const { command, answers } of requests) {
    const [answer] = answers;
    const patron = patrons.find(({ member }) => member === command.member);
    const transaction = answer?.transaction;
    if (patron === undefined || transaction === null || transaction === undefined) continue;
    note(patron.answered, transaction.id);
    if (answer?.status === 'refused') continue;
    if (command.kind === 'issue' || command.kind === 'adjust') note(patron.earns, transaction.id);
    if (command.kind === 'burn' || command.kind === 'capture') note(patron.burns, transaction.id);
    if (command.kind === 'hold') note(patron.holds, transaction.id);
    if (command.kind === 'transfer_in')
      for (const { kind, lot } of transaction.entries)
        if (kind === 'issue') note(patron.arrived, lot);
    if (command.kind !== 'transfer_out' || asked.sent.has(transaction.id)) continue;
    asked.sent.add(transaction.id);
    const to = patrons.find(({ member }) => member === command.to);
    if (to === undefined || dice.chance(RETURNED_PERCENT)) patron.returning.push(transaction.id);
    else to.arriving.push(arrivalOf(world, patron, transaction));
  }
}

/** What will be taken in: with the terms of the lots it was taken from, which stand in the tables. */
function arrivalOf(
  { database }: World,
  { shard }: Patron,
  { member: from, pointType, entries }: Transaction,
): Patron['arriving'][number] {
  const lots = entries.flatMap(({ kind, lot, points, expiresAt }) => {
    const row = database.shard(shard).lots.get(lot);
    return kind === 'take' && row !== undefined ? [{ ...row.terms, lot, points, expiresAt }] : [];
  });
  const debt = entries
    .filter(({ kind }) => kind === 'repay')
    .reduce((sum, { points }) => sum + points, 0);
  return { from, pointType, lots, debt };
}

const KNOWN_MAX = 12;
function note(known: Uuid[], id: Uuid): void {
  known.push(id);
  if (known.length > KNOWN_MAX) known.shift();
}
