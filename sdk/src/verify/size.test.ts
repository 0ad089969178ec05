import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./index.ts', import.meta.url));
/** Fetched by who verifies only. */
const GZIPPED_MAX = 25 * 1024;

test('in a browser it needs nothing of Node, and no more than 25 kB with the cryptography', async () => {
  const made = (await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['source'] },
    build: { write: false, minify: true, lib: { entry, formats: ['es'] } },
  })) as Rollup.RollupOutput[];
  const chunks = made.flatMap(({ output }) => output).filter((each) => each.type === 'chunk');
  expect(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])).toEqual(
    [],
  );
  const code = chunks.map((each) => each.code).join('');
  expect(code).not.toMatch(/\bnode:|\bprocess\.|\bBuffer\b|__vite-browser-external/);
  const size = gzipSync(code).length;
  process.stdout.write(`the verifier is ${size} B gzipped\n`);
  expect(size).toBeLessThanOrEqual(GZIPPED_MAX);
});
