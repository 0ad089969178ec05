import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { usePointTypeName } from '../../app/programme.ts';
import { Card } from '../../design/page.tsx';
import { type Event, Timeline } from '../../design/timeline.tsx';
import { usePointsText } from '../../design/values.tsx';
import { historyWords } from './history-words.ts';
import type { Redemption } from './standing.ts';
import { words } from './words.ts';

type Happened = Omit<Event, 'at'> & { readonly at: string | null | undefined };

/** When it was asked for, used and given back, and the number to name it by; what is delivered has a story of its own. */
export function HistoryCard({
  id,
  redemption,
}: {
  readonly id: string;
  readonly redemption: Redemption;
}) {
  const t = useWords(words);
  const h = useWords(historyWords);
  const f = useFormat();
  const returns = useBillReturns(id, redemption);
  const { askedAt, confirmedAt, cancelledAt, vouchers, cash } = redemption;
  const happened: readonly Happened[] = [
    { key: 'asked', at: askedAt, title: t.asked },
    { key: 'confirmed', at: confirmedAt, title: t.confirmed },
    ...vouchers.map(({ place, usedAt }) => ({
      ...{ key: `used ${place}`, at: usedAt },
      title: vouchers.length === 1 ? h.used : h.usedNth(f.number(place + 1)),
    })),
    ...returns,
    { key: 'cancelled', at: cancelledAt, title: h.cancelled },
    ...(cash?.refunds ?? []).map(({ refundNo, amountFen, askedAt, state }) => ({
      ...{ key: refundNo, at: askedAt, title: t.refund(f.money(amountFen)) },
      note: t.refundStates[state],
    })),
  ];
  const events = happened
    .flatMap(({ at, ...event }) => (at === null || at === undefined ? [] : [{ ...event, at }]))
    .sort((a, b) => a.at.localeCompare(b.at));
  return (
    <Card title={t.history}>
      <Timeline events={events} />
      <p className="hm-soft">
        {t.number} <span className="hm-code">{id}</span>
      </p>
    </Card>
  );
}

/** What came back of a bill that points were taken off: with the goods, pro rata. */
function useBillReturns(
  id: string,
  { particulars, price, quantity }: Redemption,
): readonly Happened[] {
  const h = useWords(historyWords);
  const f = useFormat();
  const pointsText = usePointsText();
  const typeName = usePointTypeName();
  const { data } = useQuery({
    queryKey: ['redemption', id, 'returns'],
    queryFn: ({ signal }) => hongmi.listBillReturns({ id }, { signal }),
    enabled: particulars?.kind === 'bill',
  });
  return (data?.items ?? []).map(({ returnNo, returnedAt, returnedFen, units, ...back }) => {
    const said = back.pointsBack ? h.pointsBack : h.pointsComing;
    const parts = units === 0 ? [] : price;
    const note = [
      ...parts.map(({ pointType, points }) =>
        said(pointsText((points / quantity) * units, pointType), typeName(pointType)),
      ),
      ...(back.cashFen === 0 ? [] : [h.cashBack(f.money(back.cashFen))]),
    ];
    return {
      ...{ key: `return ${returnNo}`, at: returnedAt, title: h.goodsBack(f.money(returnedFen)) },
      note: note.join(' · '),
    };
  });
}
