import { describe, expect, it } from 'vitest';
import { fenOf, type PadKey, press } from './amount.ts';
import { createBurst } from './burst.ts';
import { readScanned } from './scanned.ts';

describe('what is scanned', () => {
  it.each([
    ['hongmi:voucher:0123456789ABCDEFGHJKMNPQRS', 'voucher'],
    ['01234-56789-ABCDE-FGHJK-MNPQR-S', 'voucher'],
    [' 138 1234 5678 ', 'phone'],
    ['+8613812345678', 'phone'],
    ['+99900000001', 'phone'],
    ['t261123-7kq2mnpq', 'receipt'],
    ['48151623420045937770', 'member'],
    ['4815 1623 4200 4593 7770', 'member'],
    ['48151623420045937771', undefined],
    ['12345', undefined],
    ['hello world', undefined],
    ['', undefined],
  ])('%s is a %s', (text, kind) => {
    expect(readScanned(text)?.kind).toBe(kind);
  });
});

describe('a hand scanner', () => {
  const type = (text: string, gapMs: number, startMs = 0): string | undefined => {
    const burst = createBurst();
    let found: string | undefined;
    for (const [place, key] of [...text, 'Enter'].entries())
      found = burst.take(key, startMs + place * gapMs);
    return found;
  };
  it('is told from fingers by how fast it types', () => {
    expect(type('13812345678', 5)).toBe('13812345678');
    expect(type('13812345678', 90)).toBeUndefined();
    expect(type('123', 5)).toBeUndefined();
  });

  it('begins anew after what fingers typed', () => {
    const burst = createBurst();
    burst.take('4', 0);
    burst.take('2', 300);
    let found: string | undefined;
    for (const [place, key] of [...'13812345678', 'Enter'].entries())
      found = burst.take(key, 900 + place * 8);
    expect(found).toBe('13812345678');
  });
});

describe('an amount', () => {
  const typed = (keys: readonly PadKey[]) => keys.reduce(press, '');
  it.each<[PadKey[], string, number]>([
    [['1', '2', '.', '5'], '12.5', 1_250],
    [['.', '0', '5'], '0.05', 5],
    [['0', '0', '7'], '7', 700],
    [['00', '3'], '3', 300],
    [['1', '.', '2', '3', '4'], '1.23', 123],
    [['1', '.', '.', '2'], '1.2', 120],
    [['9', '9', '9', '9', '9', '9', '9'], '999999', 99_999_900],
    [['1', '2', 'back', 'back', 'back'], '', 0],
    [['3', '.'], '3.', 300],
  ])('typed as %j is %s', (keys, text, fen) => {
    expect(typed(keys)).toBe(text);
    expect(fenOf(typed(keys))).toBe(fen);
  });
});
