import { expect, it } from 'vitest';
import type { Entry, Whom } from './entry.ts';
import { createLookUp } from './look-up.ts';

it('asks whose a code was when it was shown, however long after that something was rung up', async () => {
  const asked: unknown[] = [];
  const lookUp = createLookUp({
    findMembers: () => Promise.reject(new Error('nobody is asked for by number')),
    resolveMemberCode: (told: unknown) => {
      asked.push(told);
      return Promise.resolve({ memberId: 'mem_1', name: null, programme: 'p', balances: [] });
    },
  } as never);
  const whom: Whom = { code: '48151623420045937770', at: '2026-11-23T04:00:00.000Z' };
  const entry = { key: 'k', merchantId: 'mer_1', at: '2026-11-23T05:00:00.000Z', whom } as Entry;
  expect(await lookUp(whom, entry)).toBe('mem_1');
  expect(asked).toEqual([{ ...whom, merchantId: 'mer_1' }]);
});
