import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const sdk = fileURLToPath(new URL('..', import.meta.url));

test('the types are those of the committed description', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hongmi-sdk-'));
  try {
    const made = join(folder, 'schema.ts');
    const command = join(sdk, 'node_modules', '.bin', 'openapi-typescript');
    execFileSync(
      command,
      ['../docs/openapi.json', '--default-non-nullable=false', '--output', made],
      {
        cwd: sdk,
        stdio: 'pipe',
      },
    );
    const committed = readFileSync(join(sdk, 'src', 'generated', 'schema.ts'), 'utf8');
    expect(committed, 'run `npm run generate`').toBe(readFileSync(made, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
