import { answered } from '@hongmi/sdk/by-path';
import { readPages } from '../pages.ts';
import { bySecond, SECOND } from './second-person.ts';
import { PREFUNDED } from './settlement-terms.ts';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, unlessDone } from './write-once.ts';

const ALL = 10_000;
/** The most and the least that is disputed, in fen. */
const FEN_MAX = 20_000;
const FEN_MIN = 2;

/**
 * The only dispute of the year that is over: who owes most to another in a period says that a tenth of it is wrong; the other shows
 * what it has, and the half of that is upheld.
 */
export async function settleDispute(settling: Settling, periodId: string): Promise<void> {
  const { hongmi, programme } = settling;
  const known = await answered(
    hongmi.GET('/v1/clearing/disputes', { params: { query: { programme } } }),
  );
  // One about this very period may not have been decided when an earlier start ended.
  if (known.items.some((each) => each.periodId !== periodId)) return;
  const raised = await raise(settling, periodId, '部分兑换没有核销小票');
  if (raised === undefined) return;
  const { id, fen } = raised;
  await answered(
    hongmi.POST('/v1/clearing/disputes/{id}/evidence', {
      params: { path: { id }, header: demoKey('evidence', periodId) },
      body: { text: '补交小票一张，另一张遗失', actor: ACTOR },
    }),
  );
  const decided = {
    ...{ outcome: 'upheld' as const, fen: Math.floor(fen / 2), actor: ACTOR },
    text: '一张小票属实，支持一半',
  };
  const params = { path: { id }, header: demoKey('decision', periodId) };
  await answered(hongmi.POST('/v1/clearing/disputes/{id}/decide', { params, body: decided }));
}

/**
 * Of the last month, the merchant that pays beforehand (or whoever owes anything) disputes a tenth of what it owes most for: nobody has
 * decided that yet. Whoever goes on with a demo that stood for weeks comes too late for it.
 */
export async function leaveDispute(settling: Settling): Promise<void> {
  const { hongmi, programme, merchants } = settling;
  const { items } = await readPages(ALL, (page) =>
    hongmi.GET('/v1/clearing/periods', { params: { query: { ...page, programme } } }),
  );
  const last = items
    .filter(({ state }) => state === 'closed')
    .toSorted((a, b) => a.number - b.number)
    .at(-1);
  if (last === undefined) return;
  const reason = '门店盘点：有两笔兑换当天已退货，仍计入应付';
  const raised = raise(settling, last.id, reason, merchants.get(PREFUNDED));
  await unlessDone(raised, ['dispute_too_late']);
}

/**
 * The largest pair of a period is disputed by who owes it, as somebody who will not decide that; one that this merchant owes, if there
 * is any. Undefined when nobody owes enough.
 */
async function raise(
  { hongmi, programme }: Settling,
  periodId: string,
  reason: string,
  merchantId?: string,
): Promise<{ readonly id: string; readonly fen: number } | undefined> {
  const path = { id: periodId };
  const { items } = await readPages(ALL, (query) =>
    hongmi.GET('/v1/clearing/periods/{id}/pairs', { params: { path, query } }),
  );
  const large = items
    .map(({ payer, taker, pointType, fen }) => ({
      pair: { payer, taker, pointType },
      fen: Math.min(Math.floor((fen.owed ?? 0) / 10), FEN_MAX),
    }))
    .filter(({ pair, fen }) => pair.payer !== pair.taker && fen >= FEN_MIN)
    .toSorted((a, b) => b.fen - a.fen);
  const most = large.find(({ pair }) => pair.payer === merchantId) ?? large[0];
  if (most === undefined) return undefined;
  const { pair, fen } = most;
  const body = { periodId, merchantId: pair.payer, pair, fen, reason, actor: SECOND };
  const header = demoKey('dispute', periodId);
  const { id } = await bySecond(hongmi, programme, (second) =>
    answered(hongmi.POST('/v1/clearing/disputes', { params: { header }, body, ...second })),
  );
  return { id, fen };
}
