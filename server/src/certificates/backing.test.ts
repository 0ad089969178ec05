import { expect, it } from 'vitest';
import type { Uuid } from '../kernel/id.ts';
import { backingBy } from './backing.ts';
import type { Certificate } from './certificate.ts';

const certificate = (more: Partial<Certificate> = {}): Certificate => ({
  id: 'a' as Uuid,
  merchant: 'm' as Uuid,
  number: 'G-1',
  issuingBody: 'CQC',
  scope: ['detergent', 'green-zone'],
  validFrom: 100,
  validUntil: 200,
  lastCheckedAt: 0,
  revoked: null,
  createdAt: 0,
  ...more,
});
const revoked = { at: 150, actor: 'Han Mei', reason: 'forged' };
const standing = (at: number, code = 'detergent', ...list: Certificate[]) =>
  backingBy(list, { codes: ['sku', code], at }).standing;

it('stands behind what it covers from its first moment up to, and without, its last', () => {
  const one = certificate();
  expect([99, 100, 199, 200].map((at) => standing(at, 'detergent', one))).toEqual([
    'not_valid_yet',
    'valid',
    'valid',
    'expired',
  ]);
  expect(standing(150, 'green-zone', one)).toBe('valid');
  expect(backingBy([one], { codes: ['detergent'], at: 150 }).certificate).toBe(one.id);
});

it('says why nothing stands behind goods', () => {
  expect(standing(150)).toBe('unknown');
  expect(standing(150, 'sausage', certificate())).toBe('out_of_scope');
  expect(standing(150, 'detergent', certificate({ revoked }))).toBe('revoked');
  // Whose certificate never was about the goods learns nothing of its fate.
  expect(standing(150, 'sausage', certificate({ revoked }))).toBe('out_of_scope');
  const several = [certificate({ scope: ['bag'] }), certificate({ validUntil: 120 })];
  expect(standing(150, 'detergent', ...several)).toBe('expired');
  expect(backingBy(several, { codes: ['detergent'], at: 150 }).certificate).toBeNull();
});

it('takes the one that is valid longest, whatever the order', () => {
  const [short, long] = [certificate(), certificate({ id: 'b' as Uuid, validUntil: 300 })];
  for (const list of [
    [short, long, certificate({ id: 'c' as Uuid, revoked, validUntil: 400 })],
    [long, short],
  ])
    expect(backingBy(list, { codes: ['detergent'], at: 150 })).toEqual({
      standing: 'valid',
      certificate: 'b',
    });
});
