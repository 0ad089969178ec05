import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answered, createClient, once, ProblemError } from '@hongmi/sdk';
import { createHttpApi } from './import/http-api.ts';
import { importOrders } from './import/import-orders.ts';
import { readMapping } from './import/mapping.ts';
import { rejectsPlace } from './import/rejects.ts';

export interface DemoOptions {
  /** The server that just started. */
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  readonly say: (line: string) => void;
}

const SAMPLES = new URL('../../samples/', import.meta.url);
const PROGRAMME = { code: 'demo', name: '红米演示联盟', sandbox: true };

/**
 * Loads the demo once: a sandbox programme with one gift shop's real month, sent through the API by the
 * importer that merchants use. Interrupted, it goes on at the next start; every step is safe to repeat.
 */
export async function loadDemo({ url, key, dataDir, say }: DemoOptions): Promise<void> {
  const done = doneFile(dataDir);
  if (existsSync(done)) return;
  say('Loading the demo: one month of a gift shop ...');
  const hongmi = createClient({ url, key });
  await makeProgramme(hongmi);
  const path = fileURLToPath(new URL('online-retail-month.csv.gz', SAMPLES));
  const mapping = readMapping(await readFile(new URL('demo.mapping.json', SAMPLES), 'utf8'));
  const { report } = await importOrders({
    path,
    mapping,
    rejects: rejectsPlace(path, join(dataDir, 'demo.rejects.csv'), dataDir),
    connect: async () => createHttpApi(hongmi),
    onProgress: () => {},
    explain: (reason) => reason,
  });
  await writeFile(done, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
}

/** Makes the next start load no demo: nothing is to be added to a ledger that was restored. */
export async function declineDemo(dataDir: string): Promise<void> {
  await writeFile(doneFile(dataDir), '{}\n', { mode: 0o600 });
}

function doneFile(dataDir: string): string {
  return join(dataDir, 'demo.json');
}

async function makeProgramme(hongmi: ReturnType<typeof createClient>): Promise<void> {
  try {
    const params = { header: once('demo-programme') };
    await answered(hongmi.POST('/v1/programmes', { params, body: PROGRAMME }));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'programme_exists') return;
    throw error;
  }
}
