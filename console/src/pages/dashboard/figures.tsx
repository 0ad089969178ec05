import type { components } from '@hongmi/sdk';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Figure } from '../../design/page.tsx';
import { Money, Points } from '../../design/values.tsx';
import { Change } from './change.tsx';
import { words } from './words.ts';

type Overview = components['schemas']['InsightOverview'];

/** What happened in the days that are looked at, beside those before, and where that led. */
export function Figures({
  overview,
  scale,
}: {
  readonly overview: Overview;
  readonly scale: number;
}) {
  const t = useWords(words).figures;
  const f = useFormat();
  const { figures: now, before, outstanding, active, merchantId } = overview;
  const then = before.figures;
  const points = (value: number) => <Points value={value} scale={scale} />;
  return (
    <div className="hm-figures" data-many="true">
      <Figure
        name={t.issued}
        value={points(now.issued)}
        more={<Change now={now.issued} before={then.issued} />}
      />
      <Figure
        name={merchantId === null ? t.redeemed : t.redeemedHere}
        value={points(now.redeemed)}
        more={
          <>
            <Change now={now.redeemed} before={then.redeemed} />
            {/* Apart: what was redeemed before these days may come back in them. */}
            {now.refunded === 0 ? null : ` · ${t.givenBack(f.points(now.refunded, scale))}`}
          </>
        }
      />
      {merchantId === null ? null : (
        <Figure
          name={t.used}
          value={points(now.used)}
          more={<Change now={now.used} before={then.used} />}
        />
      )}
      <Figure
        name={t.expired}
        value={points(now.expired)}
        more={<Change now={now.expired} before={then.expired} />}
      />
      <Figure
        name={t.outstanding}
        value={points(outstanding.atEnd.points)}
        more={<Change now={outstanding.atEnd.points} before={outstanding.atBegin.points} />}
      />
      <Figure
        name={t.liability}
        value={<Money fen={outstanding.atEnd.liabilityFen} />}
        more={
          outstanding.atEnd.unpriced === 0 ? (
            <Change
              now={outstanding.atEnd.liabilityFen}
              before={outstanding.atBegin.liabilityFen}
            />
          ) : (
            t.unpriced(f.points(outstanding.atEnd.unpriced, scale))
          )
        }
      />
      <Figure
        name={t.activeOf(active.lastMonth.date.slice(0, 7))}
        value={<Points value={active.lastMonth.members} />}
        more={t.activeDay(f.number(active.lastDay.members))}
      />
    </div>
  );
}
