import type { Input } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Loaded } from '@hongmi/ui/mobile/loaded.tsx';
import { useWrite } from '@hongmi/ui/write.ts';
import { Button } from 'antd-mobile';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { useMe } from '../../app/me.ts';
import { useSaid } from '../../app/said.ts';
import { Card, Page } from '../../design/page.tsx';
import { TOUCHED, useRedemption } from '../redemptions/query.ts';
import type { Redemption } from '../redemptions/standing.ts';
import { caseWords } from './case-words.ts';
import { daysOf, kindsOffered, offersAfterSales, REASONS, unitsOf } from './offered.ts';
import { Pick, PickOne } from './pick.tsx';
import { OurPromise } from './promise.tsx';
import { words } from './words.ts';

type Claim = Omit<Input<'openAfterSalesCase'>, 'id'>;

/** Saying what is wrong, of which units, and what is wanted for it. */
export function NewCasePage({ id }: { readonly id: string }) {
  const t = useWords(words);
  const query = useRedemption(id);
  return (
    <Page title={t.newTitle} up={`~/m/redemptions/${id}`}>
      <Loaded query={query} rows={8}>
        {(redemption) =>
          offersAfterSales(redemption) ? (
            <Form id={id} redemption={redemption} />
          ) : (
            <Empty title={t.gone} />
          )
        }
      </Loaded>
      <OurPromise />
    </Page>
  );
}

function Form({ id, redemption }: { readonly id: string; readonly redemption: Redemption }) {
  const t = useWords(words);
  const f = useFormat();
  const { kinds, reasons } = useWords(caseWords);
  const said = useSaid();
  const noteId = useId();
  const { id: actor } = useMe();
  const [, navigate] = useLocation();
  const offered = kindsOffered(redemption);
  const [kind, setKind] = useState(offered[0] ?? 'quality');
  const [reason, setReason] = useState<string>();
  const units = unitsOf(redemption);
  const [places, setPlaces] = useState<readonly number[]>(units);
  const [note, setNote] = useState('');
  const open = useWrite(
    (claim: Claim, idempotencyKey) =>
      hongmi.openAfterSalesCase({ id, ...claim }, { idempotencyKey }),
    {
      touches: TOUCHED,
      // The form is done with: going back does not lead to it.
      done: (made) => navigate(`~/m/after-sales/${made.id}`, { replace: true }),
    },
  );
  const isComplete = reason !== undefined && places.length > 0;
  return (
    <form
      className="hm-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isComplete) return;
        const isAll = places.length === units.length;
        const words = note.trim();
        void open.send({
          ...{ kind, reason, actor },
          ...(!isAll && { places: [...places].sort((a, b) => a - b) }),
          ...(words !== '' && { note: words }),
        } as Claim);
      }}
    >
      <Card title={said(redemption.name)}>
        <PickOne
          legend={t.kind}
          value={kind}
          options={offered.map((each) => {
            const days = daysOf(redemption, each);
            return {
              value: each,
              label: days === 0 ? kinds[each] : `${kinds[each]} · ${t.days(f.number(days))}`,
              about: t.kindAbout[each],
            };
          })}
          onChange={(next) => {
            setKind(next);
            setReason(undefined);
          }}
        />
      </Card>
      <Card>
        <PickOne
          legend={t.reason}
          value={reason}
          options={REASONS[kind].map((each) => ({ value: each, label: reasons[each] }))}
          onChange={setReason}
        />
      </Card>
      {units.length < 2 ? null : (
        <Card>
          <Pick
            legend={t.which}
            values={places}
            options={units.map((place) => ({ value: place, label: t.nth(f.number(place + 1)) }))}
            onChange={setPlaces}
          />
          {places.length > 0 ? null : <p className="hm-soft">{t.choose}</p>}
        </Card>
      )}
      <Card>
        <div className="hm-form">
          <label htmlFor={noteId}>{t.noteLabel}</label>
          <textarea
            id={noteId}
            rows={3}
            maxLength={500}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
          <p className="hm-soft">{t.noteAbout}</p>
        </div>
      </Card>
      {open.failure === undefined ? null : <FailureShown failure={open.failure} />}
      <Button
        block
        type="submit"
        color="primary"
        size="large"
        disabled={!isComplete}
        loading={open.isSending}
      >
        {t.submit}
      </Button>
    </form>
  );
}
