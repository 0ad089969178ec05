import type { Answered, Caller } from './caller.ts';

/** A request and the answers it got: a bank clerk's slip. */
export interface Slip {
  readonly key: string;
  readonly member: string;
  readonly body: { readonly kind: string; readonly points?: number };
  readonly answers: Answered[];
}

/** What clients fight over: few members, few merchants, and what earlier answers made usable. */
export interface Bank {
  readonly members: readonly string[];
  readonly merchants: readonly string[];
  readonly holds: { id: string; member: string }[];
  readonly burns: { id: string; member: string }[];
  readonly earns: { id: string; member: string }[];
  readonly slips: Slip[];
}

/** A random source that can be repeated: mulberry32. */
export function createDice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

export async function openBank(caller: Caller, members: number, merchants: number): Promise<Bank> {
  const bank: Bank = { members: [], merchants: [], holds: [], burns: [], earns: [], slips: [] };
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await caller.until('POST', path, body);
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body.id;
  };
  for (let i = 0; i < merchants; i += 1) {
    const shop = { name: `Shop ${i}`, category: 'bakery', earnRatio: { points: 1, perFen: 100 } };
    (bank.merchants as string[]).push(await made('/merchants', shop));
  }
  for (let i = 0; i < members; i += 1) {
    (bank.members as string[]).push(await made('/members', { externalIds: { e2e: `${i}` } }));
  }
  return bank;
}

/** One client's visit: draws a request, sends it with `send`, and notes what came of it. */
export async function visit(
  bank: Bank,
  dice: (sides: number) => number,
  key: string,
  send: Send,
): Promise<Slip> {
  const { member, body } = draw(bank, dice);
  const slip: Slip = { key, member, body, answers: [] };
  bank.slips.push(slip);
  slip.answers.push(...(await send(body, key)));
  const { status, body: answer } = slip.answers[0] as Answered;
  if (status === 201) {
    const id: string = answer.transaction.id;
    if (body.kind === 'hold') bank.holds.push({ id: answer.transaction.holdId, member });
    if (body.kind === 'burn' || body.kind === 'capture') bank.burns.push({ id, member });
    if (body.kind === 'issue') bank.earns.push({ id, member });
  }
  return slip;
}
export type Send = (body: object, key: string) => Promise<Answered[]>;

function draw(bank: Bank, dice: (sides: number) => number): { member: string; body: Slip['body'] } {
  const pick = <T>(from: readonly T[]): T | undefined => from[dice(from.length || 1)];
  const member = pick(bank.members) as string;
  const merchantId = pick(bank.merchants) as string;
  const points = 1 + dice(40);
  const issue = {
    kind: 'issue',
    memberId: member,
    merchantId,
    points: points * 2,
    reason: '买面包',
  };
  const act = dice(100);
  if (act < 30) return { member, body: issue };
  if (act < 60) return { member, body: { ...issue, kind: 'burn', points } };
  if (act < 72) return { member, body: holdOf(member, merchantId, points) };
  const on = (
    known: { id: string; member: string } | undefined,
    make: (id: string) => { kind: string; points?: number },
  ) =>
    known === undefined
      ? { member, body: issue }
      : { member: known.member, body: { ...make(known.id), memberId: known.member } };
  if (act < 80)
    return on(pick(bank.holds), (holdId) => ({
      kind: 'capture',
      holdId,
      ...(points > 20 ? {} : { points }),
    }));
  if (act < 86) return on(pick(bank.holds), (holdId) => ({ kind: 'release', holdId }));
  if (act < 93)
    return on(pick(bank.burns), (transactionId) => ({ kind: 'refund', transactionId, points }));
  return on(pick(bank.earns), (transactionId) => ({
    kind: 'return',
    transactionId,
    points,
    policy: 'debt',
  }));
}

function holdOf(memberId: string, merchantId: string, points: number): Slip['body'] {
  const hold = { kind: 'hold', memberId, merchantId, points, expiresAt: '2099-01-01T00:00:00Z' };
  return hold;
}
