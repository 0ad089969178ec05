import { expect, it } from 'vitest';
import { actionsOf, type CaseState, type Rights, STATES, urgencyOf } from './case-rules.ts';

const merchant: Rights = { answers: true, decides: false, speaksForMember: false };
const operator: Rights = { answers: true, decides: true, speaksForMember: true };
const reader: Rights = { answers: false, decides: false, speaksForMember: false };
const of = (state: CaseState, rights: Rights) => actionsOf({ state }, rights);

it('offers a merchant what it can answer', () => {
  expect(of('opened', merchant)).toEqual(['accept', 'refuse']);
  expect(of('sent', merchant)).toEqual(['receive']);
  expect(of('received', merchant)).toEqual(['settle', 'refuse']);
  expect(of('escalated', merchant)).toEqual([]);
});

it('offers the operator to decide what came there, and to speak for the member', () => {
  expect(of('escalated', operator)).toEqual(['forMember', 'forMerchant', 'withdraw']);
  expect(of('refused', operator)).toEqual(['appeal']);
  expect(of('accepted', operator)).toEqual(['receive', 'send', 'withdraw']);
});

it('offers nothing to who may only read, nor in a case that is over', () => {
  for (const state of STATES) expect(of(state, reader)).toEqual([]);
  for (const state of ['settling', 'refunded', 'exchanged', 'mended', 'dismissed'] as const)
    expect(of(state, operator)).toEqual([]);
});

it('tells what is due', () => {
  const now = '2026-11-23T08:00:00Z';
  expect(urgencyOf('2026-11-23T08:00:00Z', now)).toBe('past');
  expect(urgencyOf('2026-11-26T08:00:00Z', now)).toBe('soon');
  expect(urgencyOf('2026-11-26T08:00:01Z', now)).toBe('later');
});
