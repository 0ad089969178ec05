import type { AfterSalesNews, PointsTold } from '../kernel/after-sales-news.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import { writePoints } from './render.ts';
import { type Draft, type Outbox, writeMessages } from './write-messages.ts';

/** Tells members what became of something redeemed, in the transaction in which it does. */
export function createAfterSalesNotices(
  outbox: Outbox,
  nameOf: (merchant: Uuid) => Promise<string>,
) {
  return async (tx: Transaction, news: readonly AfterSalesNews[]): Promise<void> => {
    const drafts: Draft[] = [];
    for (const each of news) drafts.push(draftOf(outbox, each, await nameOf(each.merchant)));
    await writeMessages(tx, outbox, drafts);
  };
}

function draftOf({ programmes }: Outbox, news: AfterSalesNews, merchant: string): Draft {
  const programme = programmes.byId(news.programme);
  if (programme === undefined) throw new Error('the programme of a redemption is known');
  const { zh, en = zh } = news.reward;
  return {
    kind: 'after_sales',
    programme: news.programme,
    member: news.member,
    dedupeKey: `after-sales:${news.case}:${news.number}`,
    facts: {
      ...{ merchant, rewardZh: zh, rewardEn: en, what: news.what, reason: news.reason },
      back: sumOf(programme, news.back),
      compensation: sumOf(programme, news.compensation),
      cash: news.cashFen === 0 ? null : writePoints(news.cashFen, 2),
    },
  };
}

/** `500 积分 + 3 里程`; null: none. */
function sumOf({ pointTypes }: Programme, list: readonly PointsTold[]): string | null {
  if (list.length === 0) return null;
  const each = ({ pointType, points }: PointsTold): string => {
    const type = pointTypes.find(({ id }) => id === pointType);
    return `${writePoints(points, type?.scale ?? 0)} ${type?.name ?? ''}`.trim();
  };
  return list.map(each).join(' + ');
}
