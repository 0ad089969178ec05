import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openServer } from './own-server.ts';
import { outputOf, ROOT_KEY } from './running-server.ts';

const HONGMI = fileURLToPath(new URL('../scripts/hongmi.mjs', import.meta.url));
const FOLDER = new URL('../packs/', import.meta.url);
const PACKS = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'pack.schema.json')
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Pack);

interface Pack {
  readonly name: string;
  readonly merchant: { readonly name: string };
  readonly tiers?: object;
  readonly rules: readonly { readonly code: string; readonly body: { readonly name: string } }[];
  readonly rewards: readonly { readonly code: string; readonly body: { readonly name: object } }[];
  readonly promotions?: readonly { readonly code: string; readonly rewards?: readonly string[] }[];
  readonly examples: readonly { readonly occasions: readonly [Occasion] }[];
}
interface Occasion {
  readonly times?: number;
  readonly elsewhere?: true;
  readonly lines?: readonly { readonly sku: string; readonly greenCertificate?: string }[];
  readonly gives: readonly { readonly rule: string | null }[];
}
interface Promoted {
  readonly code: string;
  readonly announced: readonly { readonly body: { readonly rewards?: readonly string[] } }[];
  readonly current: { readonly body: { readonly rewards?: readonly string[] } } | null;
}
interface Applied {
  readonly merchantId: string;
  readonly steps: readonly {
    readonly part: string;
    readonly code: string;
    readonly outcome: string;
    readonly from?: string;
  }[];
}

const own = openServer('all');

test('packs are applied once, however often, and then count as their examples say', async () => {
  await makeProgramme('town');
  const merchants = new Map<string, string>();
  for (const { name, merchant, rules, rewards, promotions = [], tiers } of PACKS) {
    const { merchantId, steps } = await apply(name, '--programme', 'town');
    merchants.set(name, merchantId);
    expect(steps[0]).toEqual({ part: 'merchant', code: merchant.name, outcome: 'made' });
    for (const [part, wanted] of Object.entries({
      rule: rules,
      reward: rewards,
      promotion: promotions,
    }))
      expect(steps.filter((each) => each.part === part)).toEqual(
        wanted.map(({ code }) => ({
          ...{ part, code, outcome: 'made' },
          from: expect.stringContaining('T'),
        })),
      );
    // Each merchant has its own.
    const made = steps.find(({ part }) => part === 'tiers')?.outcome;
    expect(made).toBe(tiers === undefined ? undefined : 'made');
    const again = await apply(name, '--merchant', merchantId);
    expect(again.merchantId).toBe(merchantId);
    expect(again.steps.map(({ code }) => code)).toEqual(steps.map(({ code }) => code));
    expect(again.steps).toEqual(steps.map(({ part, code }) => ({ part, code, outcome: 'kept' })));
  }
  await seeRewards();
  for (const { name, examples } of PACKS) {
    for (const { occasions } of examples) {
      const { times: _, elsewhere, gives, ...occasion } = occasions[0];
      const other = PACKS.find((pack) => pack.name === 'fruit-shop')?.name ?? '';
      const merchantId = merchants.get(elsewhere === true ? other : name);
      for (const line of occasion.lines ?? [])
        if (line.greenCertificate !== undefined)
          await certify(merchantId, line.greenCertificate, line.sku);
      const told = await post('/rules/examine', { ...occasion, merchantId });
      const awards = told.awards as { code: string | null }[];
      expect(awards.map(({ code }) => code)).toEqual(gives.map(({ rule }) => rule));
    }
  }
});

/** A member sees what all of them have, by the codes of the packs, each promotion at the rewards it names. */
async function seeRewards(): Promise<void> {
  const { items } = await get('/rewards?programme=town&limit=200');
  const codes = (items as { readonly code: string }[]).map(({ code }) => code);
  expect(codes.toSorted()).toEqual(
    PACKS.flatMap(({ rewards }) => rewards.map(({ code }) => code)).toSorted(),
  );
  const byId = new Map((items as { id: string; code: string }[]).map(({ id, code }) => [id, code]));
  const told = await get('/promotions?programme=town&limit=200');
  const named = (told.items as Promoted[]).map(({ code, current, announced }) => {
    const { rewards } = (announced.at(-1) ?? current)?.body ?? {};
    return [code, rewards?.map((id) => byId.get(id))];
  });
  const wanted = PACKS.flatMap(({ promotions = [] }) =>
    promotions.map(({ code, rewards }) => [code, rewards]),
  );
  const byCode = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).toSorted();
  expect(byCode(named)).toEqual(byCode(wanted));
}

/** What a green line names must be there, and be about it. */
async function certify(merchantId: string | undefined, number: string, sku: string): Promise<void> {
  const valid = { validFrom: '2026-01-01T00:00:00Z', validUntil: '2028-01-01T00:00:00Z' };
  const about = { merchantId, number, scope: [sku], issuingBody: 'CQC' };
  await post('/certificates', { ...about, ...valid, lastCheckedAt: valid.validFrom });
}

test('what was interrupted goes on; what is there otherwise is left alone', async () => {
  await makeProgramme('village');
  const pack = PACKS.find(({ name }) => name === 'optician');
  const [draft, changed] = pack?.rules ?? [];
  const earnRatio = { points: 1, perFen: 200 };
  const named = { name: '清目', category: 'optician', earnRatio, programme: 'village' };
  const { id: merchantId } = await post('/merchants', named);
  await post('/rules', { merchantId, code: draft?.code, body: draft?.body });
  const body = { ...changed?.body, name: '另一个' };
  const { id } = await post('/rules', { merchantId, code: changed?.code, body });
  const [finished, other] = pack?.rewards ?? [];
  await post('/rewards', { merchantId, code: finished?.code, body: ofMerchant(finished?.body) });
  const renamed = { ...other?.body, name: { zh: '另一个' } };
  await post('/rewards', { merchantId, code: other?.code, body: ofMerchant(renamed) });
  const { steps, ...applied } = await apply(
    'optician',
    '--new-merchant',
    '清目',
    '--programme',
    'village',
  );
  expect(applied.merchantId).toBe(merchantId);
  expect(steps.map(({ outcome }) => outcome)).toEqual([
    'different',
    'made',
    'made',
    'made',
    'different',
    'made',
    'made',
    'different',
    'made',
    'made',
  ]);
  expect(await get(`/rules/${id}`)).toMatchObject({
    draft: { body: { name: '另一个' } },
    current: null,
  });
  function ofMerchant(terms: object | undefined): object {
    return JSON.parse(JSON.stringify(terms).replaceAll('$merchant', String(merchantId))) as object;
  }
  const again = await hongmi(
    'pack',
    'apply',
    'optician',
    '--merchant',
    String(merchantId),
    '--lang',
    'zh',
  );
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain(`已应用于 village 的 ${merchantId}`);
  expect(again.stdout).toMatch(/^规则 +six-years +已有 *$/m);
  expect(again.stdout).toMatch(/^规则 +summer-lenses +已有但不同，保持原样$/m);
  expect(again.stdout).toMatch(/^兑换品 +lenses +已有 *$/m);
  expect(again.stdout).toMatch(/^兑换品 +frame +已有但不同，保持原样$/m);
  expect(again.stdout).toMatch(/^兑换活动 +eye-care-day +已有 *$/m);
  const elsewhere = await hongmi(
    'pack',
    'apply',
    'optician',
    '--merchant',
    String(merchantId),
    '--programme',
    'town',
  );
  expect(elsewhere).toMatchObject({ code: 1, stderr: expect.stringContaining('village') });
});

test('a merchant applies a pack with its own key; the segments of the programme are left to its operator', async () => {
  await makeProgramme('island');
  const earnRatio = { points: 1, perFen: 100 };
  const shop = { name: '岛上服饰', category: 'fashion', earnRatio, programme: 'island' };
  const { id: merchantId } = await post('/merchants', shop);
  const of = (what: string) => ['read', 'write', 'publish'].map((right) => `${what}:${right}`);
  const rights = ['merchants:read', 'stores:write', ...of('rules'), ...of('rewards')];
  const { secret } = await post('/keys', { name: 'shop', scopes: rights, merchantId });
  const key = { HONGMI_URL: own.url, HONGMI_KEY: String(secret) };
  const words = ['pack', 'apply', 'fashion-chain', '--merchant', String(merchantId), '--json'];
  const { code, stdout, stderr } = await hongmiAs(key, ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { steps } = JSON.parse(stdout) as Applied;
  const outcomes = (part: string) =>
    steps.filter((each) => each.part === part).map(({ outcome }) => outcome);
  expect(outcomes('segment')).toEqual(['operators', 'operators']);
  for (const part of ['rule', 'reward', 'promotion'])
    expect(new Set(outcomes(part))).toEqual(new Set(['made']));
  const again = await apply('fashion-chain', '--merchant', String(merchantId));
  const made = again.steps.filter(({ outcome }) => outcome === 'made');
  expect(made.map(({ code: segment }) => segment)).toEqual(['dress-lover', 'jeans-buyer']);
});

async function makeProgramme(code: string): Promise<void> {
  await post('/programmes', { code, name: code, sandbox: true, ruleNoticeDays: 0 });
}

async function apply(...words: string[]): Promise<Applied> {
  const { code, stdout, stderr } = await hongmi('pack', 'apply', ...words, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Applied;
}

const hongmi = (...words: string[]) =>
  hongmiAs({ HONGMI_DATA_DIR: own.dataDir, HONGMI_ROOT_KEY: ROOT_KEY }, ...words);

async function hongmiAs(caller: Readonly<Record<string, string>>, ...words: string[]) {
  const env = { ...process.env, ...caller, LANG: 'C' };
  const child = spawn(process.execPath, [HONGMI, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}

const get = (path: string) => call('GET', path);
const post = (path: string, body: object) => call('POST', path, body);

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${own.url}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ROOT_KEY}`,
      'idempotency-key': crypto.randomUUID(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told = (await response.json()) as Record<string, unknown>;
  expect(response.ok, JSON.stringify(told)).toBe(true);
  return told;
}
