import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { fingerprintOf } from './fingerprint.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, SHOP } from './testing/desk-spoken.ts';

const base = { key: 'k', programme: 1, pointType: 1, member: MEMBER, effectiveAt: null };
const terms = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
const lot = {
  lot: idOf('lot'),
  points: 5,
  issuer: SHOP,
  availableAt: 0,
  expiresAt: null,
  ...terms,
};
const commands: Record<string, Command> = {
  issue: { ...base, kind: 'issue', merchant: SHOP, points: 10 },
  burn: { ...base, kind: 'burn', merchant: SHOP, points: 10 },
  hold: { ...base, kind: 'hold', merchant: SHOP, points: 10, expiresAt: 5 },
  capture: { ...base, kind: 'capture', hold: idOf('h') },
  release: { ...base, kind: 'release', hold: idOf('h') },
  expire: { ...base, kind: 'expire' },
  return: { ...base, kind: 'return', earn: idOf('a'), points: 10, policy: 'debt' },
  refund: { ...base, kind: 'refund', burn: idOf('b'), graceMs: 5 },
  adjust: { ...base, kind: 'adjust', merchant: SHOP, points: 10 },
  transfer_out: { ...base, kind: 'transfer_out', to: idOf('friend'), points: 10 },
  transfer_in: { ...base, kind: 'transfer_in', from: idOf('friend'), lots: [lot], debt: 0 },
  claw_back: {
    ...{ ...base, kind: 'claw_back', earn: idOf('a'), lot: idOf('lot'), arrived: [] },
    ...{ giver: { role: 'issuer', merchant: SHOP }, points: 10, policy: 'debt' },
  },
  convert: { ...base, kind: 'convert', to: 2, points: 10, rate: { num: 2, den: 3 } },
};
const counter = { counter: 'day', max: 9, mode: 'all' };
const times = { counter: 'day', max: 9, unit: 'times' };
const budget = { budget: idOf('budget'), mode: 'all' };
const claim = { merchant: SHOP, scope: 'order', fact: '17' };
const funder = { merchant: SHOP, share: 1 };

/** What makes each of them another request. */
const others: Record<string, readonly object[]> = {
  issue: [
    { points: 11 },
    { merchant: MEMBER },
    { effectiveAt: 7 },
    { effectiveAt: 8 },
    { programme: 2 },
    { pointType: 2 },
    { member: SHOP },
    { availableAt: 7 },
    { expiresAt: 7 },
    { expiry: 'never' },
    { limits: [counter] },
    { limits: [{ ...counter, counter: 'week' }] },
    { limits: [{ ...counter, max: 10 }] },
    { limits: [{ ...counter, mode: 'trim' }] },
    { limits: [budget] },
    { limits: [{ ...budget, budget: SHOP }] },
    { limits: [{ ...budget, mode: 'trim' }] },
    { limits: [counter, budget] },
    { limits: [times] },
    { limits: [{ ...times, max: 10 }] },
    { funders: [funder] },
    { funders: [{ ...funder, share: 2 }] },
    { funders: [{ ...funder, merchant: MEMBER }] },
    { claims: [claim] },
    { claims: [{ ...claim, merchant: null }] },
    { claims: [{ ...claim, scope: 'voucher' }] },
    { claims: [{ ...claim, fact: '18' }] },
    { ruleVersion: idOf('rule') },
    { evidence: 'ab'.repeat(32) },
    { unitCost: 7 },
    { source: { kind: 'order', id: SHOP } },
    { source: { kind: 'return', id: SHOP } },
    { source: { kind: 'order', id: MEMBER } },
    { detail: {} },
    { detail: { note: 'x' } },
    { detail: { note: 'y' } },
    { detail: { not: 'x' } },
  ],
  burn: [{ points: 11 }, { merchant: MEMBER }, { overdraftMax: 0 }, { overdraftMax: 5 }],
  hold: [{ points: 11 }, { expiresAt: 6 }],
  capture: [{ hold: SHOP }, { points: 10 }],
  release: [{ hold: SHOP }, { timeout: true }],
  expire: [{ member: SHOP }],
  return: [
    { earn: SHOP },
    { points: 11 },
    { isAbsorbed: true },
    { limits: [{ counter: 'day' }] },
    { limits: [{ counter: 'week' }] },
    { limits: [{ counter: 'week', unit: 'times' }] },
    { limits: [{ budget: SHOP }] },
    { limits: [{ counter: SHOP }] },
    { limits: [{ counter: 'day' }], isAbsorbed: true },
  ],
  refund: [{ burn: SHOP }, { points: 11 }],
  adjust: [{ points: -10 }, { expiresAt: 6 }],
  transfer_out: [{ to: SHOP }, { points: 11 }, { limits: [counter] }, { limits: [] }],
  transfer_in: [
    { from: SHOP },
    { debt: 1 },
    { lots: [] },
    { lots: [{ ...lot, points: 6 }] },
    { lots: [{ ...lot, issuer: MEMBER }] },
    { lots: [lot, lot] },
  ],
  claw_back: [
    { earn: SHOP },
    { lot: SHOP },
    { giver: { role: 'adjustment', merchant: SHOP } },
    { giver: { role: 'issuer', merchant: MEMBER } },
    { policy: 'pending_only' },
    { limits: [{ budget: SHOP }] },
    { limits: [{ budget: MEMBER }] },
  ],
  convert: [{ to: 3 }, { points: 11 }],
};

const told = (command: object): string => fingerprintOf(command as Command).toString('hex');

describe('a fingerprint', () => {
  it.each(Object.keys(commands))('of %s differs by whatever makes it another request', (kind) => {
    const all = [{}, ...(others[kind] ?? [])].map((more) => told({ ...commands[kind], ...more }));
    expect(new Set(all).size).toBe(all.length);
  });

  it('of one kind is not that of another', () => {
    const all = Object.values(commands).map(told);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is the same for the same request, whatever the settings and in whichever order it says things', () => {
    const same = (kind: string, ...more: object[]) =>
      expect(new Set(more.map((each) => told({ ...commands[kind], ...each }))).size).toBe(1);
    same('issue', {}, { id: SHOP }, { key: 'other' }, { availableAt: null, expiresAt: null });
    same('issue', { detail: { a: 1, b: 2, c: 3 } }, { detail: { c: 3, a: 1, b: 2 } });
    same('return', {}, { policy: 'pending_only' }, { limits: [] }, { atMost: true });
    same('claw_back', {}, { limits: [] });
    same('refund', {}, { graceMs: 9 });
    same('convert', {}, { rate: { num: 3, den: 3 } });
    same('release', {}, { timeout: false });
    same('adjust', {}, { expiresAt: null });
    const turned = Object.fromEntries(Object.entries(lot).reverse());
    same('transfer_in', {}, { lots: [turned] });
  });
});
