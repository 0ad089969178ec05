import { DAILY_TRADES } from './daily-trades.ts';
import { GOODS_TRADES } from './goods-trades.ts';
import type { Trade } from './trade.ts';
import { TRAVEL_TRADES } from './travel-trades.ts';

/** Every trade of packs/: one merchant of each is in the coalition. */
export const TRADES: readonly Trade[] = [...DAILY_TRADES, ...GOODS_TRADES, ...TRAVEL_TRADES];

const BY_PACK = new Map(TRADES.map((trade) => [trade.pack, trade]));

export function tradeOf(pack: string): Trade {
  const trade = BY_PACK.get(pack);
  if (trade === undefined) throw new Error(`nobody trades by the pack ${pack}`);
  return trade;
}
