import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll, statusOf } from './audit.ts';
import { auditShop } from './audit-shop.ts';
import { createDice, openBank } from './bank.ts';
import { createCaller } from './caller.ts';
import {
  freePort,
  interrupt,
  killServer,
  makeScene,
  type ServerProcess,
  spawnServer,
  startServer,
} from './running-server.ts';
import { askAgain, openShop, opensSoon, startShopping } from './shop.ts';
import { countAnswered, killPostgres, reachUnderLoad, startLoad } from './under-load.ts';

// The long form of kill.e2e.test.ts: `npm run chaos kills`, see scripts/chaos.mjs.
const KILLS = Number(process.env.HONGMI_CHAOS_KILLS ?? 210);
const SEED = Number(process.env.HONGMI_CHAOS_SEED || randomInt(2 ** 31));
/** A ledger of its own for so many kills, so that auditing all of it after each stays quick. */
const KILLS_PER_LEDGER = 30;
const CLIENTS = 8;
const SHOPPERS = 4;
/** So that something is left to be redeemed until the last of the kills. */
const SHOP_LASTS = 50;
/** A blow falls at a random moment of this long after everything was well again. */
const CALM_MS = 1_500;
/** A starting server is struck at a random moment of this long, which is longer than it takes. */
const START_MS = 2_500;

const VICTIMS = ['the server', 'PostgreSQL', 'both', 'the starting server'] as const;
const struck = new Map<string, number>();
const outages: number[] = [];
let commands = 0;
let redemptions = 0;
let repeats = 0;
let verified = 0;

it(`survives ${KILLS} kills`, async () => {
  const started = Date.now();
  process.stdout.write(`kills: seed ${SEED}\n`);
  const dice = createDice(SEED);
  for (let done = 0; done < KILLS; done += KILLS_PER_LEDGER) {
    await strikeOneLedger(Math.min(KILLS_PER_LEDGER, KILLS - done), dice);
    const minutes = ((Date.now() - started) / 60_000).toFixed(1);
    process.stdout.write(`${JSON.stringify({ minutes, ...figures() })}\n`);
  }
});

function figures(): object {
  const sorted = outages.toSorted((a, b) => a - b);
  return {
    kills: outages.length,
    ...Object.fromEntries(struck),
    commands,
    redemptions,
    repeats,
    verified,
    outageMsMedian: sorted[sorted.length >> 1],
    outageMsMax: sorted.at(-1),
  };
}

async function strikeOneLedger(kills: number, dice: (sides: number) => number): Promise<void> {
  const scene = makeScene();
  const dataDir = scene.dir('data');
  const port = await freePort();
  let server: ServerProcess = await startServer({ dataDir, port });
  try {
    const caller = createCaller(`http://127.0.0.1:${port}`);
    const bank = await openBank(caller, 8, 3);
    const shop = await openShop(caller, SHOP_LASTS);
    await opensSoon(caller, shop);
    const stopLoad = startLoad(caller, bank, { seed: dice(2 ** 31), clients: CLIENTS });
    const stopShopping = startShopping(caller, shop, { seed: dice(2 ** 31), clients: SHOPPERS });
    const restart = async (): Promise<void> => {
      await killServer(server);
      server = await startServer({ dataDir, port });
    };
    const strike = {
      'the server': restart,
      PostgreSQL: async () => {
        killPostgres(dataDir);
      },
      both: async () => {
        killPostgres(dataDir);
        await restart();
      },
      'the starting server': async () => {
        await killServer(server);
        server = spawnServer({ dataDir, port });
        await pause(dice(START_MS));
        if (dice(2) === 0) killPostgres(dataDir);
        await restart();
      },
    };
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(dice(CALM_MS));
      const victim = VICTIMS[dice(VICTIMS.length)] as (typeof VICTIMS)[number];
      const struckAt = Date.now();
      await strike[victim]();
      struck.set(victim, (struck.get(victim) ?? 0) + 1);
      const answered = countAnswered(bank);
      // More than were on their way when it was struck, so that these were written after it.
      await reachUnderLoad(() => countAnswered(bank) > answered + 2 * CLIENTS, server).catch(
        async (error: Error) => {
          const health = await caller.once('GET', '/health').then(({ text }) => text, String);
          throw new Error(`after a blow to ${victim}, health ${health}: ${error.message}`);
        },
      );
      outages.push(Date.now() - struckAt);
      verified += await auditDatabase(dataDir);
    }
    await Promise.all([stopLoad(), stopShopping()]);
    expect(caller.failures).toEqual([]);
    const strange = bank.slips.map(statusOf).filter((status) => status !== 201 && status !== 422);
    expect(strange).toEqual([]);
    await reconcile(caller, bank);
    await repeatAll(bank, ({ body, key }) => caller.until('POST', '/transactions', body, key));
    await reconcile(caller, bank);
    await askAgain(caller, shop);
    const redeemed = await auditShop(dataDir, shop);
    expect(await auditDatabase(dataDir)).toBe(bank.slips.length + redeemed);
    commands += bank.slips.length;
    redemptions += shop.wanted.length;
    repeats += caller.repeats;
    expect((await interrupt(server)).code).toBe(0);
  } finally {
    await scene.clear();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
