import { readId, showId, type Uuid } from '@hongmi/server/kernel/id';
import { callApi } from '../api.ts';
import { fillPeople, type Someone } from '../fill/people.ts';
import { withClient } from '../naive/prepare.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { type Stage, withStage } from '../stage.ts';
import { show } from './run.ts';

const ROUNDS = 3;
const ASKED = 200;
const PROMISED_MS = 300;

/** What is typed into the box, of somebody drawn by the round. */
const QUERIES: Readonly<Record<string, (someone: Someone) => string>> = {
  id: ({ id }) => showId('member', id),
  phone: ({ phone }) => phone,
  'four digits': ({ phone }) => phone.slice(-4),
  'external id': ({ externalId }) => externalId,
  'family name': ({ name }) => name.slice(0, 1),
  'two characters': ({ name }) => name.slice(0, 2),
  'whole name': ({ name }) => name,
  nobody: ({ name }) => `${name}${name}`,
};
const KINDS = Object.keys(QUERIES);

/** One box that finds members among a million, for the operator and for a merchant who knows one in fifty of them. */
export async function memberSearch(settings: Settings): Promise<Outcome> {
  const { say, members } = settings;
  return withStage({ ...settings, members: 1, merchants: 1 }, async (stage) => {
    const merchant = stage.merchants[0] ?? '';
    const { rows } = await withClient(stage.ledger.databaseUrl, (sql) =>
      sql.query<{ id: number }>("select id from programme where code = 'default'"),
    );
    const startedAt = performance.now();
    const sample = await fillPeople(stage.ledger, {
      members,
      merchant: readId('merchant', merchant) as Uuid,
      programme: rows[0]?.id ?? 1,
    });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    say(`${members.toLocaleString('en')} members with names in ${seconds} s`);
    const key = { name: 'bench', scopes: ['members:read'], merchantId: merchant };
    const { secret } = await callApi<{ secret: string }>(stage.ledger, '/v1/keys', key, 'key');
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const figures = await askAll(stage, sample, secret);
      rounds.push(figures);
      say(`round ${round}: ${show(figures, Object.keys(figures))}`);
    }
    const slowest = (whose: string): number =>
      Math.max(...KINDS.map((kind) => medianOf(rounds, `${whose} ${kind} p99 ms`) ?? 0));
    return {
      benchmark: 'member-search',
      checks: [
        {
          what: 'p99 of the slowest kind of search',
          measured: slowest('operator'),
          unit: 'ms',
          atMost: PROMISED_MS,
        },
        {
          what: 'the same for a merchant',
          measured: slowest('merchant'),
          unit: 'ms',
          atMost: PROMISED_MS,
        },
        {
          what: 'two characters of a name / read by id',
          measured: medianRatio(rounds, 'operator two characters p50 ms', 'read p50 ms'),
          unit: 'times',
        },
        {
          what: 'four digits / read by id',
          measured: medianRatio(rounds, 'operator four digits p50 ms', 'read p50 ms'),
          unit: 'times',
        },
      ],
      columns: ['read p50 ms', ...KINDS.map((kind) => `operator ${kind} p50 ms`)],
      rounds,
      notes: [
        `GET /v1/members/search for the first 20, one request in flight, ${ASKED} of each kind, among ${members.toLocaleString('en')} members with phones, names of two or three characters and external ids; beside GET /v1/members/{id}. A merchant's key finds its own customers, one member in fifty; it asks by four digits ten times a round, as often as it may.`,
      ],
    };
  });
}

/** Times of each kind of search in ms, and of what all of them are compared with. */
async function askAll(
  { ledger }: Stage,
  sample: readonly Someone[],
  merchantsKey: string,
): Promise<Record<string, number>> {
  const ask = async (path: string, key: string): Promise<number> => {
    const { host, port } = ledger.address;
    const startedAt = performance.now();
    const answer = await fetch(`http://${host}:${port}/v1/members${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`);
    return performance.now() - startedAt;
  };
  const timesOf = async (count: number, path: (someone: Someone) => string, key: string) => {
    const times: number[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      const someone = sample[(turn * 37) % sample.length];
      if (someone !== undefined) times.push(await ask(path(someone), key));
    }
    return times.sort((a, b) => a - b);
  };
  const figures: Record<string, number> = {};
  const note = (what: string, times: readonly number[]): void => {
    figures[`${what} p50 ms`] = times[Math.floor(times.length / 2)] ?? 0;
    figures[`${what} p99 ms`] = times[Math.floor(times.length * 0.99)] ?? 0;
  };
  note('read', await timesOf(ASKED, ({ id }) => `/${showId('member', id)}`, ledger.key));
  for (const [whose, key] of [
    ['operator', ledger.key],
    ['merchant', merchantsKey],
  ] as const)
    for (const [kind, typed] of Object.entries(QUERIES)) {
      const path = (someone: Someone): string => `/search?q=${encodeURIComponent(typed(someone))}`;
      const isPaced = whose === 'merchant' && kind === 'four digits';
      note(`${whose} ${kind}`, await timesOf(isPaced ? PACED : ASKED, path, key));
    }
  return figures;
}

/** In a minute a merchant may ask by four digits thirty times; rounds may take less. */
const PACED = 10;
