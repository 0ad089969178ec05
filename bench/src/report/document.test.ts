import { expect, test } from 'vitest';
import { type SavedResult, writeDocument } from './document.ts';

const saved: SavedResult = {
  benchmark: 'interactive',
  ranOn: '2026-11-22',
  commit: '0123456789',
  machine: {
    processor: 'Some CPU',
    cores: 4,
    memoryGigabytes: 25,
    system: 'Linux 6.1',
    node: '20.20.2',
    postgres: '18.4',
    syncMs: 0.5,
  },
  settings: { seconds: 10, members: 100_000, seed: 1 },
  checks: [
    { what: 'ledger / echo route', measured: 0.57, unit: 'share', atLeast: 0.45, aim: 0.6 },
    { what: 'p99', measured: 71.2, unit: 'ms', atMost: 60 },
    { what: 'commands', measured: 11_400.4, unit: 'per second' },
  ],
  columns: ['echo /s', 'ledger p50 ms', 'TPC-B /s'],
  rounds: [{ 'echo /s': 20_000.4, 'ledger p50 ms': 12.345, 'not shown': 1 }],
  profile: [
    {
      thread: 'main thread',
      busy: 0.5,
      modules: [{ name: 'pg', place: '', share: 0.25 }],
      functions: [{ name: 'decide', place: 'server/dist/ledger/decide.js:1', share: 0.125 }],
    },
  ],
  notes: ['How it was done.'],
};

test('the document says what was measured, what was promised and whether it was kept', () => {
  const text = writeDocument([saved]);
  expect(text).toContain(
    '| One command per request | ledger / echo route | 57 % | ≥ 45 % (aim 60 %) | met |',
  );
  expect(text).toContain('| One command per request | p99 | 71.2 ms | ≤ 60.0 ms | missed |');
  expect(text).toContain('| One command per request | commands | 11,400 /s |  |  |');
  expect(text).toContain('| Round | echo /s | ledger p50 ms |');
  expect(text).toContain('| 1 | 20,000 | 12.35 |');
  expect(text).toContain(
    '| `pg` | 25.0 % | `decide` in `server/dist/ledger/decide.js:1` | 12.5 % |',
  );
  expect(text).toContain('Some CPU, 4 cores, 25 GB, Linux 6.1, Node 20.20.2, PostgreSQL 18.4');
});

test('results stand in one order whatever order their files are read in', () => {
  const bulk: SavedResult = { ...saved, benchmark: 'bulk' };
  expect(writeDocument([bulk, saved])).toBe(writeDocument([saved, bulk]));
});
