import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSealer, decodeMasterKey, readMasterKey } from './seal.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hongmi-seal-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const one = createSealer(Buffer.alloc(32, 1));
const other = createSealer(Buffer.alloc(32, 2));

test('what is sealed opens only whole, in its context, under its key', () => {
  const sealed = one.seal('member a', '+8613800138000');
  expect(one.open('member a', sealed)).toBe('+8613800138000');
  expect(one.open('member b', sealed)).toBeUndefined();
  expect(other.open('member a', sealed)).toBeUndefined();
  for (let at = 0; at < sealed.length; at += 1) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(one.open('member a', altered), `byte ${at}`).toBeUndefined();
  }
  expect(one.open('member a', sealed.subarray(0, 20))).toBeUndefined();
  expect(one.seal('member a', '+8613800138000').equals(sealed)).toBe(false);
});

test('an index is equal for equal values of one purpose under one key only', () => {
  const index = one.index('phone', '8000');
  expect(one.index('phone', '8000')).toEqual(index);
  for (const different of [
    one.index('phone', '8001'),
    one.index('last4', '8000'),
    other.index('phone', '8000'),
  ]) {
    expect(different.equals(index)).toBe(false);
  }
});

test('the master key is made once, for its owner only, and a damaged one is never replaced', () => {
  const key = readMasterKey(dir, undefined);
  const file = join(dir, 'master-key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readMasterKey(dir, undefined)).toEqual(key);
  expect(readMasterKey(dir, Buffer.alloc(32, 7).toString('hex'))).toEqual(Buffer.alloc(32, 7));
  chmodSync(file, 0o600);
  for (const damaged of ['', 'half a key']) {
    writeFileSync(file, damaged);
    expect(() => readMasterKey(dir, undefined)).toThrow(/master-key/);
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  }
});

test('a master key is 32 bytes in hex or base64', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  for (const text of [
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]) {
    expect(decodeMasterKey(text)).toEqual(bytes);
  }
  expect(decodeMasterKey(bytes.subarray(1).toString('base64'))).toBeUndefined();
  expect(decodeMasterKey('')).toBeUndefined();
});
