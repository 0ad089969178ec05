import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { wallAt } from '@hongmi/ui/wall-time.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd-mobile';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useProgrammeNow } from '../../app/clock.ts';
import { goBackOr } from '../../app/history.ts';
import { useProgramme } from '../../app/programme.ts';
import { Card, Page } from '../../design/page.tsx';
import { useBookedSaid } from './booking-card.tsx';
import { byDay, dayPlus, isBookedNow, type Opening, type Target, targetOf } from './openings.ts';
import { TOUCHED, useRedemption } from './query.ts';
import { isChangeable, type Redemption } from './standing.ts';
import { words } from './words.ts';
import './redemptions.css';

const SHOWN_DAYS = 7;

type Booked = Extract<NonNullable<Redemption['particulars']>, { kind: 'booking' }>;

/** Another time for what is booked: the one place is given up for the other at once. */
export function MovePage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useRedemption(id);
  const now = useProgrammeNow();
  const zone = useProgramme()?.timeZone;
  return (
    <Page title={t.moveTitle} up={`~/m/redemptions/${id}`}>
      <Loaded query={query} rows={8}>
        {(redemption) =>
          redemption.particulars?.kind !== 'booking' || !isChangeable(redemption, now) ? (
            <Empty title={t.moveGone} />
          ) : zone === undefined ? null : (
            <Openings
              id={id}
              redemption={redemption}
              booked={redemption.particulars}
              today={wallAt(new Date(now), zone).slice(0, 10)}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function Openings({
  id,
  redemption,
  booked,
  today,
}: {
  readonly id: string;
  readonly redemption: Redemption;
  readonly booked: Booked;
  readonly today: string;
}) {
  const t = useWords(words);
  const f = useFormat();
  const said = useBookedSaid();
  const [, navigate] = useLocation();
  const [from, setFrom] = useState(booked.day > today ? booked.day : today);
  const [target, setTarget] = useState<Target>();
  const { rewardId, merchantId, store } = redemption;
  const openings = useQuery({
    queryKey: ['openings', rewardId, merchantId, store, from],
    queryFn: ({ signal }) =>
      hongmi.getRewardAvailability(
        {
          ...{ id: rewardId, merchantId, from, to: dayPlus(from, SHOWN_DAYS - 1) },
          ...(store !== null && { store }),
        },
        { signal },
      ),
  });
  const move = useWrite(
    (to: Target, idempotencyKey) => hongmi.moveBooking({ id, ...to }, { idempotencyKey }),
    {
      touches: [...TOUCHED, ['openings']],
      done: () => goBackOr(() => navigate(`~/m/redemptions/${id}`, { replace: true })),
    },
  );
  const turn = (days: number) => () => {
    const next = dayPlus(from, days);
    setFrom(next < today ? today : next);
  };
  return (
    <form
      className="hm-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (target !== undefined) void move.send(target);
      }}
    >
      <p className="hm-soft">{t.moveFrom(said(booked) ?? '')}</p>
      <div className="hm-actions">
        <Button size="small" disabled={from <= today} onClick={turn(-SHOWN_DAYS)}>
          {t.weekBefore}
        </Button>
        <Button size="small" onClick={turn(SHOWN_DAYS)}>
          {t.weekAfter}
        </Button>
      </div>
      <Loaded query={openings} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t.moveNone} />
          ) : (
            byDay(items).map(([day, of]) => (
              <Card key={day} title={f.date(day)}>
                <fieldset className="hm-slots">
                  <legend className="hm-hidden">{f.date(day)}</legend>
                  {of.map((each) => (
                    <Slot
                      key={each.slot ?? ''}
                      opening={each}
                      isNow={isBookedNow(each, booked)}
                      isChosen={target?.day === day && target.slot === (each.slot ?? undefined)}
                      choose={() => setTarget(targetOf(each, booked))}
                    />
                  ))}
                </fieldset>
              </Card>
            ))
          )
        }
      </Loaded>
      {target === undefined ? null : (
        <div className="hm-foot">
          {move.failure === undefined ? null : <FailureShown failure={move.failure} />}
          <Button block color="primary" size="large" type="submit" loading={move.isSending}>
            {t.moveTo(said({ ...booked, slot: null, until: null, ...target }) ?? '')}
          </Button>
        </div>
      )}
    </form>
  );
}

function Slot({
  opening: { slot, left, open },
  isNow,
  isChosen,
  choose,
}: {
  readonly opening: Opening;
  readonly isNow: boolean;
  readonly isChosen: boolean;
  readonly choose: () => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  return (
    <label>
      <input
        type="radio"
        name="to"
        checked={isChosen}
        disabled={!open || isNow}
        onChange={choose}
      />
      <span>
        {slot === null ? null : <strong className="hm-number">{slot.replace('-', '–')}</strong>}
        <span className="hm-row-about">
          {isNow ? t.moveNow : open ? t.moveLeft(f.number(left)) : t.moveFull}
        </span>
      </span>
    </label>
  );
}
