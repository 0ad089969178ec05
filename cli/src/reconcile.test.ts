import { expect, test } from 'vitest';
import { run, stubServer } from './testing/stub-shell.ts';

const right = {
  ...{
    programme: 'street',
    at: '2026-12-01T01:00:00.000Z',
    ok: true,
    checks: 1234,
    differences: 0,
  },
  outstanding: [
    {
      ...{ pointType: 'points', lotPoints: '98765', accountPoints: '98765', bookPoints: '98765' },
      ...{ lotMicroFen: '1', bookMicroFen: '1' },
    },
  ],
  money: {
    ...{ closedPeriods: 3, closedBooks: 3, owedMicroFen: '7', clearedMicroFen: '7' },
    carriedMicroFen: '0',
  },
  findings: [],
};
const wrong = {
  ...right,
  ...{ programme: 'village', ok: false, differences: 1 },
  findings: [
    {
      ...{ id: 1, code: 'pair', about: 'clp_1 points mer_1 → mer_2', expected: '5', found: '6' },
      ...{ message: 'What is owed differs', messageZh: '应付不符', seen: 2 },
      ...{ firstSeenAt: right.at, lastSeenAt: right.at },
    },
  ],
};

test('reconcile says that everything adds up, of the programme that is named', async () => {
  const { env, asked } = await stubServer({ 'POST /v1/clearing/reconciliation': right });
  const words = ['reconcile', '--programme', 'street'];
  const { code, out, err } = await run(words, env);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('street: ledger, clearing and books add up.');
  expect(out).toContain('98,765 points outstanding');
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ programme: 'street' });
  expect((await run([...words, '--lang', 'zh'], env)).out).toContain('账本、清算与账簿相符');
});

test('reconcile names what differs, of all programmes, and ends with 1', async () => {
  const { env, asked } = await stubServer({
    'GET /v1/programmes': { items: [{ code: 'street' }, { code: 'village' }] },
    'POST /v1/clearing/reconciliation': wrong,
  });
  const { code, out } = await run(['reconcile'], env);
  expect(code).toBe(1);
  expect(out).toContain('What is owed differs: clp_1 points mer_1 → mer_2');
  expect(out).toContain('expected 5; found 6');
  expect(asked.slice(1).map(({ body }) => JSON.parse(body))).toEqual([
    { programme: 'street' },
    { programme: 'village' },
  ]);
  const chinese = await run(['reconcile', '--lang', 'zh'], env);
  expect(chinese.out).toContain('应付不符');
  const json = await run(['reconcile', '--json'], env);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toEqual({ items: [wrong, wrong] });
});
