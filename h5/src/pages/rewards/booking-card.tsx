import { useCalendarNames } from '@hongmi/ui/calendar-names.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { wallAt } from '@hongmi/ui/wall-time.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { useProgrammeNow } from '../../app/clock.ts';
import { useProgramme } from '../../app/programme.ts';
import { Card } from '../../design/page.tsx';
import { Stepper } from '../../design/stepper.tsx';
import { dayPlus } from '../redemptions/openings.ts';
import {
  nightsBetween,
  nightsFrom,
  openDays,
  WINDOW_DAYS,
  windowFrom,
  windowsAhead,
} from './days.ts';
import type { OneOffer } from './offer.ts';
import type { Particulars, Place } from './order.ts';
import { RadioRow, RadioRows } from './radio-rows.tsx';
import { redeemWords } from './redeem-words.ts';

const MINUTE_MS = 60_000;

type When = Omit<Extract<Particulars, { kind: 'booking' }>, 'kind'>;
/** When, and how many units of the reward that takes: of nights each is one, for each room. */
export interface Booked {
  readonly when: When;
  readonly units: number;
}
type Unit = 'slot' | 'day' | 'night';

/** When it is booked, among what is free: a day and its time, a day, or nights. Four weeks are looked at together. */
export function BookingCard({
  reward: { rewardId },
  unit,
  place,
  unitsMax,
  value,
  onChange,
}: {
  readonly reward: OneOffer;
  readonly unit: Unit;
  readonly place: Place;
  readonly unitsMax: number;
  readonly value: Booked | undefined;
  readonly onChange: (booked: Booked | undefined) => void;
}) {
  const t = useWords(redeemWords);
  const now = useProgrammeNow(MINUTE_MS);
  const zone = useProgramme()?.timeZone ?? 'UTC';
  const today = wallAt(new Date(now), zone).slice(0, 10);
  const [ahead, setAhead] = useState(0);
  const [day, setDay] = useState<string>();
  const from = windowFrom(today, ahead);
  const query = useQuery({
    queryKey: ['availability', rewardId, place, from],
    queryFn: ({ signal }) =>
      hongmi.getRewardAvailability(
        { id: rewardId, ...place, from, to: dayPlus(from, WINDOW_DAYS - 1) },
        { signal },
      ),
  });
  const look = (windows: number): void => {
    setAhead(windows);
    setDay(undefined);
    onChange(undefined);
  };
  return (
    <Card title={t.when}>
      <Loaded query={query} rows={6}>
        {({ items }) => {
          const days = openDays(items);
          const pick = (picked: string): void => {
            setDay(picked);
            if (unit === 'slot') onChange(undefined);
            else if (unit === 'day') onChange({ when: { day: picked }, units: 1 });
            else onChange({ when: { day: picked, until: dayPlus(picked, 1) }, units: 1 });
          };
          return (
            <div className="hm-stack">
              <Days from={from} open={days} value={day} onChange={pick} />
              {days.size === 0 ? <p className="hm-soft">{t.noDay}</p> : null}
              {day === undefined ? null : unit === 'night' ? (
                value && <Nights {...{ days, unitsMax, value, onChange }} />
              ) : (
                <Times
                  openings={days.get(day) ?? []}
                  value={value?.when.slot}
                  onChange={(slot) => onChange({ when: { day, slot }, units: 1 })}
                />
              )}
            </div>
          );
        }}
      </Loaded>
      <div className="hm-weeks">
        <Button size="small" disabled={ahead === 0} onClick={() => look(ahead - 1)}>
          {t.earlier}
        </Button>
        <Button size="small" disabled={ahead >= windowsAhead} onClick={() => look(ahead + 1)}>
          {t.later}
        </Button>
      </div>
    </Card>
  );
}

type Days = ReturnType<typeof openDays>;

/** Four weeks, a row each; what is not free cannot be chosen. */
function Days({
  from,
  open,
  value,
  onChange,
}: {
  readonly from: string;
  readonly open: Days;
  readonly value: string | undefined;
  readonly onChange: (day: string) => void;
}) {
  const t = useWords(redeemWords);
  const f = useFormat();
  const names = useCalendarNames();
  const months = new Set([from, dayPlus(from, WINDOW_DAYS - 1)].map((day) => day.slice(0, 7)));
  return (
    <fieldset className="hm-calendar">
      <legend className="hm-hidden">{t.weeks}</legend>
      <p className="hm-calendar-months" aria-hidden="true">
        {[...months].map((month) => names.month(Number(month.slice(5)))).join(' – ')}
      </p>
      {Array.from({ length: 7 }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place in the week is what it is
        <span key={place} className="hm-calendar-name" aria-hidden="true">
          {names.weekday(place + 1)}
        </span>
      ))}
      {Array.from({ length: WINDOW_DAYS }, (_, ahead) => dayPlus(from, ahead)).map((day) => (
        <label key={day} className="hm-calendar-day">
          <input
            type="radio"
            name="day"
            aria-label={open.has(day) ? f.date(day) : `${f.date(day)} ${t.closed}`}
            disabled={!open.has(day)}
            checked={day === value}
            onChange={() => onChange(day)}
          />
          <span>{Number(day.slice(8))}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The slots of a day; of what is booked for a whole day, how many places it has. */
function Times({
  openings,
  value,
  onChange,
}: {
  readonly openings: NonNullable<ReturnType<Days['get']>>;
  readonly value: string | undefined;
  readonly onChange: (slot: string) => void;
}) {
  const t = useWords(redeemWords);
  const f = useFormat();
  const [first] = openings;
  if (first === undefined) return null;
  if (first.slot === null) return <p className="hm-soft">{t.places(f.number(first.left))}</p>;
  return (
    <RadioRows label={t.times}>
      {openings.map(({ slot, left }) =>
        slot === null ? null : (
          <RadioRow key={slot} name="slot" checked={slot === value} onChange={() => onChange(slot)}>
            <span className="hm-number">{slot.replace('-', '–')}</span>{' '}
            <span className="hm-soft">{t.places(f.number(left))}</span>
          </RadioRow>
        ),
      )}
    </RadioRows>
  );
}

/** How many nights, and rooms: no more than are free in a row, and than can be had at once. */
function Nights({
  days,
  unitsMax,
  value: {
    when: { day, until = dayPlus(day, 1) },
    units,
  },
  onChange,
}: {
  readonly days: Days;
  readonly unitsMax: number;
  readonly value: Booked;
  readonly onChange: (booked: Booked) => void;
}) {
  const t = useWords(redeemWords);
  const f = useFormat();
  const nights = nightsBetween(day, until);
  const rooms = units / nights;
  const choose = (nights: number, rooms: number): void =>
    onChange({ when: { day, until: dayPlus(day, nights) }, units: nights * rooms });
  const free = Math.max(1, ...(days.get(day) ?? []).map(({ left }) => left));
  const roomsMax = Math.min(free, Math.floor(unitsMax / nights));
  return (
    <>
      <Stepper
        label={t.nights}
        value={nights}
        max={Math.min(nightsFrom(days, day, rooms), Math.floor(unitsMax / rooms))}
        onChange={(next) => choose(next, rooms)}
      />
      {roomsMax < 2 ? null : (
        <Stepper
          label={t.rooms}
          value={rooms}
          max={roomsMax}
          onChange={(next) => choose(Math.min(nights, nightsFrom(days, day, next)), next)}
        />
      )}
      <p className="hm-soft">{t.stay(f.date(day), f.date(until))}</p>
    </>
  );
}
