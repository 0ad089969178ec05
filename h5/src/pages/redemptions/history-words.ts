import { wordsOf } from '@hongmi/ui/language.ts';

/** What became of something redeemed. */
export const historyWords = wordsOf({
  zh: {
    cancelled: '已取消',
    used: '已使用',
    usedNth: (place: string) => `第 ${place} 张已使用`,
    goodsBack: (sum: string) => `退货 ${sum}`,
    pointsBack: (points: string, type: string) => `退回 ${points} ${type}`,
    pointsComing: (points: string, type: string) => `${points} ${type}正在退回`,
    cashBack: (sum: string) => `收银台退现金 ${sum}`,
  },
  en: {
    cancelled: 'Cancelled',
    used: 'Used',
    usedNth: (place: string) => `Number ${place} used`,
    goodsBack: (sum: string) => `Goods for ${sum} came back`,
    pointsBack: (points: string, type: string) => `${points} ${type} came back`,
    pointsComing: (points: string, type: string) => `${points} ${type} on the way back`,
    cashBack: (sum: string) => `${sum} back from the till`,
  },
});
