import { useConnection } from '@hongmi/ui/connection.ts';
import { failureOf } from '@hongmi/ui/failure.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { hongmi } from '../app/api.ts';
import { newNumber, useEntries, useTill } from '../app/till.ts';
import { type Sale, saleOfOrder, salesOf } from './sale.ts';
import { readScanned } from './scanned.ts';
import type { Deal } from './use-deal.ts';

const words = wordsOf({
  zh: {
    number: '小票号',
    hint: '扫小票，或输入小票号',
    find: '查找',
    recent: '这台收银机最近的账',
    none: '没有可退的账。请输入小票号。',
    notFound: '没有找到这张小票。',
    allBack: '这张小票已全部退完。',
    offline: '断网时只能退这台收银机最近记的账。',
    order: '记积分',
    bill: '积分抵扣',
    whole: (money: string) => `全退 ${money}`,
    part: (money: string) => `只退 ${money}`,
    partHint: '先在主屏输入金额，可只退一部分。',
    other: '选另一张',
  },
  en: {
    number: 'Number of the receipt',
    hint: 'Scan the receipt, or type its number',
    find: 'Find',
    recent: 'The latest of this till',
    none: 'There is nothing to take back. Type the number of the receipt.',
    notFound: 'There is no such receipt.',
    allBack: 'Everything of this receipt came back already.',
    offline: 'While offline, only what this till rang up lately can be taken back.',
    order: 'Points given',
    bill: 'Paid with points',
    whole: (money: string) => `All of it, ${money}`,
    part: (money: string) => `Only ${money}`,
    partHint: 'Type an amount on the till first to take back a part.',
    other: 'Another one',
  },
});

/** Goods that come back: which sale, then how much of it. */
export function ReturnSheet({ deal }: { readonly deal: Deal }) {
  const [number, setNumber] = useState(deal.scanned);
  const [chosen, setChosen] = useState<Sale>();
  const entries = useEntries();
  const own = salesOf(entries, deal.customer?.lane);
  const sale = chosen ?? own.find((each) => each.number === number);
  if (sale !== undefined)
    return (
      <HowMuch
        deal={deal}
        sale={sale}
        back={() => {
          setChosen(undefined);
          setNumber('');
        }}
      />
    );
  return <Which own={own} number={number} ask={setNumber} choose={setChosen} />;
}

function Which({
  own,
  number,
  ask,
  choose,
}: {
  readonly own: readonly Sale[];
  readonly number: string;
  readonly ask: (number: string) => void;
  readonly choose: (sale: Sale) => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const { shop } = useTill();
  const { isReachable } = useConnection();
  const { merchantId } = shop;
  const query = useQuery({
    queryKey: ['receipt', number],
    // What came back a moment ago counts.
    staleTime: 0,
    gcTime: 0,
    enabled: number !== '' && isReachable,
    queryFn: async () => saleOfOrder(await hongmi.findOrder({ merchantId, orderNo: number })),
  });
  const failure = query.error === null ? undefined : failureOf(query.error);
  const isAllBack = query.data !== undefined && query.data.leftFen <= 0;
  const sales = [...(query.data === undefined || isAllBack ? [] : [query.data]), ...own];
  return (
    <div className="till-stack">
      <form
        className="till-scan"
        onSubmit={(event) => {
          event.preventDefault();
          const told = String(new FormData(event.currentTarget).get('number') ?? '').trim();
          const scanned = readScanned(told);
          // A number of ours in small letters is still ours.
          ask(scanned?.kind === 'receipt' ? scanned.orderNo : told);
        }}
      >
        <label>
          <span className="hm-hidden">{t.number}</span>
          <input name="number" placeholder={t.hint} defaultValue={number} autoComplete="off" />
        </label>
        <Button type="submit">{t.find}</Button>
      </form>
      {number !== '' && !isReachable ? <Notice tone="warn" title={t.offline} /> : null}
      {failure?.kind === 'refused' && failure.problem.status === 404 ? (
        <Notice tone="bad" title={t.notFound} />
      ) : failure === undefined ? null : (
        <FailureShown failure={failure} />
      )}
      {isAllBack ? <Notice tone="warn" title={t.allBack} /> : null}
      <h3>{t.recent}</h3>
      {sales.length === 0 ? <p className="hm-soft">{t.none}</p> : null}
      <ul className="till-list">
        {sales.map((sale) => (
          <li key={sale.number}>
            <button type="button" onClick={() => choose(sale)}>
              <span>
                {sale.kind === 'order' ? t.order : t.bill}{' '}
                <span className="hm-code">{sale.number}</span>
              </span>
              <span className="hm-number">{f.money(sale.leftFen)}</span>
              <span className="hm-soft">{f.instant(sale.at, shop.timeZone)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function HowMuch({
  deal,
  sale,
  back,
}: {
  readonly deal: Deal;
  readonly sale: Sale;
  readonly back: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const till = useTill();
  const { amountFen } = deal;
  const mayBePart = sale.isDivisible && amountFen > 0 && amountFen < sale.leftFen;
  const give = (part: number | null): void =>
    void deal.book(sale.back(newNumber('R', till), part), sale);
  return (
    <div className="till-stack">
      <p>
        {sale.kind === 'order' ? t.order : t.bill} <span className="hm-code">{sale.number}</span>
      </p>
      <Button block color="primary" size="large" loading={deal.isBusy} onClick={() => give(null)}>
        {t.whole(f.money(sale.leftFen))}
      </Button>
      {mayBePart ? (
        <Button block size="large" disabled={deal.isBusy} onClick={() => give(amountFen)}>
          {t.part(f.money(amountFen))}
        </Button>
      ) : sale.isDivisible ? (
        <p className="hm-soft">{t.partHint}</p>
      ) : null}
      <Button block fill="none" onClick={back}>
        {t.other}
      </Button>
    </div>
  );
}
