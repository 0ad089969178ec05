import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import {
  type Accruing,
  type AccruingProgramme,
  createAccruing,
} from '../../http/testing/accruing.ts';
import { showId } from '../../kernel/id.ts';
import { withTransaction } from '../../platform/database.ts';
import { type CloseStep, closePeriod } from '../periods/close-period.ts';
import { verifyFigures } from '../periods/figures.ts';
import type { Period } from '../periods/period.ts';
import { findPeriod, listPeriods } from '../periods/read.ts';
import { adjust } from './adjust.ts';
import { ALONE_FEN_MAX } from './adjustment.ts';
import { EVIDENCE_MAX } from './dispute.ts';
import { escalateDisputes } from './escalate.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let a: Accruing;
let programme: AccruingProgramme;
/** The merchants' ids as they are shown, and a key of each. */
let shown: string[];
let keys: string[];
beforeAll(async () => {
  a = await createAccruing();
});
afterAll(() => a.t.close());
beforeEach(async () => {
  programme = await a.programme();
  shown = programme.merchants.map((id) => showId('merchant', id));
  keys = [];
  for (const id of shown) keys.push(await a.t.apiKey(['clearing:read', 'disputes:write'], id));
});

const iso = (ms: number): string => new Date(ms).toISOString();
async function close(): Promise<Answered['body']> {
  a.t.clock.advance(HOUR);
  const body = { programme: programme.code, until: iso(a.t.clock.now()) };
  return a.t.ok('POST', '/clearing/periods', body);
}
/** A closed period in which somebody owes somebody else, and the largest such pair. */
async function closed(): Promise<{ period: Answered['body']; pair: Answered['body'] }> {
  for (let points = 1; points <= 12; points += 1)
    await a.accrue(programme, points % 3, 10 * points);
  const period = await close();
  const { items } = await a.t.ok('GET', `/clearing/periods/${period.id}/pairs`);
  const [pair] = items
    .filter(({ payer, taker }: { payer: string; taker: string }) => payer !== taker)
    .sort((x: Answered['body'], y: Answered['body']) => y.fen.due - x.fen.due);
  return { period, pair };
}
const adjustment = (more: object = {}) => ({
  ...{ programme: programme.code, payer: shown[0], payee: shown[1], fen: 500 },
  ...{ reason: 'Counted twice', actor: 'Li Lei', ...more },
});
const netOf = async (period: { id: string }, merchant: string | undefined): Promise<number> => {
  const { items } = await a.t.ok('GET', `/clearing/periods/${period.id}/positions`);
  const found = items.find((each: { merchant: string }) => each.merchant === merchant);
  return found?.netFen ?? 0;
};
const operator = () => a.t.apiKey(['clearing:read', 'clearing:write', 'disputes:write']);

it('adjusts in the next period, once, and for ever', async () => {
  const made = await a.t.ok('POST', '/clearing/adjustments', adjustment());
  expect(made).toMatchObject({ state: 'agreed', periodId: null });
  await a.t.ok('POST', '/clearing/adjustments', adjustment({ payer: 'platform', payee: shown[2] }));
  const period = await close();
  expect(await netOf(period, shown[0])).toBe(-500);
  expect(await netOf(period, shown[1])).toBe(500);
  expect(await netOf(period, 'platform')).toBe(-500);
  const told = await a.t.ok('GET', `/clearing/adjustments/${made.id}`);
  expect(told).toMatchObject({ state: 'adjusted', periodId: period.id });
  const next = await close();
  expect(await netOf(next, shown[0])).toBe(0);
  expect(await a.t.ok('GET', `/clearing/periods/${period.id}?verify=true`)).toMatchObject({
    verified: true,
  });
});

it('waits for a second person above the limit, and drops what they reject', async () => {
  const large = adjustment({ fen: ALONE_FEN_MAX + 1 });
  const made = await a.t.ok('POST', '/clearing/adjustments', large);
  const other = await a.t.ok('POST', '/clearing/adjustments', large);
  expect(made.state).toBe('waiting');
  const first = await close();
  expect(await netOf(first, shown[0])).toBe(0);
  const decide = (id: string, approve: boolean, auth?: string) =>
    a.t.call(
      'POST',
      `/clearing/adjustments/${id}/decide`,
      { approve, actor: 'Han Meimei' },
      auth === undefined ? {} : { auth },
    );
  expect((await decide(made.id, true)).body.code).toBe('same_person');
  const auth = await operator();
  expect((await decide(made.id, true, auth)).body.state).toBe('agreed');
  expect((await decide(made.id, false, auth)).body.code).toBe('clearing_adjustment_decided');
  expect((await decide(other.id, false, auth)).body.state).toBe('rejected');
  const second = await close();
  expect(await netOf(second, shown[0])).toBe(-ALONE_FEN_MAX - 1);
  const small = await a.t.ok('POST', '/clearing/adjustments', adjustment());
  expect((await decide(small.id, true, auth)).body.code).toBe('clearing_adjustment_decided');
});

it('counts together what one person adjusts between the same two within a day', async () => {
  const state = async (more: object, auth?: string): Promise<string> =>
    (await a.t.ok('POST', '/clearing/adjustments', adjustment(more), auth ? { auth } : {})).state;
  const [payer, payee, other] = shown;
  expect(await state({ fen: 60_000 })).toBe('agreed');
  expect(await state({ fen: 40_001 })).toBe('waiting');
  expect(await state({ fen: 40_001, actor: 'Lucy' })).toBe('waiting');
  expect(await state({ fen: 40_001, payer: payee, payee: payer })).toBe('waiting');
  const auth = await operator();
  expect(await state({ fen: 40_001 }, auth)).toBe('waiting');
  expect(await state({ fen: 40_001, payee: other })).toBe('agreed');
  expect(await state({ fen: 40_001, actor: 'Han Meimei' }, auth)).toBe('agreed');
  // Those that wait for a second person are not alone: they count for nothing.
  expect(await state({ fen: 40_000 })).toBe('agreed');
  expect(await state({ fen: 1 })).toBe('waiting');
  a.t.clock.advance(DAY);
  const racing = [1, 2, 3].map(() => state({ fen: 50_000 }));
  expect((await Promise.all(racing)).sort()).toEqual(['agreed', 'agreed', 'waiting']);
});

it.each(['adjusted', 'figured', 'hashed', 'closed'] as const)(
  'counts what is recorded while a period is closed in exactly one: behind “%s”',
  async (step: CloseStep) => {
    a.t.clock.advance(HOUR);
    const made = await a.t.call('POST', '/clearing/periods', {
      ...{ programme: programme.code, until: iso(a.t.clock.now() - HOUR / 2) },
    });
    expect(made.status).toBe(201);
    const note = (fen: number) =>
      withTransaction(a.t.pool, async (tx) => {
        const [payer, payee] = programme.merchants;
        if (payer === undefined || payee === undefined) throw new Error('it has merchants');
        const why = { reason: 'r', evidence: null, evidenceHash: null, dispute: null, actor: 'a' };
        const sides = { programme: programme.id, payer, payee, fen, madeBy: payer };
        return adjust(tx, a.deps, { ...sides, ...why });
      });
    await note(100);
    const begun = await a.t.pool.query<{ id: Period['id'] }>(
      `insert into clearing_period (id, programme, number, from_ms, until_ms, cut, begun_at_ms)
        select gen_random_uuid(), programme, number + 1, until_ms, until_ms + 1, $2, 0 from clearing_period where programme = $1 returning id`,
      [programme.id, (await cutAt(made.body.until, 1)).id],
    );
    const [row] = begun.rows;
    if (row === undefined) throw new Error('it was begun');
    await closePeriod(
      {
        ...a.deps,
        async onStep(done) {
          if (done === step) await note(7);
        },
      },
      row.id,
    );
    const last = await close();
    const periods = await listPeriods(a.t.pool, programme.id, 0, 9);
    const nets = [];
    for (const { id } of periods)
      nets.push(await netOf({ id: showId('clearingPeriod', id) }, shown[0]));
    expect(nets).toEqual([0, -100, -7]);
    expect(last.number).toBe(3);
    for (const period of periods)
      expect((await verifyFigures(a.t.pool, period, a.deps.names)).same).toBe(true);
  },
);
async function cutAt(until: string, ms: number): Promise<{ id: string }> {
  const at = iso(Date.parse(until) + ms);
  await a.t.ok('POST', '/ledger/cuts', { programme: programme.code, at });
  const { rows } = await a.t.pool.query<{ id: string }>(
    'select id from ledger.cut where programme = $1 order by at_ms desc limit 1',
    [programme.id],
  );
  return rows[0] as { id: string };
}

it('refuses parties that are not of the programme, or the same', async () => {
  const post = (more: object) => a.t.call('POST', '/clearing/adjustments', adjustment(more));
  expect((await post({ payee: shown[0] })).body.code).toBe('clearing_parties_invalid');
  const stranger = await a.t.merchant();
  expect((await post({ payee: stranger })).body.code).toBe('merchant_not_found');
  const here = { programme: 'default', payer: 'platform', payee: stranger };
  expect((await post(here)).body.code).toBe('programme_not_cleared');
});

it('is raised by a side of a pair, shown by both, and upheld into the next period', async () => {
  const { period, pair } = await closed();
  const [taker, payer] = [shown.indexOf(pair.taker), shown.indexOf(pair.payer)];
  const third = [0, 1, 2].find((each) => each !== taker && each !== payer) as number;
  const { payer: by, taker: to, pointType } = pair;
  const body = {
    ...{ periodId: period.id, merchantId: pair.taker, pair: { payer: by, taker: to, pointType } },
    ...{ fen: 90, reason: 'Ten were not counted', actor: 'Wei Hua' },
  };
  const as = (merchant: number) => ({ auth: keys[merchant] as string });
  const raised = await a.t.ok('POST', '/clearing/disputes', body, as(taker));
  expect(raised).toMatchObject({ state: 'open', other: pair.payer, fen: 90 });
  expect((await a.t.call('POST', '/clearing/disputes', body, as(taker))).body.code).toBe(
    'dispute_open_already',
  );
  // The third merchant has nothing to do with it, and does not see it.
  const path = `/clearing/disputes/${raised.id}`;
  expect((await a.t.call('GET', path, undefined, as(third))).body.code).toBe('dispute_not_found');
  expect(
    (await a.t.ok('GET', `/clearing/disputes?programme=${programme.code}`, undefined, as(third)))
      .items,
  ).toEqual([]);
  const foreign = { ...body, merchantId: shown[third] };
  expect((await a.t.call('POST', '/clearing/disputes', foreign, as(third))).body.code).toBe(
    'dispute_about_nothing',
  );
  const evidence = {
    ...{ text: 'The till’s journal', fileName: 'journal.pdf', sha256: 'ab'.repeat(32) },
    actor: 'Wei Hua',
  };
  await a.t.ok('POST', `${path}/evidence`, evidence, as(taker));
  await a.t.ok('POST', `${path}/evidence`, { text: 'We disagree', actor: 'Zhao' }, as(payer));
  const stray = await a.t.call('POST', `${path}/evidence`, evidence, as(third));
  expect(stray.body.code).toBe('dispute_not_found');
  const leave = { text: 'Never mind', actor: 'Zhao' };
  expect((await a.t.call('POST', `${path}/withdraw`, leave, as(payer))).body.code).toBe(
    'dispute_not_found',
  );
  const decide = (more: object) =>
    a.t.call('POST', `${path}/decide`, {
      outcome: 'upheld',
      text: 'Six of ten',
      actor: 'Li',
      ...more,
    });
  expect((await decide({ fen: 91 })).body.code).toBe('dispute_too_much');
  expect((await decide({ fen: 60, actor: ' wei HUA' })).body.code).toBe('same_person');
  expect((await decide({ outcome: 'rejected', actor: 'Wei Hua' })).body.code).toBe('same_person');
  expect((await decide({ fen: 60 })).body).toMatchObject({ state: 'upheld', upheldFen: 60 });
  expect((await decide({ outcome: 'rejected' })).body.code).toBe('dispute_ended');
  const whole = await a.t.ok('GET', path);
  expect(whole.steps.map(({ kind, by: who }: { kind: string; by: string }) => [kind, who])).toEqual(
    [
      ['raised', pair.taker],
      ['evidence', pair.taker],
      ['evidence', pair.payer],
      ['upheld', 'platform'],
    ],
  );
  const next = await close();
  expect(await netOf(next, pair.taker)).toBe(60);
  expect(await netOf(next, pair.payer)).toBe(-60);
  expect(await a.t.ok('GET', `/clearing/adjustments/${whole.adjustmentId}`)).toMatchObject({
    disputeId: raised.id,
    periodId: next.id,
  });
});

it('pays of a pair and its lines together no more than they come to for each side', async () => {
  const { period, pair } = await closed();
  const { payer, taker, pointType } = pair;
  const owed: number = pair.fen.owed;
  const raise = (more: object) =>
    a.t.call('POST', '/clearing/disputes', {
      ...{ periodId: period.id, merchantId: payer, reason: 'Not ours', actor: 'Wei Hua', ...more },
    });
  const whole = { pair: { payer, taker, pointType } };
  const { items } = await a.t.ok('GET', `/clearing/periods/${period.id}/lines`);
  const line = items.find((each: typeof pair) => each.payer === payer && each.taker === taker);
  const lineFen = Math.ceil(Number(line.exactMicroFen.owed) / 1_000_000);
  const end = async (id: string, fen: number | null, actor = 'Li Lei') => {
    const outcome = fen === null ? { outcome: 'rejected' } : { outcome: 'upheld', fen };
    return a.t.ok(
      'POST',
      `/clearing/disputes/${id}/decide`,
      { ...outcome, text: 'so', actor },
      {
        auth: await operator(),
      },
    );
  };
  expect((await raise({ ...whole, fen: owed + 1 })).body).toMatchObject({
    ...{ code: 'dispute_exceeds', leftFen: owed },
  });
  expect((await raise({ line: line.line, fen: lineFen + 1 })).body.code).toBe('dispute_exceeds');
  const first = (await raise({ ...whole, fen: owed - 1 })).body;
  // What is open counts as if it were upheld: for the line, too.
  expect((await raise({ line: line.line, fen: 2 })).body).toMatchObject({
    ...{ code: 'dispute_exceeds', leftFen: 1 },
  });
  await end(first.id, owed - 3);
  expect((await raise({ ...whole, fen: owed - 1 })).body).toMatchObject({
    ...{ code: 'dispute_exceeds', leftFen: 3 },
  });
  const about = (await raise({ line: line.line, fen: 2 })).body;
  expect((await raise({ line: line.line, fen: 1 })).body.code).toBe('dispute_open_already');
  expect((await raise({ ...whole, fen: 2 })).body.leftFen).toBe(1);
  await end(about.id, null);
  const races = await Promise.all([
    ...[raise({ ...whole, fen: 2 }), raise({ line: line.line, fen: 2 })],
  ]);
  expect(races.map(({ status }) => status).sort()).toEqual([201, 422]);
  // The other side has its own.
  expect((await raise({ ...whole, merchantId: taker, fen: 2 })).status).toBe(201);
});

it('gives back what a second person would not pay, and hears neither who raised it', async () => {
  for (let points = 50_000; points <= 50_008; points += 1)
    await a.accrue(programme, points % 3, points);
  const { period } = await closed();
  const { items } = await a.t.ok('GET', `/clearing/periods/${period.id}/pairs`);
  const pair = items.find(
    (each: Answered['body']) => each.payer !== each.taker && each.fen.owed > ALONE_FEN_MAX,
  );
  const { payer, taker, pointType } = pair;
  const fen = pair.fen.owed;
  const body = {
    ...{ periodId: period.id, merchantId: payer, fen, reason: 'Not ours', actor: 'Wei Hua' },
    pair: { payer, taker, pointType },
  };
  const { id } = await a.t.ok('POST', '/clearing/disputes', body);
  const path = `/clearing/disputes/${id}`;
  // The root key raised it: that is the platform’s word for the merchant, and it decides nothing.
  expect((await a.t.ok('GET', path)).steps).toMatchObject([{ kind: 'raised', by: 'platform' }]);
  const said = { outcome: 'upheld', text: 'so', actor: 'Li Lei' };
  expect((await a.t.call('POST', `${path}/decide`, said)).body.code).toBe('same_person');
  const one = { auth: await operator() };
  await a.t.ok('POST', `${path}/decide`, said, one);
  const { adjustmentId } = await a.t.ok('GET', path);
  const agree = { approve: false, actor: 'Han Meimei' };
  const decide = (more: object, auth?: string) =>
    a.t.call(
      'POST',
      `/clearing/adjustments/${adjustmentId}/decide`,
      { ...agree, ...more },
      auth === undefined ? {} : { auth },
    );
  expect((await decide({}, one.auth)).body.code).toBe('same_person');
  expect((await decide({})).body.code).toBe('same_person');
  const other = await operator();
  expect((await decide({ actor: 'Li Lei' }, other)).body.code).toBe('same_person');
  expect((await a.t.call('POST', '/clearing/disputes', body)).body.leftFen).toBe(0);
  expect((await decide({}, other)).body.state).toBe('rejected');
  expect((await a.t.call('POST', '/clearing/disputes', body)).status).toBe(201);
});

it('takes fifty pieces of evidence of each side, and no more', async () => {
  const { period, pair } = await closed();
  const { payer, taker, pointType } = pair;
  const { id } = await a.t.ok('POST', '/clearing/disputes', {
    ...{ periodId: period.id, merchantId: payer, fen: 1, reason: 'Not ours', actor: 'Wei' },
    pair: { payer, taker, pointType },
  });
  const show = (merchant: string) =>
    a.t.call(
      'POST',
      `/clearing/disputes/${id}/evidence`,
      { text: 'a slip', actor: 'Wei' },
      { auth: keys[shown.indexOf(merchant)] as string },
    );
  for (let count = 0; count < EVIDENCE_MAX; count += 1)
    expect((await show(payer)).status).toBe(200);
  expect((await show(payer)).body.code).toBe('dispute_evidence_full');
  expect((await show(taker)).status).toBe(200);
});

it('is about a line too, within thirty days, and is escalated when nobody decides', async () => {
  const { period } = await closed();
  const { items } = await a.t.ok('GET', `/clearing/periods/${period.id}/lines`);
  const line = items.find((each: { payer: string; taker: string }) => each.payer !== each.taker);
  const body = {
    ...{ periodId: period.id, merchantId: line.payer, line: line.line, fen: 5 },
    ...{ reason: 'Not ours', actor: 'Wei' },
  };
  const none = { ...body, line: '0-999999999-0' };
  expect((await a.t.call('POST', '/clearing/disputes', none)).body.code).toBe(
    'dispute_about_nothing',
  );
  expect(
    (await a.t.call('POST', '/clearing/disputes', { ...body, line: undefined })).body.code,
  ).toBe('invalid_request');
  const raised = await a.t.ok('POST', '/clearing/disputes', body);
  expect(raised.line).toBe(line.line);
  expect(await escalateDisputes(a.t.pool, a.t.jobs.programmes)).toBe(0);
  a.t.clock.advance(15 * DAY);
  // Those that other programmes left open, too.
  expect(await escalateDisputes(a.t.pool, a.t.jobs.programmes)).toBeGreaterThan(0);
  expect(await escalateDisputes(a.t.pool, a.t.jobs.programmes)).toBe(0);
  const late = await a.t.ok(
    'GET',
    `/clearing/disputes?programme=${programme.code}&state=escalated`,
  );
  expect(late.items.map(({ id }: { id: string }) => id)).toEqual([raised.id]);
  const leave = { text: 'Found it', actor: 'Wei' };
  const path = `/clearing/disputes/${raised.id}`;
  expect((await a.t.ok('POST', `${path}/withdraw`, leave)).state).toBe('withdrawn');
  // It was the operator's key that said so: not the merchant's word.
  expect((await a.t.ok('GET', path)).steps.at(-1)).toMatchObject({
    kind: 'withdrawn',
    by: 'platform',
  });
  // What was withdrawn may be raised again, while there is time.
  a.t.clock.advance(15 * DAY - HOUR);
  await a.t.ok('POST', '/clearing/disputes', body);
  a.t.clock.advance(2 * HOUR);
  const other = { ...body, merchantId: line.taker };
  expect((await a.t.call('POST', '/clearing/disputes', other)).body.code).toBe('dispute_too_late');
});

it('shows a merchant its own figures only', async () => {
  const { period } = await closed();
  const auth = keys[0] as string;
  const [own] = shown;
  const get = (what: string) =>
    a.t.ok('GET', `/clearing/periods/${period.id}${what}`, undefined, { auth });
  expect((await get('')).figuresSha256).toBe(period.figuresSha256);
  const path = `/clearing/periods/${period.id}`;
  // It takes as long as a close.
  expect((await a.t.call('GET', `${path}?verify=true`, undefined, { auth })).body.code).toBe(
    'operator_only',
  );
  const both = [1, 2].map(() => a.t.ok('GET', `${path}?verify=true`));
  expect((await Promise.all(both)).map(({ verified }) => verified)).toEqual([true, true]);
  const isOwn = (each: { payer: string; taker: string }): boolean =>
    each.payer === own || each.taker === own;
  const pairs = (await get('/pairs')).items;
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.every(isOwn)).toBe(true);
  const lines = (await get('/lines')).items;
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.every(isOwn)).toBe(true);
  // What it was agreed with the other side is not for it to know.
  for (const { payer, taker, fen, exactMicroFen } of pairs)
    for (const { owed, due, fee } of [fen, exactMicroFen])
      expect([owed === null, due === null, fee === null]).toEqual([
        payer !== own,
        taker !== own,
        taker !== own,
      ]);
  expect(pairs.some(({ payer }: { payer: string }) => payer !== own)).toBe(true);
  for (const { payer, taker, issuerId, ...line } of lines) {
    expect(line.exactMicroFen.owed === null).toBe(payer !== own);
    expect(line.exactMicroFen.due === null).toBe(taker !== own);
    if (payer !== own) expect(line.unitCostMicroFen).toBeNull();
    if (issuerId !== own) expect(line.lotSource).toBeNull();
    if (taker !== own) expect(line.source).toBeNull();
  }
  expect(
    (await get('/positions')).items.map((each: { merchant: string }) => each.merchant),
  ).toEqual([own]);
  const csv = await a.t.app.inject({
    url: `/v1/clearing/periods/${period.id}/figures.csv`,
    headers: { authorization: `Bearer ${auth}` },
  });
  const rows = csv.body.split('\r\n').slice(2, -1);
  expect(rows.length).toBe(pairs.length + 1);
  expect(rows.every((row) => row.includes(own as string))).toBe(true);
  const header = csv.body.split('\r\n')[0]?.split(',') ?? [];
  for (const cells of rows.map((row) => row.split(','))) {
    const cell = (name: string): string | undefined => cells[header.indexOf(name)];
    if (cell('record') !== 'pair') continue;
    for (const name of ['owed_micro_fen', 'owed_fen', 'carry_owed_micro_fen'])
      expect(cell(name) === '').toBe(cell('merchant') !== own);
    for (const name of ['due_micro_fen', 'fee_fen', 'carry_fee_micro_fen'])
      expect(cell(name) === '').toBe(cell('counterparty') !== own);
  }
  const stranger = await a.t.apiKey(['clearing:read'], await a.t.merchant());
  expect((await a.t.call('GET', path, undefined, { auth: stranger })).body.code).toBe(
    'clearing_period_not_found',
  );
  // Pages of one hold what one page holds.
  const seen = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Answered['body'] = await get(
      `/lines?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(lines);
  expect(await findPeriod(a.t.pool, programme.merchants[0] as never)).toBeUndefined();
});
