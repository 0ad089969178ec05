import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import {
  freePort,
  interrupt,
  killServer,
  makeScene,
  type ServerProcess,
  startServer,
} from './running-server.ts';

type Env = Readonly<Record<string, string>>;

/** A server of a test file's own, on data of its own; tests may kill it and start it again. */
export interface OwnServer {
  readonly port: number;
  readonly url: string;
  readonly dataDir: string;
  /** As it runs now, or ended. */
  readonly process: ServerProcess;
  /** A place for something else, which goes away with the data. */
  dir(name: string): string;
  /** kill -9 of the server alone; its PostgreSQL lives on. */
  kill(): Promise<void>;
  /** Starts it where it was, on what is left. */
  start(more?: Env): Promise<void>;
}

/**
 * Starts a server before all tests of the file that calls it, or before `each` of them, and removes it and its data afterwards. `env` is
 * asked each time it starts: what a `beforeAll` before this one has made can stand in it.
 */
export function openServer(lasts: 'all' | 'each', env: () => Env = () => ({})): OwnServer {
  let scene: ReturnType<typeof makeScene>;
  let dataDir: string;
  let port: number;
  let process: ServerProcess | undefined;
  const own: OwnServer = {
    get port() {
      return port;
    },
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get dataDir() {
      return dataDir;
    },
    get process() {
      if (process === undefined)
        throw new Error('the server starts when the tests run, not before');
      return process;
    },
    dir: (name) => scene.dir(name),
    kill: () => killServer(own.process),
    async start(more = {}) {
      process = await startServer({ dataDir, port, env: { ...env(), ...more } });
    },
  };
  const [before, after] = lasts === 'all' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    scene = makeScene();
    dataDir = scene.dir('data');
    port = await freePort();
    process = undefined;
    await own.start();
  });
  after(async () => {
    try {
      // One that a test has ended cannot be interrupted any more.
      if (process?.child.exitCode === null && process.child.signalCode === null)
        await interrupt(process);
    } finally {
      await scene?.clear();
    }
  });
  return own;
}
