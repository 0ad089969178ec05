import { csvOf } from '@hongmi/ui/csv.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { saveBlob } from '@hongmi/ui/save-blob.ts';
import { wallAt } from '@hongmi/ui/wall-time.ts';
import { useTill } from '../app/till.ts';
import { useEntryShown } from '../entries/entry-shown.ts';
import type { Entry } from '../queue/entry.ts';
import { pointColumns } from './point-columns.ts';

const words = wordsOf({
  zh: {
    head: ['时间', '事项', '编号', '门店', '收银员', '金额（元）'],
    end: ['状态', '原因'],
    states: { waiting: '等待入账', booked: '已入账', refused: '未能入账' },
  },
  en: {
    head: ['Time', 'What', 'Number', 'Store', 'Cashier', 'Yuan'],
    end: ['State', 'Why not'],
    states: { waiting: 'waiting', booked: 'booked', refused: 'not booked' },
  },
});

/** Saves a day as a file for a spreadsheet, the earliest entry first. */
export function useSaveDay(): (day: string, entries: readonly Entry[]) => void {
  const t = useWords(words);
  const show = useEntryShown();
  const { store, shop } = useTill();
  return (day, entries) => {
    const columns = pointColumns(entries, shop.pointTypes);
    const head = [...t.head, ...columns.map(({ name }) => name), ...t.end];
    const rows = [...entries].reverse().map((entry) => {
      const { what, number } = show(entry);
      const { at, staff, state } = entry;
      return [
        ...[
          wallAt(at, shop.timeZone).replace('T', ' '),
          what,
          number ?? null,
          entry.store,
          staff.name,
          yuanOf(entry),
        ],
        ...columns.map(({ cell }) => cell(entry)),
        t.states[state],
        state === 'refused' ? entry.why.code : null,
      ];
    });
    const blob = new Blob([csvOf([head, ...rows])], { type: 'text/csv;charset=utf-8' });
    saveBlob(blob, `till-${store ?? shop.merchantId}-${day}.csv`);
  };
}

/** What a sale or return came to, or what was taken off; as text, so that no place is lost. */
function yuanOf(entry: Entry): string | null {
  const { act } = entry;
  if ('amountFen' in act) return (act.amountFen / 100).toFixed(2);
  if (act.kind === 'offset') return (act.offFen / 100).toFixed(2);
  if (act.kind === 'voucher' && entry.state === 'booked')
    return (entry.booked.fen / 100).toFixed(2);
  return null;
}
