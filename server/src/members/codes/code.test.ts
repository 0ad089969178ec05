import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCode, STEP_MS, showNumber, stepOf, writeCode } from './code.ts';

interface Vector {
  readonly number: string;
  readonly secret: string;
  readonly at: number;
  readonly code: string;
}
const { codes } = JSON.parse(
  readFileSync(new URL('../../../../docs/member-code-vectors.json', import.meta.url), 'utf8'),
) as { readonly codes: readonly Vector[] };

it.each(codes)('writes and reads $code', ({ number, secret, at, code }) => {
  const key = Buffer.from(secret, 'hex');
  const step = Math.floor(at / STEP_MS);
  expect(writeCode(Number(number), key, step)).toBe(code);
  const read = readCode(code);
  expect(showNumber(read?.number ?? -1)).toBe(number);
  expect(read && stepOf(read, key, at)).toEqual({ step, isInTime: true });
});

it('finds when a code was shown, and takes it five minutes either way', () => {
  const number = fc.integer({ min: 0, max: 10 ** 10 - 1 });
  const step = fc.integer({ min: 10_000, max: 200_000_000 });
  const away = fc.integer({ min: -2_000, max: 2_000 });
  fc.assert(
    fc.property(
      number,
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      step,
      away,
      (n, s, at, by) => {
        const secret = Buffer.from(s);
        const read = readCode(writeCode(n, secret, at + by));
        expect(read && stepOf(read, secret, at * STEP_MS)).toEqual({
          step: at + by,
          isInTime: Math.abs(by) <= 10,
        });
      },
    ),
  );
});

it('takes no code of another phone, and none that is not of 20 digits with the right last one', () => {
  const [{ code, at }] = codes as [Vector];
  const read = readCode(code);
  expect(read && stepOf(read, Buffer.alloc(32, 1), at)).toBe(undefined);
  const mistyped = `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
  for (const other of [mistyped, '', `${code}1`, code.slice(1), 'x'.repeat(20)])
    expect(readCode(other)).toBe(undefined);
});
