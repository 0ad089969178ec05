import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { expect, it } from 'vitest';
import { freePort, interrupt, makeScene, ROOT_KEY, startServer } from './running-server.ts';

const EXAMPLES_PER_OPERATION = 4;
/** The first whose options are these. */
const MAJOR_LEAST = 4;
const PATIENCE_MS = 15 * 60_000;

/** The major version of the schemathesis on the PATH; null when there is none. */
function versionOnPath(): number | null {
  const { status, stdout } = spawnSync('schemathesis', ['--version'], { encoding: 'utf8' });
  const major = /(\d+)\.\d+/.exec(stdout ?? '')?.[1];
  return status === 0 && major !== undefined ? Number(major) : null;
}

const version = versionOnPath();
const isMissing = version === null || version < MAJOR_LEAST;
if (isMissing)
  console.info(
    `skipped: schemathesis ${version === null ? 'is not on the PATH' : `${version} is too old`} ` +
      `(pip install 'schemathesis>=${MAJOR_LEAST}'); server/src/http/fuzz.pg.test.ts fuzzes the same operations`,
  );

it.skipIf(isMissing)(
  'stands up to schemathesis: every operation of the document, never a 500, nothing undocumented',
  async () => {
    const seed = testSeed('schemathesis');
    const scene = makeScene();
    const cwd = scene.dir('schemathesis');
    mkdirSync(cwd);
    const port = await freePort();
    const server = await startServer({
      ...{ dataDir: scene.dir('data'), port },
      // Without, asking for a code is a 503.
      env: { HONGMI_SMS: 'console' },
    });
    try {
      const run = spawn(
        'schemathesis',
        [
          'run',
          `http://127.0.0.1:${port}/openapi.json`,
          `--header=Authorization: Bearer ${ROOT_KEY}`,
          `--seed=${seed}`,
          `--max-examples=${EXAMPLES_PER_OPERATION}`,
          // What has the right form may still be refused for what it means: a key used before, an id of nothing.
          '--exclude-checks=positive_data_acceptance',
          '--suppress-health-check=all',
          '--continue-on-failure',
          '--warnings=off',
          '--no-shrink',
        ],
        { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let told = '';
      for (const stream of [run.stdout, run.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          told += text;
        });
      const [code] = await once(run, 'close');
      console.info(`schemathesis: seed ${seed}\n${told.split('\n').slice(-20).join('\n')}`);
      expect(code, told.slice(-20_000)).toBe(0);
    } finally {
      await interrupt(server);
      await scene.clear();
    }
  },
  PATIENCE_MS,
);
