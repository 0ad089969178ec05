import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  freePort,
  interrupt,
  makeScene,
  ROOT_KEY,
  type ServerProcess,
  startServer,
} from './running-server.ts';

const SDK = fileURLToPath(new URL('../sdk', import.meta.url));
const EXAMPLES = join(SDK, 'examples');
/** What each of them prints. The guides say so too. */
const PRINTED: Record<string, readonly string[]> = {
  'earn-at-a-till': ['would earn 41', 'earned 41; sent twice, it is one order', 'has 41'],
  redeem: ['only 40 points yet', 'fulfilled: 1 voucher', '/body/name/zh: typed_claim'],
  'read-pages': [
    'registered 5',
    '150 points in all',
    '5 lots',
    '3 on the first page, 2 on the second',
  ],
  'verify-a-receipt': ['the receipt stands in the chain', 'another one: receipt_otherwise'],
  'follow-long-work': ['20 orders: 400 points before, 800 after'],
};

let scene: ReturnType<typeof makeScene>;
let server: ServerProcess;
beforeAll(async () => {
  scene = makeScene();
  const port = await freePort();
  vi.stubEnv('HONGMI_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('HONGMI_KEY', ROOT_KEY);
  server = await startServer({ dataDir: scene.dir('data'), port });
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await interrupt(server);
  await scene.clear();
});

test('every example is here', () => {
  const names = readdirSync(EXAMPLES).map((file) => file.replace('.ts', ''));
  expect(names.filter((name) => name !== 'shop').sort()).toEqual(Object.keys(PRINTED).sort());
});

describe.each(Object.entries(PRINTED))('%s', (name, printed) => {
  test('prints what it says', async () => {
    const said: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
    await import(join(EXAMPLES, `${name}.ts`));
    expect(said).toEqual(printed);
  });

  test.each(['README.md', 'README.zh-CN.md'])(
    'stands in %s as it is, with what it prints',
    (guide) => {
      const text = readFileSync(join(SDK, guide), 'utf8');
      // Without the comment at its head, which the guide says in its own words.
      const code = readFileSync(join(EXAMPLES, `${name}.ts`), 'utf8').replace(/^\/\/.*\n/, '');
      expect(text).toContain(`\`\`\`ts\n${code}\`\`\``);
      expect(text).toContain(`\`\`\`console\n${printed.join('\n')}\n\`\`\``);
    },
  );
});
