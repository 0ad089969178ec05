import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(level: 'warn' | 'debug', facts: object): string {
  let lines = '';
  const write = (line: string): void => {
    lines += line;
  };
  createLog(level, { write }).warn(facts, 'something happened');
  return lines;
}

test('errors are told without what they carry along', () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (phone)=(+8613800138000) already exists.',
    client: { password: 'secret', queryQueue: [{ values: ['+8613800138000'] }] },
  });
  const line = logged('warn', { err: new Error('registering failed', { cause }) });
  for (const part of ['registering failed', 'duplicate key', '23505', 'log.test.ts'])
    expect(line).toContain(part);
  for (const part of ['13800138000', 'secret']) expect(line).not.toContain(part);
});

test('requests are told without query and headers', () => {
  const req = {
    method: 'GET',
    url: '/v1/members?phone=13800138000',
    headers: { authorization: 'Bearer hm_x' },
  };
  const line = logged('debug', { req });
  expect(line).toContain('/v1/members');
  for (const part of ['13800138000', 'hm_x']) expect(line).not.toContain(part);
});
