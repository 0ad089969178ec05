import { Worker } from 'node:worker_threads';
import { shardOfMember } from '../kernel/id.ts';
import { LaneFull } from '../platform/lane.ts';
import type { Engine, Submission } from './engine.ts';
import { LedgerUnavailable } from './ledger.ts';
import type { Answer } from './transaction.ts';

/** What goes to a thread: work with a number to answer under, or a request to finish. */
export type ToThread =
  | { readonly submit: readonly (readonly [number, Submission])[] }
  | { readonly preview: readonly Submission[]; readonly number: number }
  | { readonly drain: number }
  | { readonly close: true };

/** What comes back: answers by number, or why there is none. */
export type FromThread = readonly (readonly [
  number: number,
  answer: Answer | readonly Answer[] | null,
  failure: { readonly name: string; readonly message: string } | null,
])[];

export interface ThreadOptions {
  /** The module that runs in each thread: a composition root that calls {@link serveThread}. */
  readonly entry: URL;
  readonly threads: number;
  readonly shards: number;
  /** Given to each thread as its `workerData`. */
  readonly data: unknown;
  readonly onCrash: (error: Error) => void;
}

/**
 * Batches make short-lived objects in bursts; with V8's small default most of them are copied once before
 * they die, which took a seventh of the thread's time.
 */
const YOUNG_GENERATION_MB = 96;

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * The engine in threads of its own, each with a share of the shards, so that deciding and encoding do
 * not compete with HTTP for one core. What is submitted within one turn of the event loop crosses over
 * as one message. A thread that crashes is replaced; its commands fail as `LedgerUnavailable` and may be
 * repeated, which their keys make safe.
 */
export function startEngineThreads(options: ThreadOptions): Engine & { close(): Promise<void> } {
  const threads = Array.from({ length: options.threads }, () => startThread(options));
  const threadOf = (submission: Submission): Thread =>
    threads[shardOfMember(submission.command.member, options.shards) % threads.length] as Thread;
  return {
    submit: (submission) => threadOf(submission).submit(submission),
    async preview(submissions) {
      const first = submissions[0];
      if (first === undefined) return [];
      return threadOf(first).ask<Answer[]>((number) => ({ preview: submissions, number }));
    },
    async drain() {
      await Promise.all(threads.map((thread) => thread.ask((number) => ({ drain: number }))));
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

interface Thread {
  submit(submission: Submission): Promise<Answer>;
  ask<T>(message: (number: number) => ToThread): Promise<T>;
  close(): Promise<void>;
}

function startThread({ entry, data, onCrash }: ThreadOptions): Thread {
  const pending = new Map<number, Pending>();
  let outbox: [number, Submission][] = [];
  let last = 0;
  let closing = false;
  let worker = start();

  function start(): Worker {
    const started = new Worker(entry, {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    started.on('message', (answers: string) => {
      for (const [number, answer, failure] of JSON.parse(answers) as FromThread) {
        const waiting = pending.get(number);
        pending.delete(number);
        if (failure === null) waiting?.resolve(answer as never);
        else waiting?.reject(rebuild(failure));
      }
    });
    started.on('error', onCrash);
    started.on('exit', () => {
      for (const waiting of pending.values()) waiting.reject(new LedgerUnavailable());
      pending.clear();
      if (!closing) worker = start();
    });
    return started;
  }
  function flush(): void {
    const submit = outbox;
    outbox = [];
    worker.postMessage(written({ submit }));
  }
  function expect<T>(number: number): Promise<T> {
    return new Promise<T>((resolve, reject) => pending.set(number, { resolve, reject }));
  }
  return {
    submit(submission) {
      last += 1;
      if (outbox.length === 0) setImmediate(flush);
      outbox.push([last, submission]);
      return expect<Answer>(last);
    },
    ask(message) {
      last += 1;
      const number = last;
      // After what was submitted before it.
      setImmediate(() => worker.postMessage(written(message(number))));
      return expect(number);
    },
    async close() {
      closing = true;
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage(written({ close: true }));
      await ended;
    },
  };
}

/**
 * Messages cross as JSON text: copying the objects themselves (structured clone) took almost half of the
 * main thread's time under load. Commands and answers are plain values, for which the two are the same.
 */
function written(message: ToThread): string {
  return JSON.stringify(message);
}

function rebuild(failure: { name: string; message: string }): Error {
  if (failure.name === 'LedgerUnavailable') return new LedgerUnavailable();
  if (failure.name === 'LaneFull') return new LaneFull();
  return new Error(failure.message);
}

export interface Port {
  on(event: 'message', listener: (message: string) => void): unknown;
  postMessage(message: string): void;
}

/** Serves an engine to the thread that started this one, until it says to close. */
export function serveThread(port: Port, engine: Engine, close: () => Promise<void>): void {
  let answers: FromThread[number][] = [];
  function answer(...row: FromThread[number]): void {
    if (answers.length === 0) {
      setImmediate(() => {
        port.postMessage(JSON.stringify(answers satisfies FromThread));
        answers = [];
      });
    }
    answers.push(row);
  }
  function reply(number: number, work: Promise<Answer | readonly Answer[] | null>): void {
    work.then(
      (done) => answer(number, done, null),
      (error: unknown) => {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        answer(number, null, { name, message });
      },
    );
  }
  port.on('message', (text) => {
    const message = JSON.parse(text) as ToThread;
    if ('submit' in message)
      for (const [number, submission] of message.submit) reply(number, engine.submit(submission));
    else if ('preview' in message) reply(message.number, engine.preview(message.preview));
    else if ('drain' in message)
      reply(
        message.drain,
        engine.drain().then(() => null),
      );
    else void engine.drain().then(close);
  });
}
