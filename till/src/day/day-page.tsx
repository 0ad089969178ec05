import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button } from 'antd-mobile';
import { dayIn } from '../app/clock.ts';
import { useEntries, useTill } from '../app/till.ts';
import { EntryRow } from '../entries/entry-row.tsx';
import { usePointsShown } from '../entries/points-shown.ts';
import { UndoButton } from '../entries/undo-button.tsx';
import { sumOf } from './day-sum.ts';
import { useSaveDay } from './save-day.ts';

const words = wordsOf({
  zh: {
    title: '今日小结',
    till: '仅这台收银机',
    sales: '记积分的销售',
    earned: '发出积分',
    offsets: '积分抵扣',
    burned: '收到积分',
    vouchers: '用券',
    returns: '退货',
    takenBack: '退货收回的积分',
    givenBack: '退货退还的积分',
    undone: '撤销',
    waiting: '等待入账',
    failed: '未能入账',
    print: '打印',
    save: '存为 CSV',
    entries: '明细',
    none: '今天还没有账。',
    times: (count: string, money: string) => `${count} 笔 · ${money}`,
    count: (count: string) => `${count} 笔`,
  },
  en: {
    title: 'Today',
    till: 'Of this till alone',
    sales: 'Sales with points',
    earned: 'Points given',
    offsets: 'Paid with points',
    burned: 'Points taken',
    vouchers: 'Vouchers used',
    returns: 'Goods back',
    takenBack: 'Points taken for goods back',
    givenBack: 'Points returned for goods back',
    undone: 'Undone',
    waiting: 'To be booked',
    failed: 'Could not be booked',
    print: 'Print',
    save: 'Save as CSV',
    entries: 'One by one',
    none: 'Nothing was rung up today.',
    times: (count: string, money: string) => `${count} · ${money}`,
    count: (count: string) => count,
  },
});

/** What the day at this till came to, and each entry of it. */
export function DayPage() {
  const t = useWords(words);
  const f = useFormat();
  const till = useTill();
  const dayOf = dayIn(till.shop.timeZone);
  const day = dayOf(till.now());
  const entries = useEntries().filter(({ at }) => dayOf(at) === day);
  const sum = sumOf(entries);
  const save = useSaveDay();
  const say = usePointsShown();
  const facts: readonly [string, string][] = [
    [t.sales, t.times(f.number(sum.sales), f.money(sum.salesFen))],
    [t.earned, say(sum.earned)],
    [t.offsets, t.times(f.number(sum.offsets), f.money(sum.offsetFen))],
    [t.burned, say(sum.burned)],
    [t.vouchers, t.times(f.number(sum.vouchers), f.money(sum.voucherFen))],
    [t.returns, t.times(f.number(sum.returns), f.money(sum.returnedFen))],
    [t.takenBack, say(sum.takenBack)],
    [t.givenBack, say(sum.givenBack)],
    [t.undone, t.count(f.number(sum.undone))],
    [t.waiting, t.count(f.number(sum.waiting))],
    [t.failed, t.count(f.number(sum.failed))],
  ];
  return (
    <div className="till-page">
      <h1>{t.title}</h1>
      <p className="hm-soft">
        {f.date(day)} · {till.shop.name} · {t.till}
      </p>
      <dl className="till-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="hm-number">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="till-row till-screen-only">
        <Button onClick={() => print()}>{t.print}</Button>
        <Button disabled={entries.length === 0} onClick={() => save(day, entries)}>
          {t.save}
        </Button>
      </div>
      <h2>{t.entries}</h2>
      {entries.length === 0 ? <p className="hm-soft">{t.none}</p> : null}
      <ul className="till-list">
        {entries.map((entry) => (
          <EntryRow key={entry.key} entry={entry}>
            <div className="till-screen-only">
              <UndoButton entry={entry} done={() => undefined} />
            </div>
          </EntryRow>
        ))}
      </ul>
    </div>
  );
}
