import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { expect, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll, statusOf } from './audit.ts';
import { auditShop } from './audit-shop.ts';
import { openBank } from './bank.ts';
import { createCaller } from './caller.ts';
import { openServer } from './own-server.ts';
import { askAgain, openShop, opensSoon, startShopping } from './shop.ts';
import { countAnswered, killPostgres, reachUnderLoad, startLoad } from './under-load.ts';

const CLIENTS = 16;
const SHOPPERS = 6;
const KILLS = 3;
/** Acknowledgements between two blows: enough that each falls into full traffic. */
const VISITS_BETWEEN = 150;
const REDEMPTIONS_BETWEEN = 15;

const own = openServer('each');

/** Strikes, and brings back what nothing else would bring back. */
const BLOWS: Readonly<Record<string, () => Promise<void>>> = {
  'the server': async () => {
    await own.kill();
    await own.start();
  },
  PostgreSQL: async () => {
    expect(killPostgres(own.dataDir)).toBe(true);
  },
  both: async () => {
    expect(killPostgres(own.dataDir)).toBe(true);
    await own.kill();
    await own.start();
  },
};

for (const [victim, strike] of Object.entries(BLOWS)) {
  it(`keeps every acknowledged command and redemption exactly once when ${victim} is killed under load`, async () => {
    const seed = testSeed('kill');
    const caller = createCaller(own.url);
    const bank = await openBank(caller, 6, 2);
    const shop = await openShop(caller);
    await opensSoon(caller, shop);
    const stopLoad = startLoad(caller, bank, { seed, clients: CLIENTS });
    const stopShopping = startShopping(caller, shop, { seed, clients: SHOPPERS });
    const underWay = (): Promise<void> => {
      const [answered, redeemed] = [countAnswered(bank), shop.wanted.length];
      const isReached = (): boolean =>
        countAnswered(bank) >= answered + VISITS_BETWEEN &&
        shop.wanted.length >= redeemed + REDEMPTIONS_BETWEEN;
      return reachUnderLoad(isReached, own.process);
    };
    for (let blow = 0; blow < KILLS; blow += 1) {
      await underWay();
      await strike();
    }
    await underWay();
    await Promise.all([stopLoad(), stopShopping()]);

    expect(caller.failures).toEqual([]);
    // A blow that nobody noticed proves nothing.
    expect(caller.repeats).toBeGreaterThan(0);
    expect(bank.slips.map(statusOf).filter((status) => status !== 201 && status !== 422)).toEqual(
      [],
    );
    await reconcile(caller, bank);
    await repeatAll(bank, ({ body, key }) => caller.until('POST', '/transactions', body, key));
    await reconcile(caller, bank);
    await askAgain(caller, shop);
    const redeemed = await auditShop(own.dataDir, shop);
    expect(await auditDatabase(own.dataDir)).toBe(bank.slips.length + redeemed);
  });
}
