import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { createSimulationWork } from '@hongmi/server/http/simulation-work';
import { systemClock } from '@hongmi/server/kernel/clock';
import { newId, readId, type Uuid } from '@hongmi/server/kernel/id';
import { insertOrders } from '@hongmi/server/orders/insert-store';
import { createPool, type Pool, withTransaction } from '@hongmi/server/platform/database';
import { createSealer, type Sealer } from '@hongmi/server/platform/seal';
import { openProgrammeRegistry } from '@hongmi/server/programs/registry';
import type { Occasion } from '@hongmi/server/rules/rating';
import type { RuleVersion } from '@hongmi/server/rules/rule';
import { sealFacts } from '@hongmi/server/rules/sealed-facts';
import { findSimulation, insertSimulation } from '@hongmi/server/rules/simulation/store';
import { workOff } from '@hongmi/server/rules/simulation/work-off';
import { seededRandom } from '../load/random.ts';
import { makeOrder, makeRule, START } from '../load/rules.ts';
import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { show } from './run.ts';

const ROUNDS = 3;
const ORDERS = 100_000;
const BATCH = 1_000;
const RULES = 200;
const SHOPS = 40;
const MEMBERS = 5_000;
const CONNECTIONS = 6;
const YEAR_MS = 365 * 86_400_000;
const COLUMNS = ['orders per core second', 'orders/s', 'µs per order', 'orders'];

/** A year of a mall's orders, rated by the two hundred rules there were and by the same with a draft among them. */
export function simulator(settings: Settings): Promise<Outcome> {
  const stage = { ...settings, members: 1, merchants: SHOPS, without: ['jobs'] as const };
  return withStage(stage, async ({ ledger, merchants }) => {
    const pool = createPool({
      url: ledger.databaseUrl,
      name: 'bench-simulator',
      connectionsMax: CONNECTIONS,
    });
    try {
      const shops = merchants.map((shown) => readId('merchant', shown) as Uuid);
      const random = seededRandom(settings.seed);
      const rules = Array.from({ length: RULES }, (_, number) => makeRule(number, shops, random));
      const sealer = createSealer(randomBytes(32));
      await publishAll(pool, rules);
      settings.say(`recording ${ORDERS.toLocaleString('en')} orders`);
      await recordOrders(pool, sealer, () => makeOrder(shops, random), random);
      await pool.query('vacuum analyze orders, order_line');
      const rounds: Record<string, number>[] = [];
      // The first one warms up.
      for (let round = 0; round <= (settings.rounds ?? ROUNDS); round += 1) {
        const figures = await simulate(pool, sealer, rules[0] as RuleVersion);
        if (round === 0) continue;
        rounds.push(figures);
        settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
      }
      return {
        benchmark: 'simulator',
        checks: [
          {
            what: 'orders simulated per second of one core',
            measured: medianOf(rounds, 'orders per core second'),
            unit: 'per second',
            atLeast: 15_000,
          },
        ],
        columns: COLUMNS,
        rounds,
        notes: [
          `${ORDERS.toLocaleString('en')} orders of one to eight lines in ${SHOPS} shops and of ${MEMBERS.toLocaleString('en')} members, with sealed facts, in the database; ` +
            `${RULES} rules with a cap of the month each, before, and with a draft in the place of one, after: an order is rated twice where the draft or what it replaces could fire. The processor time is all of the ` +
            'process that simulates, from the first page to the result, with the young generation that the thread of simulations has; the database has its own.',
        ],
      };
    } finally {
      await pool.end();
    }
  });
}

async function publishAll(pool: Pool, rules: readonly RuleVersion[]): Promise<void> {
  for (const { id, rule, code, number, merchant, body, from } of rules) {
    await pool.query(
      `insert into rule (id, programme, merchant, code, made_at_ms, made_by)
        select $1, p.id, $2, $3, 1, $1 from programme p where p.code = 'default'`,
      [rule, merchant, code],
    );
    await pool.query(
      `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
         notice_days, from_ms) values ($1, $2, $3, $4, 1, $1, 1, $1, '{}', 0, $5)`,
      [id, rule, number, JSON.stringify(body), from],
    );
  }
}

async function recordOrders(
  pool: Pool,
  sealer: Sealer,
  next: () => Occasion,
  random: () => number,
): Promise<void> {
  const { rows } = await pool.query<{ programme: number; pointType: number }>(
    `select p.id as programme, t.id as "pointType" from programme p join point_type t on t.programme = p.id
      where p.code = 'default' and t.code = 'points'`,
  );
  const found = rows[0];
  if (found === undefined) throw new Error('there is no programme');
  const members = Array.from({ length: MEMBERS }, () => newId(START));
  for (let done = 0; done < ORDERS; done += BATCH) {
    const orders = Array.from({ length: BATCH }, (_, place) => {
      const { at, merchant, merchantCategory, ratio, store, channel, tenders, lines, member } =
        next();
      const id = newId(at);
      const netFen = lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
      const number = `${done + place}`;
      const sealed = sealFacts(sealer, { kind: 'order', id }, member);
      return {
        ...found,
        id,
        arrival: done + place,
        merchant,
        member: members[Math.floor(random() * MEMBERS)] as Uuid,
        orderNo: number,
        paidAt: at,
        effectiveAt: null,
        source: null,
        store,
        channel,
        tenders,
        lines: lines.map((line) => ({ ...line, name: null, certificate: null })),
        ratio,
        netFen,
        // What was given does not matter: it is rated again.
        pointsEarned: 0,
        expiresAt: null,
        slideMonths: null,
        awards: [],
        noPointsReason: null,
        dueFen: netFen,
        pointsDue: 0,
        occasion: { at, merchantCategory, facts: sealed.toString('base64') },
        requestKey: number,
        fingerprint: Buffer.alloc(32),
      };
    });
    await insertOrders(pool, orders, systemClock.now());
  }
}

async function simulate(
  pool: Pool,
  sealer: Sealer,
  { from: _, until: __, ...tried }: RuleVersion,
): Promise<Record<string, number>> {
  const clock = systemClock;
  const programmes = await openProgrammeRegistry(pool, clock, () => {});
  try {
    const programme = (await programmes.find('default'))?.id;
    if (programme === undefined) throw new Error('there is no programme');
    const id = newId(clock.now());
    const draft = { ...tried, id: newId(clock.now()), number: 2 };
    await withTransaction(pool, (tx) =>
      insertSimulation(tx, {
        id,
        programme,
        merchant: null,
        owner: null,
        from: START,
        until: START + YEAR_MS,
        rules: 'then',
        asOf: START,
        drafts: [{ ...draft, body: { ...draft.body, earn: { kind: 'times', num: 3, den: 1 } } }],
        without: [],
        madeAt: clock.now(),
        madeBy: id,
      }),
    );
    const started = performance.now();
    const before = process.cpuUsage();
    await workOff(createSimulationWork({ pool, clock, sealer, programmes }));
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - started) / 1000;
    const ended = await findSimulation(pool, id, { programme: null, merchant: null });
    if (ended?.result?.orders !== ORDERS) throw new Error(`the simulation is ${ended?.state}`);
    return {
      'orders per core second': (ORDERS * 1e6) / (user + system),
      'orders/s': ORDERS / seconds,
      'µs per order': (user + system) / ORDERS,
      orders: ORDERS,
    };
  } finally {
    programmes.close();
  }
}
