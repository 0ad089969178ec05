import { expect, test } from 'vitest';
import { sha256 } from '../kernel/hash.ts';
import { alreadyClaimed, claimantOf, hashOfClaim, marksOfClaims } from './claim.ts';
import type { Claim, IssueCommand } from './command.ts';
import { fingerprintOf } from './fingerprint.ts';
import { idOf } from './testing/desk.ts';
import { MEMBER, SHOP } from './testing/desk-spoken.ts';

const receipt: Claim = { merchant: SHOP, scope: 'order', fact: '17' };
const voucher: Claim = { merchant: null, scope: 'voucher', fact: 'WELCOME' };
const issue: IssueCommand = {
  ...{ kind: 'issue', key: 'k', programme: 1, pointType: 1, member: MEMBER, merchant: SHOP },
  ...{ effectiveAt: null, points: 10 },
};

test('a fact is told from another by merchant, scope and text, and nothing else', () => {
  expect(hashOfClaim(receipt)).toBe(sha256(`${SHOP}\0order\0${'17'}`).toString('hex'));
  expect(hashOfClaim(voucher)).toBe(sha256('\0voucher\0WELCOME').toString('hex'));
  const others = [
    { ...receipt, merchant: null },
    { ...receipt, merchant: idOf('other') },
    { ...receipt, scope: 'evidence' },
    { ...receipt, fact: '71' },
    { merchant: SHOP, scope: 'order\0', fact: '17' },
  ];
  expect(new Set([receipt, ...others].map(hashOfClaim)).size).toBe(6);
});

test('a claimant has every fact once, and lives where its member lives', () => {
  const command = { ...issue, claims: [receipt, voucher, { ...receipt }] };
  const claimant = claimantOf(command, 8);
  const hashes = [hashOfClaim(receipt), hashOfClaim(voucher)];
  expect(claimant).toMatchObject({ command, hashes, fingerprint: fingerprintOf(command) });
  expect(claimant?.shard).toBeLessThan(8);
  expect(claimantOf(command, 1)?.shard).toBe(0);
  expect(marksOfClaims(command)).toEqual(hashes.map((hash) => `claim ${hash}`));
});

test('who claims nothing is none', () => {
  expect(claimantOf(issue, 8)).toBeNull();
  expect(claimantOf({ ...issue, claims: [] }, 8)).toBeNull();
  const burn = { ...issue, kind: 'burn', claims: [receipt] } as const;
  expect(claimantOf(burn, 8)).toBeNull();
  expect(marksOfClaims(issue)).toEqual([]);
});

test('a refusal names the fact by its scope and hash', () => {
  const claimant = claimantOf({ ...issue, claims: [receipt, voucher] }, 8);
  if (claimant === null) throw new Error('it claims something');
  const claim = hashOfClaim(voucher);
  expect(alreadyClaimed(claimant, claim)).toMatchObject({
    code: 'already_claimed',
    facts: { scope: 'voucher', claim },
  });
  expect(alreadyClaimed(claimant, 'unknown').facts?.scope).toBe('');
});
