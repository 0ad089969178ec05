import { performance } from 'node:perf_hooks';
import { type Address, type Answered, type Connection, openConnection } from './connection.ts';
import { type Latency, summariseLatency } from './latency.ts';
import { createWorkload, type WorkloadSpec } from './workload.ts';

export interface LoadJob {
  readonly address: Address;
  readonly workload: WorkloadSpec;
  /** Each has one request in flight. */
  readonly connections: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
  /** Sends at this pace instead of as fast as answers come. */
  readonly requestsPerSecond?: number;
}

/** What came of a job: rates and latencies of the measured window, counts of everything that was sent. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly commandsPerSecond: number;
  readonly latencyMs: Latency;
  /** Commands that were answered, warm-up and end included: what the database must hold. */
  readonly acknowledged: number;
  /** Of these, refused by the rules of the domain. */
  readonly refused: number;
  /** Answers by status, in all. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without an answer. */
  readonly lost: number;
  /** Cores this process used within the window. */
  readonly cores: number;
}

const READ_BUFFER_BYTES = 64 * 1024;
const SMALL_READ_BUFFER_BYTES = 8 * 1024;
const LAST_ANSWERS_WAIT_MS = 30_000;
const PACE_EVERY_MS = 5;
const PROBLEM = Buffer.from('"problem":{');

/** Runs one job; `onWindow` hears when measuring begins and ends. */
export async function drive(
  job: LoadJob,
  onWindow: (at: 'begin' | 'end') => void,
): Promise<LoadResult> {
  const workload = createWorkload(job.workload);
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  let refused = 0;
  let acknowledged = 0;
  let inFlight = 0;
  let broken: Error | undefined;
  let phase: 'warming' | 'measuring' | 'ending' = 'warming';
  let allAnswered: () => void = () => undefined;

  const idle: Slot[] = [];
  let allowance = 0;
  const isPaced = job.requestsPerSecond !== undefined;

  function next(slot: Slot): void {
    if (phase === 'ending') {
      if (inFlight === 0) allAnswered();
      return;
    }
    if (isPaced && allowance < 1) {
      idle.push(slot);
      return;
    }
    allowance -= 1;
    inFlight += 1;
    const request = workload.next();
    slot.sentAt = performance.now();
    slot.connection?.send(request);
  }

  function answered(slot: Slot, answer: Answered): void {
    if (phase === 'measuring') latencies.push(performance.now() - slot.sentAt);
    inFlight -= 1;
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (answer.status < 300) {
      acknowledged += workload.commands;
      if (workload.commands > 1) refused += occurrences(answer.bytes, PROBLEM);
    } else if (answer.status === 422) {
      acknowledged += 1;
      refused += 1;
    }
    next(slot);
  }

  const slots = await Promise.all(Array.from({ length: job.connections }, () => openSlot()));
  async function openSlot(): Promise<Slot> {
    const slot: Slot = { connection: undefined, sentAt: 0 };
    slot.connection = await openConnection(
      job.address,
      workload.commands > 1 ? READ_BUFFER_BYTES : SMALL_READ_BUFFER_BYTES,
      {
        onAnswer: (answer) => answered(slot, answer),
        onBroken: (error) => {
          broken ??= error;
          allAnswered();
        },
      },
    );
    return slot;
  }

  for (const slot of slots) next(slot);
  let pacedAt = performance.now();
  const pace = setInterval(() => {
    // By the time that passed, not by ticks: those come late and would lower the pace.
    const now = performance.now();
    allowance += ((job.requestsPerSecond ?? 0) * (now - pacedAt)) / 1000;
    pacedAt = now;
    while (allowance >= 1 && idle.length > 0) next(idle.pop() as Slot);
    allowance = Math.min(allowance, slots.length);
  }, PACE_EVERY_MS);
  if (!isPaced) clearInterval(pace);

  await pause(job.warmupSeconds * 1000);
  phase = 'measuring';
  onWindow('begin');
  const cpuAtBegin = process.cpuUsage();
  const beganAt = performance.now();
  await pause(job.seconds * 1000);
  phase = 'ending';
  const seconds = (performance.now() - beganAt) / 1000;
  const { user, system } = process.cpuUsage(cpuAtBegin);
  onWindow('end');
  clearInterval(pace);

  if (inFlight > 0 && broken === undefined) {
    await Promise.race([
      new Promise<void>((resolve) => (allAnswered = resolve)),
      pause(LAST_ANSWERS_WAIT_MS),
    ]);
  }
  for (const slot of slots) slot.connection?.close();
  if (broken !== undefined) throw new Error(`a connection broke: ${broken.message}`);
  return {
    requestsPerSecond: latencies.length / seconds,
    commandsPerSecond: (latencies.length * workload.commands) / seconds,
    latencyMs: summariseLatency(latencies),
    acknowledged,
    refused,
    statuses,
    lost: inFlight,
    cores: (user + system) / 1e6 / seconds,
  };
}

interface Slot {
  connection: Connection | undefined;
  sentAt: number;
}

function occurrences(bytes: Buffer, of: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(of); at >= 0; at = bytes.indexOf(of, at + of.length)) count += 1;
  return count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
