import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { orderTold } from './orders.ts';
import { seededRandom, uniformPick, zipfPick } from './random.ts';

/** What is asked of the server, over and over. */
export interface WorkloadSpec {
  readonly kind:
    | 'single'
    | 'bulk'
    | 'gift'
    | 'gifts'
    | 'order'
    | 'orders'
    | 'balance'
    | 'redemption'
    | 'catalogue';
  /** Commands per request; read for `bulk`, `gifts` and `orders` only. */
  readonly commands?: number;
  /** One id per line. */
  readonly membersFile: string;
  readonly merchants: readonly string[];
  readonly members: 'uniform' | 'zipf';
  /** What is redeemed, and who hands it out; read for `redemption` only. */
  readonly rewards?: readonly { readonly id: string; readonly merchantId: string }[];
  /** The name of a budget that every issue is limited by. */
  readonly budget?: string;
  /** The code of the point type; absent: `points`. */
  readonly pointType?: string;
  readonly key: string;
  /** Distinguishes the idempotency keys of this run from those of every other. */
  readonly run: string;
  readonly seed: number;
  /** As clients in the wild make them, so that the index of keys is met anywhere; absent: in order. */
  readonly randomKeys?: boolean;
}

export interface Workload {
  /** The next request, whole, and how many commands it carries. */
  next(): string;
  readonly commands: number;
}

/** Transactions of the ledger that come of one command; absent: as many as it says itself. */
export const TRANSACTIONS: Readonly<Partial<Record<WorkloadSpec['kind'], number>>> = {
  single: 1,
  bulk: 1,
  // One in the giver's shard, one in the receiver's.
  gift: 2,
  gifts: 2,
  balance: 0,
  // What the reward costs.
  redemption: 1,
  catalogue: 0,
};

const ISSUE_SHARE = 0.75;
// Members start with far more than one burn takes, so that burns are not refused.
const ISSUE_POINTS_MAX = 100;
const BURN_POINTS_MAX = 50;
const ZIPF_EXPONENT = 1;

export function createWorkload(spec: WorkloadSpec): Workload {
  const random = seededRandom(spec.seed);
  const members = readMembers(spec.membersFile);
  const pick =
    spec.members === 'uniform'
      ? uniformPick(members.length, random)
      : zipfPick(members.length, ZIPF_EXPONENT, random);
  const pickMerchant = uniformPick(spec.merchants.length, random);
  const head = (method: string, path: string): string =>
    `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${spec.key}\r\n`;
  const limits =
    spec.budget === undefined ? '' : `,"limits":[{"budget":"${spec.budget}","mode":"all"}]`;
  const { pointType = 'points' } = spec;
  let count = 0;
  let orders = 0;

  function command(): string {
    const member = members[pick()] ?? '';
    const merchant = spec.merchants[pickMerchant()] ?? '';
    const isIssue = random() < ISSUE_SHARE;
    const points = 1 + Math.floor(random() * (isIssue ? ISSUE_POINTS_MAX : BURN_POINTS_MAX));
    const [kind, reason] = isIssue ? ['issue', 'purchase'] : ['burn', 'paid with points'];
    const more = isIssue ? limits : '';
    return `{"kind":"${kind}","memberId":"${member}","merchantId":"${merchant}","pointType":"${pointType}","points":${points},"reason":"${reason}"${more}}`;
  }
  function gift(): string {
    const giver = pick();
    const other = (giver + 1 + Math.floor(random() * (members.length - 1))) % members.length;
    return `{"giverId":"${members[giver]}","receiverId":"${members[other]}","points":1,"purpose":"family_gift"}`;
  }
  function order(): string {
    orders += 1;
    return orderTold(
      {
        member: members[pick()] ?? '',
        merchant: spec.merchants[pickMerchant()] ?? '',
        orderNo: `${spec.run}-${orders}`,
      },
      random,
    );
  }
  const rewards = spec.rewards ?? [];
  const pickReward = uniformPick(Math.max(1, rewards.length), random);
  function redemption(): string {
    const { id, merchantId } = rewards[pickReward()] ?? { id: '', merchantId: '' };
    return `{"memberId":"${members[pick()]}","rewardId":"${id}","merchantId":"${merchantId}"}`;
  }
  function post(path: string, body: string): string {
    count += 1;
    const key = spec.randomKeys === true ? randomUUID() : `${spec.run}-${count}`;
    return `${postHead(path)}idempotency-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  }
  const heads = new Map<string, string>();
  function postHead(path: string): string {
    const known = heads.get(path);
    if (known !== undefined) return known;
    const made = `${head('POST', path)}content-type: application/json\r\n`;
    heads.set(path, made);
    return made;
  }

  function many(path: string, name: string, item: () => string): Workload {
    const commands = spec.commands ?? 500;
    const items = (): string => Array.from({ length: commands }, item).join(',');
    return { commands, next: () => post(path, `{"${name}":[${items()}]}`) };
  }

  switch (spec.kind) {
    case 'single':
      return { commands: 1, next: () => post('/v1/transactions', command()) };
    case 'gift':
      return { commands: 1, next: () => post('/v1/transfers', gift()) };
    case 'bulk':
      return many('/v1/transactions/bulk', 'transactions', command);
    case 'gifts':
      return many('/v1/transfers/bulk', 'transfers', gift);
    case 'order':
      return { commands: 1, next: () => post('/v1/orders', order()) };
    case 'orders':
      return many('/v1/orders/bulk', 'orders', order);
    case 'balance':
      return {
        commands: 1,
        next: () => `${head('GET', `/v1/members/${members[pick()] ?? ''}/balance`)}\r\n`,
      };
    case 'redemption':
      return { commands: 1, next: () => post('/v1/redemptions', redemption()) };
    case 'catalogue':
      return {
        commands: 1,
        next: () => `${head('GET', `/v1/members/${members[pick()] ?? ''}/rewards`)}\r\n`,
      };
  }
}

/** By file: few, and the same ones over and over. */
const read = new Map<string, readonly string[]>();

function readMembers(file: string): readonly string[] {
  const known = read.get(file);
  if (known !== undefined) return known;
  const members = readFileSync(file, 'utf8').trimEnd().split('\n');
  read.set(file, members);
  return members;
}
