import { reach } from '@hongmi/server/kernel/testing/patience';
import { testSeed } from '@hongmi/server/kernel/testing/seed';
import {
  createTestDatabase,
  type TestDatabase,
} from '@hongmi/server/platform/postgres/test-database';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll } from './audit.ts';
import { type Bank, createDice, openBank } from './bank.ts';
import { type Answered, type Caller, createCaller } from './caller.ts';
import { dayOf } from './day.ts';
import {
  freePort,
  killServer,
  makeScene,
  type ServerProcess,
  startServer,
} from './running-server.ts';

// Three processes on one database: two issue what one merchant paid for in advance, the third closes periods meanwhile. In each
// round one of them is killed in the middle; whoever had asked it asks another, or waits until it is back.

const CLIENTS = 10;
/** A point costs its issuer 10 fen. */
const FEN_PER_POINT = 10;
const MICRO_PER_FEN = 1_000_000;
const MILLI_PER_FEN = 1_000;
/** Of one round: some hundreds of earns, so that the blow falls into full traffic. */
const PAID_POINTS = 6_000;
const POINTS_MAX = 20;
/** Answers between two closes. */
const BETWEEN_CLOSES = 60;

const scene = makeScene();
let database: TestDatabase;
let pool: Pool;
interface Place {
  readonly role: 'api' | 'all';
  readonly port: number;
  process: ServerProcess;
}
const places: Place[] = [];
const startAt = (role: Place['role'], port: number): Promise<ServerProcess> =>
  startServer({
    ...{ dataDir: scene.dir(`${role} ${port}`), port },
    env: {
      HONGMI_ROLE: role,
      DATABASE_URL: database.url,
      HONGMI_MASTER_KEY: '22'.repeat(32),
      HONGMI_SEAL_KEY: '33'.repeat(32),
    },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  for (const role of ['api', 'api', 'all'] as const) {
    const port = await freePort();
    places.push({ role, port, process: await startAt(role, port) });
  }
});
afterAll(async () => {
  for (const { process } of places) await killServer(process);
  await pool.end();
  await scene.clear();
  await database.drop();
});

const callerOf = ({ port }: Place): Caller => createCaller(`http://127.0.0.1:${port}`);

/** A merchant that has to pay for its points in advance, and one that takes them, in the default programme. */
async function settle(caller: Caller, [issuer]: readonly string[]): Promise<string> {
  const make = async (path: string, body: object): Promise<string> => {
    const { status, text, body: told } = await caller.until('POST', path, body);
    expect(status, text).toBe(201);
    return told.id;
  };
  const actor = 'Li Lei';
  const price = { pointType: 'points', feeBasisPoints: 150 };
  const points = [
    {
      ...price,
      issuePriceMicroFen: FEN_PER_POINT * MICRO_PER_FEN,
      reimbursementMicroFen: 9_333_333,
    },
  ];
  const terms = { points, settlement: 'postpaid', cycle: 'quarter', paymentTermDays: 10, actor };
  await make('/clearing/terms', terms);
  const account = await make('/clearing/funding/accounts', {
    merchantId: issuer,
    alertFen: 0,
    actor,
  });
  await make('/clearing/terms', { ...terms, merchantId: issuer, settlement: 'prefund' });
  return account;
}

/** What was drawn of the only account, of how much, in points; what clearing made of all that was used. */
async function readFigures(): Promise<Record<string, string>> {
  const { rows } = await pool.query<Record<string, string>>(
    `select
      ((select sum(spent) from ledger.allotment l where l.budget = b.id) / $1)::int8 as drawn, (b.total / $1)::int8 as paid,
      (select sum(issued) from ledger.lot) as issued,
      (select sum(owed) + sum(due) + sum(fee) from ledger.accrual) as accrued,
      (select sum(owed) + sum(due) + sum(fee) from clearing_pair) as paired,
      (select sum(net_fen) from clearing_position) as net,
      (select count(*) from clearing_period where state <> 'closed') as left,
      (select count(*) from clearing_period) as periods
     from funding_account a join ledger.budget b on b.id = a.budget`,
    [FEN_PER_POINT * MILLI_PER_FEN],
  );
  expect(rows).toHaveLength(1);
  return rows[0] as Record<string, string>;
}

it('issues what is paid for and nothing more, and clears all of it once, whichever process is killed', async () => {
  const seed = testSeed('prefund-kill');
  const [one, two, closer] = places as [Place, Place, Place];
  const callers = [callerOf(one), callerOf(two)] as const;
  const [caller] = callers;
  const third = callerOf(closer);
  const bank: Bank = await openBank(caller, 8, 2);
  const [issuer, taker] = bank.merchants as [string, string];
  const account = await settle(caller, bank.merchants);
  let acknowledged = 0;
  let answered = 0;
  let turn = 0;

  /** To each of the two in turn, until one of them answers. */
  async function ask(body: object, key: string): Promise<Answered> {
    let answer: Answered | undefined;
    await reach(
      async () => {
        turn += 1;
        const to = callers[turn % 2] as Caller;
        answer = await to.once('POST', '/transactions', body, key).catch(() => undefined);
        return answer !== undefined && answer.status < 500;
      },
      () => `${key} was never answered; last: ${answer?.text}`,
    );
    return answer as Answered;
  }

  /** Issues and uses points until not even one is paid for. */
  async function client(dice: (sides: number) => number, name: string): Promise<void> {
    let most = POINTS_MAX;
    for (let number = 0; most > 0; number += 1) {
      const memberId = bank.members[dice(bank.members.length)] as string;
      const isUse = dice(3) === 0;
      const points = 1 + dice(most);
      const who = { memberId, merchantId: isUse ? taker : issuer };
      const body = { ...who, kind: isUse ? 'burn' : 'issue', points };
      const slip = { key: `${name}-${number}`, member: memberId, body, answers: [] as Answered[] };
      bank.slips.push(slip);
      const answer = await ask(body, slip.key);
      slip.answers.push(answer);
      answered += 1;
      const { status, body: told } = answer;
      if (status === 201) acknowledged += isUse ? 0 : points;
      else {
        expect([status, told.code]).toEqual([
          422,
          isUse ? 'insufficient_points' : 'funding_exhausted',
        ]);
        if (!isUse) most = points - 1;
      }
    }
  }

  let closes = 0;
  let isClosing = false;
  async function close(): Promise<void> {
    closes += 1;
    isClosing = true;
    const until = new Date().toISOString();
    const { status, text } = await third.until(
      ...(['POST', '/clearing/periods', { until }, `close-${closes}`] as const),
    );
    isClosing = false;
    expect(status, text).toBe(201);
  }

  for (const [round, victim] of [two, closer].entries()) {
    const paid = (round + 1) * PAID_POINTS;
    const deposit = {
      ...{ kind: 'deposit', fen: PAID_POINTS * FEN_PER_POINT, reference: `T-${round}` },
      ...{ paidOn: dayOf(), actor: 'Li Lei' },
    };
    const path = `/clearing/funding/accounts/${account}/entries`;
    expect((await caller.until('POST', path, deposit)).status).toBe(201);
    let isOver = false;
    const clients = Promise.all(
      Array.from({ length: CLIENTS }, (_, place) =>
        client(createDice(seed + round * CLIENTS + place), `r${round}-${place}`),
      ),
    ).finally(() => {
      isOver = true;
    });
    const closing = (async () => {
      while (!isOver) {
        await close();
        const next = answered + BETWEEN_CLOSES;
        await reach(
          () => isOver || answered >= next,
          () => 'the load stands still',
          clients,
        );
      }
    })();
    // Whichever of them fails is waited for below, and not before what it is waited for with has come to its end.
    for (const each of [clients, closing]) each.catch(() => undefined);
    await reach(
      // Who closes is killed while it does.
      () => acknowledged > paid - PAID_POINTS / 2 && (victim !== closer || isClosing),
      () => `the load stands still:\n${one.process.lastWords()}`,
      Promise.race([clients, closing]),
    );
    await killServer(victim.process);
    // Nothing was left of the load that the blow could have fallen into, had it come too late.
    expect(isOver).toBe(false);
    victim.process = await startAt(victim.role, victim.port);
    await clients;
    await closing;
    expect(acknowledged).toBe(paid);
    const figures = await readFigures();
    expect(figures).toMatchObject({ drawn: `${paid}`, paid: `${paid}`, issued: `${paid}` });
  }

  await close();
  const { accrued, ...figures } = await readFigures();
  expect(Number(accrued)).toBeGreaterThan(0);
  expect(figures).toMatchObject({ paired: accrued, net: '0', left: '0', periods: `${closes}` });
  const reconciled = await third.until('POST', '/clearing/reconciliation', {}, 'reconcile');
  expect(JSON.parse(reconciled.text)).toMatchObject({ ok: true, findings: [], differences: 0 });
  await reconcile(caller, bank);
  await repeatAll(bank, ({ body, key }) => ask(body, key));
  expect(await auditDatabase(scene.dir('none'), database.url)).toBeGreaterThan(bank.slips.length);
  expect([...callers, third].flatMap(({ failures }) => failures)).toEqual([]);
});
