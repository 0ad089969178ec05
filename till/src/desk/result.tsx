import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Button } from 'antd-mobile';
import { useEffect, useRef } from 'react';
import { useEntries, useTill } from '../app/till.ts';
import { useEntryShown } from '../entries/entry-shown.ts';
import { UndoButton } from '../entries/undo-button.tsx';
import { WhyNot } from '../entries/why-not.tsx';
import type { Entry } from '../queue/entry.ts';
import type { Deal } from './use-deal.ts';
import { WhyPoints } from './why-points.tsx';

const words = wordsOf({
  zh: {
    booked: '已入账',
    waiting: '已记下，联网后自动入账',
    waitingWhy: '记录已保存在本机，关机、刷新都不会丢失。',
    refused: '未能入账',
    next: '下一位',
    earnRest: (money: string) => `为余款 ${money} 记积分`,
    rest: (money: string) => `请收 ${money}`,
    cashBack: (money: string) => `请退现金 ${money}`,
    cashLater: '其中多少退现金、多少退积分，入账后才知道：请勿先退现金。',
  },
  en: {
    booked: 'Booked',
    waiting: 'Noted; it is booked once the network is back',
    waitingWhy: 'It is kept on this machine: neither a reload nor a power cut loses it.',
    refused: 'Not booked',
    next: 'Next customer',
    earnRest: (money: string) => `Give points for the other ${money}`,
    rest: (money: string) => `Take ${money}`,
    cashBack: (money: string) => `Give ${money} back in cash`,
    cashLater:
      'How much of it goes back in cash, and how much in points, is known once it is booked: give none before.',
  },
});

const TONES = { booked: 'good', waiting: 'warn', refused: 'bad' } as const;

/** What came of it, so large that both sides of the counter read it. */
export function Result({ deal, entry: made }: { readonly deal: Deal; readonly entry: Entry }) {
  const t = useWords(words);
  const f = useFormat();
  const show = useEntryShown();
  const heading = useRef<HTMLHeadingElement>(null);
  // Who cannot see it hears it.
  useEffect(() => heading.current?.focus(), []);
  const till = useTill();
  // Who stands there reads why at once; who went to another page meanwhile finds it among what failed.
  useEffect(() => void till.acknowledge(made), [till, made]);
  // What waited may be booked while it is looked at.
  const entry = useEntries().find(({ key }) => key === made.key) ?? made;
  const { state, act } = entry;
  const shown = show(entry);
  const restFen = leftToPay(entry);
  return (
    <div className="till-result">
      <h1
        ref={heading}
        tabIndex={-1}
        className="till-verdict"
        data-tone={TONES[state]}
        // Who has no hand free for the screen goes on by the keyboard.
        onKeyDown={({ key, repeat, defaultPrevented }) => {
          // A scanner's Enter was taken already, and a key that is held down was meant for the page before.
          if (key === 'Enter' && !repeat && !defaultPrevented) deal.next();
        }}
      >
        {t[state]}
      </h1>
      <p className="till-what">{shown.what}</p>
      {shown.figure === undefined ? null : <p className="till-big hm-number">{shown.figure}</p>}
      {state === 'waiting' ? <p className="hm-soft">{t.waitingWhy}</p> : null}
      {state === 'waiting' && act.kind === 'return_bill' ? (
        <p className="till-warn">{t.cashLater}</p>
      ) : null}
      {entry.state === 'refused' ? <WhyNot why={entry.why} /> : null}
      {entry.state === 'booked' && act.kind === 'earn' && entry.booked.id !== null ? (
        <WhyPoints orderId={entry.booked.id} />
      ) : null}
      {state !== 'refused' && restFen !== undefined ? (
        <p className="till-figure hm-number">{t.rest(f.money(restFen))}</p>
      ) : null}
      {entry.state === 'booked' && act.kind === 'return_bill' && entry.booked.fen > 0 ? (
        <p className="till-figure hm-number">{t.cashBack(f.money(entry.booked.fen))}</p>
      ) : null}
      <div className="till-stack">
        <Button block color="primary" size="large" onClick={() => deal.next()}>
          {t.next}
        </Button>
        {state !== 'refused' && restFen !== undefined && restFen > 0 && deal.customer ? (
          <Button
            block
            size="large"
            onClick={() => deal.next({ typed: (restFen / 100).toFixed(2) })}
          >
            {t.earnRest(f.money(restFen))}
          </Button>
        ) : null}
        <UndoButton entry={entry} done={() => deal.next()} />
      </div>
    </div>
  );
}

/** Of a bill that something was taken off: what the customer still pays. */
function leftToPay(entry: Entry): number | undefined {
  const { act } = entry;
  if (act.kind === 'offset') return act.billFen - act.offFen;
  if (act.kind === 'voucher' && entry.state === 'booked' && act.billFen > 0)
    return act.billFen - entry.booked.fen;
  return undefined;
}
