import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from './year/plan.ts';

/** What was loaded, and how far: kept beside the database, so that an interrupted load goes on. */
export interface DemoState {
  readonly plan: Plan;
  /** Days that were sent. */
  readonly sent: number;
  readonly isLoaded: boolean;
}

const FILE = 'demo.json';

/** Absent: there was no demo yet. Without a plan: there is to be none, or an earlier version loaded another one. */
export async function readState(dataDir: string): Promise<DemoState | Partial<DemoState> | null> {
  try {
    return JSON.parse(await readFile(join(dataDir, FILE), 'utf8')) as Partial<DemoState>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, whenever the process ends. */
export async function writeState(dataDir: string, state: DemoState | object): Promise<void> {
  const path = join(dataDir, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
