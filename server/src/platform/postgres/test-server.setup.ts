import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../migrate.ts';
import { identifyProcess } from '../process-identity.ts';
import { startEmbedded } from './embedded.ts';
import { administer, withDatabase } from './test-database.ts';

const PREFIX = 'hongmi-test-';

/**
 * vitest's globalSetup: one durable PostgreSQL for the run, with the migrated template that test
 * files clone.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = project.config.provide.externalDatabaseUrl ?? '';
  return external === '' ? await onEmbedded(project) : await onExternal(project, external);
}

async function onEmbedded(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Test files run side by side, each with a pool or two.
  const settings = { max_connections: '300', shared_buffers: '256MB' };
  const database = await startEmbedded({ dataDir, log: () => undefined, settings });
  const teardown = async () => {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await prepare(project, database.url, 'hongmi_template');
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

async function onExternal(project: TestProject, url: string): Promise<() => Promise<void>> {
  const template = `hongmi_template_${randomBytes(6).toString('hex')}`;
  const drop = () => administer(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  try {
    await prepare(project, url, template);
  } catch (error) {
    await drop();
    throw error;
  }
  return drop;
}

async function prepare(project: TestProject, adminUrl: string, template: string): Promise<void> {
  await administer(adminUrl, `CREATE DATABASE ${template}`);
  // A migration that fails must fail the tests that need the schema, not keep the pure ones from
  // running.
  const problem = await migrate(withDatabase(adminUrl, template)).then(
    () => '',
    (error: Error) => error.message,
  );
  if (problem !== '') project.vitest.logger.error(problem);
  project.provide('adminDatabaseUrl', adminUrl);
  project.provide('templateDatabase', template);
  project.provide('templateProblem', problem);
}

/** Runs that were killed leave their server running: stop it and delete its directory. */
async function removeLeftovers(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(entry)?.[1]);
    if (!Number.isInteger(pid) || identifyProcess(pid) !== undefined) continue;
    const dataDir = join(tmpdir(), entry);
    // Anyone may put folders into /tmp; only our own are opened. Another run may be removing it as well.
    if (lstatSync(dataDir, { throwIfNoEntry: false })?.uid !== process.geteuid?.()) continue;
    const database = await startEmbedded({ dataDir, log: () => undefined }).catch(() => undefined);
    await database?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
