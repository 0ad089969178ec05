import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Card } from '../../design/page.tsx';
import { type Event, Timeline } from '../../design/timeline.tsx';
import type { Redemption } from './standing.ts';
import { words } from './words.ts';

/** When it was asked for and given back, and the number to name it by; what is delivered has a story of its own. */
export function HistoryCard({
  id,
  redemption: { askedAt, confirmedAt, cash },
}: {
  readonly id: string;
  readonly redemption: Redemption;
}) {
  const t = useWords(words);
  const f = useFormat();
  const happened: readonly (Omit<Event, 'at'> & { readonly at: string | null | undefined })[] = [
    { key: 'asked', at: askedAt, title: t.asked },
    { key: 'confirmed', at: confirmedAt, title: t.confirmed },
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
