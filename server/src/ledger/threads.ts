import { Worker } from 'node:worker_threads';
import { shardOfMember } from '../kernel/id.ts';
import { LaneFull } from '../platform/lane.ts';
import type { Engine, Submission } from './engine.ts';
import { LedgerUnavailable } from './ledger.ts';
import { scatter } from './scatter.ts';
import type { Answer } from './transaction.ts';
import { type Asked, type Failure, readAnswer, type Told, type Verb, writeAnswer } from './wire.ts';

export interface ThreadOptions {
  /** The module that runs in each thread: a composition root that calls {@link serveEngine}. */
  readonly entry: URL;
  readonly threads: number;
  readonly shards: number;
  /** Given to each thread as its `workerData`. */
  readonly data: unknown;
  readonly onCrash: (error: Error) => void;
}

/** One end of a channel between threads. */
export interface Port {
  on(event: 'message', listener: (message: string) => void): unknown;
  postMessage(message: string): void;
}

/**
 * Batches make short-lived objects in bursts; with V8's small default most of them are copied once before
 * they die, which took a seventh of the thread's time.
 */
const YOUNG_GENERATION_MB = 96;

/**
 * The engine in threads of its own, each with a share of the shards, so that deciding and encoding do
 * not compete with HTTP for one core. A thread that crashes is replaced; its commands fail as
 * `LedgerUnavailable` and may be repeated, which their keys make safe.
 */
export function startEngineThreads(options: ThreadOptions): Engine & { close(): Promise<void> } {
  const threads = Array.from({ length: options.threads }, () => startThread(options));
  const threadOf = ({ command }: Submission): number =>
    shardOfMember(command.member, options.shards) % threads.length;
  const toEach = (verb: Verb) => (submissions: readonly Submission[]) =>
    scatter(submissions, threadOf, (to, those) => (threads[to] as Caller).ask(verb, those));
  return {
    submit: toEach('submit'),
    preview: toEach('preview'),
    async drain() {
      await Promise.all(threads.map((thread) => thread.ask('drain', [])));
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

function startThread({ entry, data, onCrash }: ThreadOptions): Caller & { close(): Promise<void> } {
  let closing = false;
  let [worker, caller] = start();

  function start(): [Worker, Caller & { abandon(): void }] {
    const started = new Worker(entry, {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const itsCaller = callerOf(started);
    started.on('error', onCrash);
    started.on('exit', () => {
      itsCaller.abandon();
      if (!closing) [worker, caller] = start();
    });
    return [started, itsCaller];
  }
  return {
    ask: (verb, submissions) => caller.ask(verb, submissions),
    async close() {
      closing = true;
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      // Never answered: the thread ends instead.
      caller.ask('close', []).catch(() => undefined);
      await ended;
    },
  };
}

interface Caller {
  ask(verb: Verb, submissions: readonly Submission[]): Promise<Answer[]>;
}

interface Pending {
  readonly submissions: readonly Submission[];
  readonly resolve: (answers: Answer[]) => void;
  readonly reject: (reason: Error) => void;
}

/** Asks an engine that is served at the other end. What is asked within one turn of the event loop crosses over as one message. */
export function callerOf(port: Port): Caller & { abandon(): void } {
  const pending = new Map<number, Pending>();
  const send = byTurn<Asked>(port);
  let last = 0;
  port.on('message', (text) => {
    for (const [number, answers, failure] of JSON.parse(text) as readonly Told[]) {
      const waiting = pending.get(number);
      if (waiting === undefined) continue;
      pending.delete(number);
      if (failure !== null) waiting.reject(errorOf(failure));
      else
        waiting.resolve(
          (answers ?? []).map((each, place) =>
            readAnswer(each, waiting.submissions[place] as Submission),
          ),
        );
    }
  });
  return {
    ask(verb, submissions) {
      last += 1;
      send([last, verb, submissions]);
      return new Promise((resolve, reject) => pending.set(last, { submissions, resolve, reject }));
    },
    abandon() {
      for (const waiting of pending.values()) waiting.reject(new LedgerUnavailable());
      pending.clear();
    },
  };
}

/** Serves an engine to whoever asks at the other end, until told to close. */
export function serveEngine(port: Port, engine: Engine, close: () => Promise<void>): void {
  const send = byTurn<Told>(port);
  const verbs = {
    submit: engine.submit,
    preview: engine.preview,
    drain: () => engine.drain().then(() => []),
    close: () =>
      engine
        .drain()
        .then(close)
        .then(() => []),
  };
  port.on('message', (text) => {
    for (const [number, verb, submissions] of JSON.parse(text) as readonly Asked[]) {
      verbs[verb](submissions).then(
        (answers) => send([number, answers.map(writeAnswer), null]),
        (error: unknown) => send([number, null, failureOf(error)]),
      );
    }
  });
}

/** Gathers what is sent within one turn of the event loop into one message. */
function byTurn<Message>(port: Port): (message: Message) => void {
  let gathered: Message[] = [];
  return (message) => {
    if (gathered.length === 0) {
      setImmediate(() => {
        const text = JSON.stringify(gathered);
        gathered = [];
        port.postMessage(text);
      });
    }
    gathered.push(message);
  };
}

function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}

function errorOf({ name, message }: Failure): Error {
  if (name === 'LedgerUnavailable') return new LedgerUnavailable();
  if (name === 'LaneFull') return new LaneFull();
  return new Error(message);
}
