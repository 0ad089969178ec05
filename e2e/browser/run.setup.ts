import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that lives as long as the run: what its browser tests share. */
    readonly browserRun: string;
  }
}

/** vitest's globalSetup: a place for the demo, which the first file that needs it loads (demo.ts). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hongmi-browser-'));
  project.provide('browserRun', folder);
  return () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
