import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { readOperations } from './operation.ts';

const sdk = fileURLToPath(new URL('..', import.meta.url));

describe('what is generated is that of the committed description', () => {
  test('its types', () =>
    expectCurrent('schema.ts', (made) =>
      execFileSync(
        join(sdk, 'node_modules', '.bin', 'openapi-typescript'),
        ['../docs/openapi.json', '--default-non-nullable=false', '--output', made],
        { cwd: sdk, stdio: 'pipe' },
      ),
    ));

  test('its operations', () =>
    expectCurrent('operations.ts', (made) =>
      execFileSync(process.execPath, [join(sdk, 'scripts', 'generate-operations.mjs'), made]),
    ));
});

test('every operation is a method, and none hides what the client has of its own', () => {
  const client = createClient({ url: 'http://localhost', key: 'hm_test' });
  const own = ['pages', 'download', 'stream'];
  const operations = [...readOperations().keys()];
  expect(Object.keys(client).sort()).toEqual([...own, ...operations].sort());
  // A promise of a client must not take it for another promise.
  expect(operations).not.toContain('then');
});

function expectCurrent(name: string, make: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-sdk-'));
  try {
    const made = join(folder, name);
    make(made);
    const committed = readFileSync(join(sdk, 'src', 'generated', name), 'utf8');
    expect(committed, 'run `npm run generate`').toBe(readFileSync(made, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
