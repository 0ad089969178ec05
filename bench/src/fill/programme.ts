import { setTimeout } from 'node:timers/promises';
import { readId, type Uuid } from '@hongmi/server/kernel/id';
import { birthdayContext, birthdayIndex } from '@hongmi/server/members/birthday';
import { createSealer, readMasterKey } from '@hongmi/server/platform/seal';
import { callApi, inParallel } from '../api.ts';
import { seededRandom } from '../load/random.ts';
import { below, makeRule, TENDERS, TIERS } from '../load/rules.ts';
import { withClient } from '../naive/prepare.ts';
import type { LedgerServer } from '../processes/server.ts';

export const RULES = 200;
/** More than all runs give, so that the budget stays what it is: looked at. */
const BUDGET = 1_000_000_000;
const AT_ONCE = 6;
const PROGRAMME = '/v1/programmes/default';
const SEGMENTS = 20;
/** Of spend within a year; lines are of about ¥100. */
const TIER_FEN = [50_000, 150_000, 300_000];
const SOON_MS = 60_000;

interface Published {
  readonly id: string;
  readonly announced: readonly { readonly from: string }[];
  readonly current: { readonly from: string } | null;
}

/** A rule as it was made, so that its next version can be published. */
export interface MadeRule {
  readonly id: string;
  readonly body: object;
}

/**
 * The default programme with rules in force, of which some are about nearly every order: a tier's multiple with a cap, a
 * campaign of the mall with a budget, points of another type for a tender. Members have birthdays and segments.
 */
export async function fillProgramme(
  ledger: LedgerServer,
  merchants: readonly string[],
  seed: number,
): Promise<readonly MadeRule[]> {
  await giveFacts(ledger);
  await callApi(ledger, `${PROGRAMME}/point-types`, { code: 'green', name: 'Green' }, 'green');
  const { id: budget } = await callApi<{ id: string }>(
    ledger,
    '/v1/budgets',
    { name: 'campaign', total: BUDGET },
    'campaign',
  );
  const rules = [...mallRules(budget), ...shopRules(merchants, seed)];
  const made = await inParallel(AT_ONCE, [...rules.entries()], async ([place, rule]) => {
    const { id } = await callApi<{ id: string }>(ledger, '/v1/rules', rule, `rule-${place}`);
    return { id, body: rule.body, from: await publish(ledger, id, `publish-${place}`) };
  });
  const last = Math.max(...made.map(({ from }) => from));
  if (last > Date.now() + SOON_MS) throw new Error('a rule of the bench needs notice');
  await setTimeout(Math.max(0, last - Date.now()));
  return made;
}

/** Publishes the draft of a rule; answers when it counts. */
export async function publish(ledger: LedgerServer, rule: string, key: string): Promise<number> {
  const { announced, current } = await callApi<Published>(
    ledger,
    `/v1/rules/${rule}/publish`,
    {},
    key,
  );
  const from = announced.at(-1)?.from ?? current?.from;
  if (from === undefined) throw new Error('a published rule has a version');
  return Date.parse(from);
}

function tiersBody() {
  return {
    window: { kind: 'rolling', months: 12 },
    tiers: TIERS.map((code, place) => ({
      code,
      name: code,
      qualify: { spendFen: TIER_FEN[place] },
    })),
  };
}

interface NewRule {
  readonly code: string;
  readonly merchantId?: string;
  readonly body: object;
}

/** Every rule of these is about many orders. */
function mallRules(budget: string): NewRule[] {
  const categories = Array.from({ length: 5 }, (_, number) => `goods-${number}`);
  const of = (code: string, body: object): NewRule => ({
    code,
    body: { name: code, on: 'order', ...body },
  });
  return [
    of('mall-tiers', {
      when: { member: { tiers: TIERS } },
      earn: { kind: 'times', num: 3, den: 2 },
      terms: { caps: [{ per: 'month', points: 10_000 }] },
    }),
    of('mall-campaign', {
      when: { lines: { categories } },
      earn: { kind: 'extra', points: 1, perFen: 1000 },
      terms: { budget },
    }),
    of('mall-green-card', {
      when: { tenders: [TENDERS.at(-1)], orderFen: { min: 20_000 } },
      earn: { kind: 'fixed', points: 5, per: 'order' },
      terms: { pointType: 'green', caps: [{ per: 'day', points: 50 }] },
    }),
    of('mall-birthday', {
      when: { member: { birthday: 'month' } },
      earn: { kind: 'times', num: 2, den: 1 },
    }),
    of('mall-segment', {
      when: { member: { segments: ['segment-3'] } },
      earn: { kind: 'fixed', points: 10, per: 'order' },
    }),
    of('mall-large', {
      when: {
        expression: 'order.netFen >= 60000 && order.lines.exists(l, l.quantity > 1)',
      },
      earn: { kind: 'extra', points: 1, perFen: 1000 },
    }),
  ];
}

/** The rest of them: a shop's own for its goods, days and customers, or now and then the mall's. */
function shopRules(merchants: readonly string[], seed: number): NewRule[] {
  const random = seededRandom(seed);
  const shops = merchants.map((shown) => readId('merchant', shown) as Uuid);
  const count = RULES - mallRules('').length;
  return Array.from({ length: count }, (_, number) => {
    const { code, merchant, body } = makeRule(number, shops, random);
    const shown = merchants[merchant === null ? -1 : shops.indexOf(merchant)];
    const { earn } = body;
    // A rule in the place of a shop's own ratio needs a week's notice: here it gives the same on top.
    const told = earn.kind === 'base' ? { ...earn, kind: 'extra' } : earn;
    return {
      code,
      body: { ...body, earn: told },
      ...(shown === undefined ? {} : { merchantId: shown }),
    };
  });
}

/** Tiers, and past the API a birthday and a segment for every member. */
export async function giveFacts(ledger: LedgerServer): Promise<void> {
  await callApi(ledger, `${PROGRAMME}/tiers`, tiersBody(), 'tiers', 'PUT');
  const sealer = createSealer(readMasterKey(ledger.dataDir, undefined));
  const random = seededRandom(1);
  await withClient(ledger.databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: Uuid }>('select id from member');
    const days = rows.map(() => `${String(1 + below(random, 12)).padStart(2, '0')}-15`);
    await client.query(
      `update member m set birthday_sealed = b.sealed, birthday_index = b.index, birthday_given_at_ms = 1
       from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as b (id, sealed, index) where m.id = b.id`,
      [
        rows.map(({ id }) => id),
        rows.map(({ id }, place) => sealer.seal(birthdayContext(id), days[place] ?? '')),
        days.map((day) => birthdayIndex(sealer, day)),
      ],
    );
    await client.query(
      `insert into segment (programme, code, zh, en, service_reason, created_at_ms)
       select p.id, 'segment-' || n, 'segment', 'segment', 'bench', 1
       from programme p cross join generate_series(0, $1::int - 1) n where p.code = 'default'`,
      [SEGMENTS],
    );
    await client.query(
      `insert into member_segment (member, programme, code, since_ms, set_by)
       select m.id, p.id, 'segment-' || (row_number() over (order by m.id)) % $1::int, 1, m.id
       from member m cross join programme p where p.code = 'default'`,
      [SEGMENTS],
    );
    await client.query('vacuum analyze member, member_segment');
  });
}
