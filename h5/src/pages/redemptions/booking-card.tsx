import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useMerchantName, useStoreName } from '../../app/merchants.ts';
import { useProgramme } from '../../app/programme.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { Row, Rows } from '../../design/row.tsx';
import { changeableUntil, isChangeable, type Redemption } from './standing.ts';
import { words } from './words.ts';

/** When and where what was booked is, and the way to another time as long as the terms let it. */
export function BookingCard({
  id,
  redemption,
  now,
}: {
  readonly id: string;
  readonly redemption: Redemption;
  readonly now: number;
}) {
  const t = useWords(words);
  const f = useFormat();
  const zone = useProgramme()?.timeZone;
  const merchant = useMerchantName(redemption.merchantId);
  const store = useStoreName(redemption.merchantId, redemption.store);
  const when = useBookedSaid()(redemption.particulars);
  if (when === undefined) return null;
  const until = changeableUntil(redemption);
  return (
    <Card title={t.booking} flush>
      <div className="hm-details">
        <Facts
          rows={[
            [t.when, when],
            [t.where, [merchant, store].filter((each) => each !== undefined).join(' · ')],
            [t.changeable, until === undefined ? t.never : f.instant(new Date(until), zone)],
          ]}
        />
      </div>
      {isChangeable(redemption, now) ? (
        <Rows>
          <Row href={`~/m/redemptions/${id}/move`} title={t.move} about={t.moveAbout} />
        </Rows>
      ) : null}
    </Card>
  );
}

/** A time that is booked, in words; undefined for what has none. */
export function useBookedSaid(): (particulars: Redemption['particulars']) => string | undefined {
  const t = useWords(words);
  const f = useFormat();
  return (particulars) => {
    if (particulars?.kind !== 'booking') return undefined;
    const { day, slot, until } = particulars;
    if (until !== null) return t.nights(f.date(day), f.date(until));
    return slot === null ? f.date(day) : `${f.date(day)} ${slot.replace('-', '–')}`;
  };
}
