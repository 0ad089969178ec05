import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MEMBER_CODE_STEP_MS, memberCodeAt, memberCodeNumber } from './index.ts';

interface Vector {
  readonly number: string;
  readonly secret: string;
  readonly at: number;
  readonly code: string;
}
const { codes } = JSON.parse(
  readFileSync(new URL('../../../docs/member-code-vectors.json', import.meta.url), 'utf8'),
) as { readonly codes: readonly Vector[] };

it.each(codes)('makes $code', ({ code, at, ...secret }) => {
  expect(memberCodeAt(secret, at)).toBe(code);
});

it('shows a code for half a minute', () => {
  const secret = { number: '0000000042', secret: '5a'.repeat(32) };
  const begin = 1_000_000 * MEMBER_CODE_STEP_MS;
  expect(memberCodeAt(secret, begin + MEMBER_CODE_STEP_MS - 1)).toBe(memberCodeAt(secret, begin));
  expect(memberCodeAt(secret, begin + MEMBER_CODE_STEP_MS)).not.toBe(memberCodeAt(secret, begin));
});

it('knows whose a code is, and when it was mistyped', () => {
  const [{ code, number }] = codes as [Vector];
  expect(memberCodeNumber(code)).toBe(number);
  expect(memberCodeNumber(`${code.slice(0, 4)} ${code.slice(4)}`)).toBe(number);
  for (let place = 0; place < code.length; place += 1) {
    const wrong = (Number(code[place]) + 1) % 10;
    expect(memberCodeNumber(`${code.slice(0, place)}${wrong}${code.slice(place + 1)}`)).toBe(
      undefined,
    );
  }
  for (const other of ['', '13800138000', `${code}0`, code.slice(1), 'hongmi:voucher:1'])
    expect(memberCodeNumber(other)).toBe(undefined);
});
