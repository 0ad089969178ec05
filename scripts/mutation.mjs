// Mutation testing of the code that decides and of what verifies it; docs/reliability.md has the figures
// and what survived.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

const ledger = join('server', 'src', 'ledger');
const kinds = readdirSync(join(root, ledger, 'kinds')).filter((name) => !name.endsWith('.test.ts'));
const FILES = [
  ...kinds.map((name) => join(ledger, 'kinds', name)),
  ...['book', 'claim', 'decide', 'encode', 'fingerprint', 'limits', 'lots', 'transaction'].map(
    (name) => join(ledger, `${name}.ts`),
  ),
  join(ledger, 'seals', 'merkle-path.ts'),
  ...['replay', 'leaf', 'leaf-json', 'leaf-writer'].map((name) =>
    join(ledger, 'verify', `${name}.ts`),
  ),
];

const wanted = process.argv.slice(2);
const files = FILES.filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
if (files.length === 0) {
  process.stderr.write(`usage: npm run mutation [PART OF A PATH]...\n${FILES.join('\n')}\n`);
  process.exit(2);
}
await ensure({ build: false });
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config=scripts/mutation/vitest.config.mjs',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, HONGMI_MUTATE: files.map((file) => join(root, file)).join('\n') },
  },
);
process.exitCode = status ?? 1;
