import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import type { Act, Entry } from '../queue/entry.ts';
import { usePointsShown } from './points-shown.ts';

const words = wordsOf({
  zh: {
    earn: '记积分',
    offset: '积分抵扣',
    voucher: '用券',
    return: '退货',
    return_bill: '退货（抵扣的账单）',
    undo: '撤销',
    off: (money: string) => `减 ${money}`,
  },
  en: {
    earn: 'Points given',
    offset: 'Paid with points',
    voucher: 'Voucher used',
    return: 'Goods back',
    return_bill: 'Goods of a bill back',
    undo: 'Undone',
    off: (money: string) => `${money} off`,
  },
});

export interface EntryShown {
  readonly what: string;
  /** The number of the order, bill or return: what stands on receipts. */
  readonly number: string | undefined;
  /** What it came to, or is about. */
  readonly figure: string | undefined;
}

/** Says what an entry is, in words and one figure. */
export function useEntryShown(): (entry: Entry) => EntryShown {
  const t = useWords(words);
  const f = useFormat();
  const say = usePointsShown();
  return (entry) => {
    const { act } = entry;
    const points = entry.state === 'booked' ? entry.booked.points : undefined;
    const figure = (): string | undefined => {
      switch (act.kind) {
        case 'earn':
          return points === undefined ? f.money(act.amountFen) : say(points, true);
        case 'offset':
          return `${t.off(f.money(act.offFen))} · ${say(points ?? { [act.pointType]: -act.points })}`;
        case 'voucher':
          return entry.state === 'booked' ? t.off(f.money(entry.booked.fen)) : undefined;
        case 'return':
        case 'return_bill':
          return f.money(act.amountFen);
        case 'undo':
          return Object.keys(points ?? {}).length === 0 ? undefined : say(points ?? {}, true);
      }
    };
    const what = act.kind === 'undo' ? `${t.undo}: ${t[act.what]}` : t[act.kind];
    return { what, number: numberOf(act), figure: figure() };
  };
}

function numberOf(act: Act): string | undefined {
  switch (act.kind) {
    case 'earn':
      return act.orderNo;
    case 'offset':
      return act.billNo;
    case 'voucher':
      return act.useNo;
    case 'return':
    case 'return_bill':
      return act.returnNo;
    case 'undo':
      return undefined;
  }
}
