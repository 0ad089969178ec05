import { bySecond, SECOND } from './second-person.ts';
import { PREFUNDED } from './settlement-terms.ts';
import { ACTOR, type Settling } from './settling.ts';
import { demoKey, unlessDone } from './write-once.ts';

/** The most and the least that is disputed, in fen. */
const FEN_MAX = 20_000;
const FEN_MIN = 2;

/**
 * The only dispute of the year that is over: who owes most to another in a period says that a tenth of it is wrong; the other shows
 * what it has, and the half of that is upheld.
 */
export async function settleDispute(settling: Settling, periodId: string): Promise<void> {
  const { hongmi, programme } = settling;
  const known = await hongmi.listDisputes({ programme });
  // One about this very period may not have been decided when an earlier start ended.
  if (known.items.some((each) => each.periodId !== periodId)) return;
  const raised = await raise(settling, periodId, '部分兑换没有核销小票');
  if (raised === undefined) return;
  const { id, fen } = raised;
  await hongmi.addDisputeEvidence(
    { id, text: '补交小票一张，另一张遗失', actor: ACTOR },
    demoKey('evidence', periodId),
  );
  const decided = {
    ...{ outcome: 'upheld' as const, fen: Math.floor(fen / 2), actor: ACTOR },
    text: '一张小票属实，支持一半',
  };
  await hongmi.decideDispute({ id, ...decided }, demoKey('decision', periodId));
}

/**
 * Of the last month, the merchant that pays beforehand (or whoever owes anything) disputes a tenth of what it owes most for: nobody has
 * decided that yet. Whoever goes on with a demo that stood for weeks comes too late for it.
 */
export async function leaveDispute(settling: Settling): Promise<void> {
  const { hongmi, programme, merchants } = settling;
  const items = await hongmi.pages('listClearingPeriods', { programme }).all();
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
  const items = await hongmi.pages('listClearingPairs', { id: periodId }).all();
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
  const { id } = await bySecond(hongmi, programme, (second) =>
    hongmi.raiseDispute(
      { periodId, merchantId: pair.payer, pair, fen, reason, actor: SECOND },
      { ...demoKey('dispute', periodId), key: second },
    ),
  );
  return { id, fen };
}
