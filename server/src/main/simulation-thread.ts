import { workerData } from 'node:worker_threads';
import { createSimulationWork } from '../http/simulation-work.ts';
import { systemClock } from '../kernel/clock.ts';
import { createPool } from '../platform/database.ts';
import { createSealer } from '../platform/seal.ts';
import { openProgrammeRegistry } from '../programs/registry.ts';
import { workOff } from '../rules/simulation/work-off.ts';

/** What the composition root tells the thread; it ends when no simulation is left. */
export interface SimulationThreadData {
  readonly url: string;
  readonly masterKey: Uint8Array;
}

/** For the lock, a page ahead, progress, and the facts of members, from three who know. */
const CONNECTIONS = 6;

const { url, masterKey } = workerData as SimulationThreadData;
const pool = createPool({ url, name: 'hongmi-simulation', connectionsMax: CONNECTIONS });
const clock = systemClock;
// Programmes change while simulations run; what a run goes by is read when it begins.
const programmes = await openProgrammeRegistry(pool, clock, () => {});
try {
  const sealer = createSealer(Buffer.from(masterKey));
  await workOff(createSimulationWork({ pool, clock, sealer, programmes }));
} finally {
  programmes.close();
  await pool.end();
}
