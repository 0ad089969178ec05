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
  const isKnown = (text: string): boolean => readScanned(text) !== undefined;
  const open = () => {
    const burst = createBurst(isKnown);
    let now = 0;
    return (text: string, gapMs: number, pauseMs = gapMs) => {
      let found: ReturnType<typeof burst.take>;
      for (const [place, key] of [...text, 'Enter'].entries()) {
        now += place === 0 ? pauseMs : gapMs;
        found = burst.take(key, now, `typed at ${now}`);
      }
      return found;
    };
  };

  it('is told from fingers by how fast it types', () => {
    expect(open()('a-strange-code', 5)?.text).toBe('a-strange-code');
    expect(open()('a-strange-code', 90)).toBeUndefined();
    expect(open()('123', 5)).toBeUndefined();
    expect(open()('1234.50', 90)).toBeUndefined();
  });

  it.each([5, 90, 400])('is known by what it says, with %i ms between its keys', (gapMs) => {
    expect(open()('48151623420045937770', gapMs)?.text).toBe('48151623420045937770');
    expect(open()('13812345678', gapMs)?.text).toBe('13812345678');
  });

  it('begins anew after what fingers typed, which stays as it was', () => {
    const burst = createBurst(isKnown);
    burst.take('4', 0, '');
    burst.take('2', 300, '4');
    let found: ReturnType<typeof burst.take>;
    for (const [place, key] of [...'13812345678', 'Enter'].entries())
      found = burst.take(key, 600 + place * 8, place === 0 ? '42' : 'a sum, it seems');
    expect(found).toEqual({ text: '13812345678', before: '42' });
  });

  it('is forgotten after a pause, and after each Enter', () => {
    const type = open();
    expect(type('13812', 5)).toBeUndefined();
    expect(type('345678', 5)?.text).toBe('345678');
    const burst = createBurst(isKnown);
    for (const [place, key] of [...'13812345678'].entries()) burst.take(key, place * 5, '');
    expect(burst.take('Enter', 5_000, '')).toBeUndefined();
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
