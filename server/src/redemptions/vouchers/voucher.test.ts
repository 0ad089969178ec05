import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newCode, qrOf, readCode, showCode } from './voucher.ts';

it('a code has all of its 128 bits', () => {
  expect(newCode(() => Buffer.alloc(16, 0xff))).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
  expect(newCode(() => Buffer.alloc(16))).toBe('0'.repeat(26));
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const same = Buffer.from(a).equals(Buffer.from(b));
      expect(newCode(() => Buffer.from(a)) === newCode(() => Buffer.from(b))).toBe(same);
    }),
  );
});

it('a code is read as it is shown, scanned, or typed by somebody who mistakes letters', () => {
  const codes = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => newCode(() => Buffer.from(bytes)));
  fc.assert(
    fc.property(codes, (code) => {
      const typed = code.replace(/0/g, 'o').replace(/1/, 'l').replace(/1/g, 'I').toLowerCase();
      for (const told of [code, showCode(code), qrOf(code), ` ${typed} `])
        expect(readCode(told)).toBe(code);
      expect(showCode(code)).toMatch(/^([0-9A-Z]{5}-){5}[0-9A-Z]$/);
    }),
  );
});
