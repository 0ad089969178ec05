import { expect, test } from 'vitest';
import { whereTimeWent } from './profile.ts';

const frame = (id: number, functionName: string, url = '', lineNumber = 0) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

test('shares are of the busy time, by function and by module, and no place leads above the repository', () => {
  const { busy, functions, modules } = whereTimeWent(
    {
      nodes: [
        frame(1, '(root)'),
        frame(2, '(idle)'),
        frame(3, 'decide', 'file:///home/someone/hongmi/server/dist/ledger/decide.js', 11),
        frame(4, 'query', 'file:///home/someone/hongmi/node_modules/pg/lib/client.js', 4),
        frame(5, '(garbage collector)'),
        frame(6, 'decide', 'file:///home/someone/hongmi/server/dist/ledger/decide.js', 11),
        frame(7, 'emit', 'node:events', 1),
        frame(8, 'writev'),
        frame(10, 'dispatch'),
        frame(9, '', 'file:///home/someone/hongmi/node_modules/@fastify/swagger/index.js', 0),
      ],
      samples: [2, 3, 4, 5, 6, 7, 8, 9, 10],
      timeDeltas: [500, 20, 30, 10, 20, 10, 5, 5, 400],
    },
    20,
  );
  expect(busy).toBeCloseTo(0.1);
  expect(functions[0]).toEqual({
    name: 'decide',
    place: 'server/dist/ledger/decide.js:12',
    share: 0.4,
  });
  expect(functions[1]).toEqual({ name: 'query', place: 'pg/lib/client.js:5', share: 0.3 });
  expect(functions.reduce((sum, each) => sum + each.share, 0)).toBeCloseTo(1);
  expect(modules.map((each) => each.name)).toEqual([
    'server/dist/ledger/decide.js',
    'pg',
    '(garbage collector)',
    'node',
    '(native code)',
    '@fastify/swagger',
  ]);
  expect(JSON.stringify({ functions, modules })).not.toContain('someone');
});

test('an empty profile has no functions', () => {
  expect(whereTimeWent({ nodes: [frame(1, '(root)')] }, 5)).toEqual({
    busy: 0,
    functions: [],
    modules: [],
  });
});
