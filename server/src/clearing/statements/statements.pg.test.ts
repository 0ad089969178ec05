import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Accruing,
  type AccruingProgramme,
  createAccruing,
} from '../../http/testing/accruing.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { withTransaction } from '../../platform/database.ts';
import { beginPeriod } from '../periods/begin-period.ts';
import { closePeriod } from '../periods/close-period.ts';
import type { Period } from '../periods/period.ts';

const HOUR = 3_600_000;
let a: Accruing;
let programme: AccruingProgramme;
let period: Period;
/** Of the merchants in their order. */
let keys: string[];
beforeAll(async () => {
  a = await createAccruing();
  programme = await a.programme({ merchants: 3 });
  for (let points = 1; points <= 30; points += 1) await a.accrue(programme, points % 2, points);
  period = await close();
  keys = await Promise.all(
    programme.merchants.map((id) => a.t.apiKey(['clearing:read'], showId('merchant', id))),
  );
});
afterAll(() => a.t.close());

async function close(): Promise<Period> {
  a.t.clock.advance(HOUR);
  const begun = await withTransaction(a.t.pool, (tx) =>
    beginPeriod(tx, a.deps, programme.id, a.t.clock.now()),
  );
  if ('code' in begun) throw new Error(begun.code);
  return closePeriod(a.deps, begun.id);
}

const shown = (place: number): string => showId('merchant', programme.merchants[place] as Uuid);
const pathOf = (whose: string, query = '', of = period): string =>
  `/v1/clearing/periods/${showId('clearingPeriod', of.id)}/statements/${whose}${query}`;
async function fetched(path: string, headers: Record<string, string> = {}) {
  const root = await a.t.apiKey(['clearing:read']);
  const answer = await a.t.app.inject({
    method: 'GET',
    url: path,
    headers: { authorization: `Bearer ${root}`, ...headers },
  });
  return answer;
}
const as = (place: number) => ({ authorization: `Bearer ${keys[place] ?? ''}` });
const sumOf = (list: readonly string[]): bigint =>
  list.reduce((sum, each) => sum + BigInt(each), 0n);

describe('a statement', () => {
  it('adds up to the fen, from its lines through what is carried to what is paid', async () => {
    for (const place of [0, 1, 2]) {
      const { sums, position } = (await fetched(pathOf(shown(place)))).json();
      const lines = (await fetched(pathOf(shown(place), '/lines?limit=200'))).json().items;
      expect(lines.length).toBeGreaterThan(0);
      for (const name of ['owed', 'due', 'fee']) {
        // biome-ignore lint/suspicious/noExplicitAny: answers of the API
        const own = sums.filter((sum: any) => sum.of === name);
        const exact = sumOf(own.map((sum: { exactMicroFen: string }) => sum.exactMicroFen));
        const told = lines
          .map((line: Record<string, string | null>) => line[`${name}MicroFen`])
          .filter((amount: string | null) => amount !== null);
        expect(sumOf(told)).toBe(exact);
        let fen = 0;
        for (const sum of own) {
          fen += sum.fen;
          expect(BigInt(sum.fen) * 1_000_000n).toBe(
            BigInt(sum.carriedInMicroFen) + BigInt(sum.exactMicroFen) - BigInt(sum.carryMicroFen),
          );
        }
        expect(fen).toBe(position[`${name}Fen`]);
      }
      expect(position.netFen).toBe(
        position.dueFen - position.owedFen - position.feeFen + position.adjustedFen,
      );
    }
  });

  it('of the next period begins with what this one carried', async () => {
    for (let points = 1; points <= 5; points += 1) await a.accrue(programme, 0, points);
    const next = await close();
    const before = (await fetched(pathOf(shown(0)))).json().sums;
    const after = (await fetched(pathOf(shown(0), '', next))).json();
    for (const sum of after.sums) {
      const same = before.find(
        // biome-ignore lint/suspicious/noExplicitAny: answers of the API
        (each: any) => each.of === sum.of && each.counterparty === sum.counterparty,
      );
      expect(sum.carriedInMicroFen).toBe(same?.carryMicroFen ?? '0');
    }
    const [issued] = after.issued;
    expect(issued.opening.points).toBe(
      2 + 4 + 6 + 8 + 10 + 12 + 14 + 16 + 18 + 20 + 22 + 24 + 26 + 28 + 30,
    );
    expect(issued.issued.points).toBe(1 + 2 + 3 + 4 + 5);
    expect(issued.closing.points).toBe(issued.opening.points + 15);
  });

  it('of the platform sums to zero', async () => {
    const { positions } = (await fetched(pathOf('platform'))).json();
    expect(positions).toHaveLength(4);
    expect(positions.reduce((sum: number, each: { netFen: number }) => sum + each.netFen, 0)).toBe(
      0,
    );
    const csv = (await fetched(pathOf('platform', '?format=csv&lang=en'))).body;
    expect(csv).toContain('Sum of all nets,0.00');
    expect(csv).toContain('mem_');
  });

  it.each(['html', 'pdf', 'xlsx', 'csv', 'json'])(
    'is the same bytes again as %s',
    async (format) => {
      for (const query of [
        `?format=${format}&lang=zh-CN`,
        `?format=${format}&lang=en&part=summary`,
      ]) {
        const first = await fetched(pathOf(shown(1), query));
        expect(first.statusCode).toBe(200);
        a.t.clock.advance(HOUR);
        const again = await fetched(pathOf(shown(1), query), as(1));
        expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
        expect(first.rawPayload.length).toBeGreaterThan(500);
      }
    },
  );

  it('comes as what is asked for, in the language that is asked for', async () => {
    const html = await fetched(pathOf(shown(0)), {
      accept: 'text/html',
      'accept-language': 'en-US,zh',
    });
    expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(html.headers['content-security-policy']).toContain("default-src 'none'");
    expect(html.body).toContain('Settlement statement');
    expect(html.body).toContain('The platform holds no money');
    const chinese = await fetched(pathOf(shown(0)), { accept: 'text/html;q=0.9,*/*' });
    expect(chinese.body).toContain('结算对账单');
    const lines = await fetched(pathOf(shown(0), '?format=csv&part=lines&lang=en'));
    expect(lines.body.slice(1).split('\r\n')[0]).toBe(
      'Line,Time,Kind,Transaction,Reference,Member,Lot,Counterparty,Point type,Points,Price,Owed,Due,Fee',
    );
    const pdf = await fetched(pathOf(shown(0), '?format=pdf'));
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.headers['content-disposition']).toContain('attachment; filename="clp_');
  });
});

describe('a merchant', () => {
  it('reads its own statement and no other', async () => {
    expect((await fetched(pathOf(shown(0)), as(0))).statusCode).toBe(200);
    for (const path of [shown(1), `${shown(1)}/lines`, 'platform', 'platform/lines'])
      expect((await fetched(pathOf(path), as(0))).statusCode).toBe(403);
    const elsewhere = await a.programme();
    const other = showId('merchant', elsewhere.merchants[0] as Uuid);
    expect((await fetched(pathOf(other))).statusCode).toBe(404);
  });

  it('learns nothing of members but a name of its own for them, nor what others are paid', async () => {
    const lines = async (place: number) =>
      (await fetched(pathOf(shown(place), '/lines?limit=200'), as(place))).json().items;
    const [first, second] = [await lines(0), await lines(1)];
    const papers = await fetched(pathOf(shown(0), '?format=csv'), as(0));
    expect(JSON.stringify([first, second])).not.toContain('mem_');
    expect(papers.body).not.toContain('mem_');
    // biome-ignore lint/suspicious/noExplicitAny: answers of the API
    const named = (list: any[]) => new Map(list.map((each) => [each.transactionId, each.member]));
    const shared = [...named(first)].filter(([id]) => named(second).has(id));
    expect(shared.length).toBeGreaterThan(0);
    for (const [id, member] of shared) expect(named(second).get(id)).not.toBe(member);
    for (const line of first) {
      if (line.payer !== shown(0)) expect(line.owedMicroFen).toBeNull();
      if (line.taker !== shown(0))
        expect([line.dueMicroFen, line.feeMicroFen]).toEqual([null, null]);
    }
  });
});

it('pages its lines without losing or repeating one', async () => {
  const all = (await fetched(pathOf(shown(0), '/lines?limit=200'))).json().items;
  const paged: unknown[] = [];
  let cursor = '';
  do {
    const page = (await fetched(pathOf(shown(0), `/lines?limit=3${cursor}`))).json();
    paged.push(...page.items);
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(paged).toEqual(all);
});

it('lists the lines of one pair alone, and of either side', async () => {
  const of = async (query: string) =>
    (await fetched(pathOf(shown(0), `/lines?limit=200${query}`))).json().items;
  const all: { payer: string; taker: string }[] = await of('');
  const { payer, taker } = all.find((line) => line.payer !== line.taker) ?? {
    payer: '',
    taker: '',
  };
  const pair = await of(`&payer=${payer}&taker=${taker}`);
  expect(pair.length).toBeGreaterThan(0);
  expect(pair.length).toBeLessThan(all.length);
  expect(pair).toEqual(all.filter((line) => line.payer === payer && line.taker === taker));
  expect(await of(`&taker=${taker}`)).toEqual(all.filter((line) => line.taker === taker));
});

it('shows a merchant no more by naming others', async () => {
  const path = pathOf(shown(1), `/lines?limit=200&payer=${shown(2)}&taker=${shown(0)}`);
  expect((await fetched(path, as(1))).json().items).toEqual([]);
});
