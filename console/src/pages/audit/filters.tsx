import { useFilter } from '@hongmi/ui/address.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useMerchantNames } from '../../app/names.ts';
import { useProgramme } from '../../app/programme.tsx';
import { useSession } from '../../app/session.ts';
import { endOfDay, startOfDay } from '../../app/zone.ts';
import { RESULTS, type Result } from './entry-details.tsx';
import { operationWords } from './operation-words.ts';
import { words } from './words.ts';

/** A day that there is: what somebody wrote into the address may be none. */
const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** What is asked of the log, from the address of the page: a link shows the same to somebody else. */
export interface Asked {
  readonly from?: string;
  readonly until?: string;
  readonly operation?: string;
  readonly outcome?: Result;
  readonly merchantId?: string;
  readonly actorId?: string;
  readonly about?: string;
}

export function useAsked(): Asked {
  const timeZone = useProgramme()?.timeZone ?? 'Asia/Shanghai';
  const [from] = useFilter('from');
  const [until] = useFilter('until');
  const [operation] = useFilter('operation');
  const [given] = useFilter('outcome');
  const [merchantId] = useFilter('merchant');
  const [actorId] = useFilter('actor');
  const [about] = useFilter('about');
  const outcome = RESULTS.find((each) => each === given);
  return {
    ...(isDay(from) && { from: startOfDay(from, timeZone) }),
    // The last day is meant with all its hours.
    ...(isDay(until) && { until: endOfDay(until, timeZone) }),
    ...(operation && { operation }),
    ...(outcome && { outcome }),
    ...(merchantId && { merchantId }),
    ...(actorId && { actorId }),
    ...(about && { about }),
  };
}

export function Filters() {
  const t = useWords(words);
  const named = useWords(operationWords);
  const { merchantId: ownMerchant } = useSession();
  const merchants = [...useMerchantNames()].map(([value, label]) => ({ value, label }));
  const [from, setFrom] = useFilter('from');
  const [until, setUntil] = useFilter('until');
  const [operation, setOperation] = useFilter('operation');
  const [outcome, setOutcome] = useFilter('outcome');
  const [merchant, setMerchant] = useFilter('merchant');
  const [actor, setActor] = useFilter('actor');
  const [about, setAbout] = useFilter('about');
  const operations = Object.entries(named).map(([value, label]) => ({ value, label }));
  // One that a link names, and that has no words here.
  if (operation !== undefined && !Object.hasOwn(named, operation))
    operations.push({ value: operation, label: operation });
  return (
    <div className="hm-filters hm-card-body">
      <label>
        {t.from}
        <Input
          type="date"
          value={from ?? ''}
          max={until}
          onChange={({ target }) => setFrom(target.value || undefined)}
        />
      </label>
      <label>
        {t.until}
        <Input
          type="date"
          value={until ?? ''}
          min={from}
          onChange={({ target }) => setUntil(target.value || undefined)}
        />
      </label>
      <label>
        {t.operation}
        <Select
          aria-label={t.operation}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t.anything}
          value={operation ?? null}
          onChange={(next) => setOperation(next ?? undefined)}
          options={operations}
          popupMatchSelectWidth={false}
          style={{ minWidth: 180 }}
        />
      </label>
      <label>
        {t.outcome}
        <Select
          aria-label={t.outcome}
          allowClear
          placeholder={t.anyOutcome}
          value={RESULTS.find((each) => each === outcome) ?? null}
          onChange={(next) => setOutcome(next ?? undefined)}
          options={RESULTS.map((value) => ({ value, label: t.outcomes[value] }))}
          style={{ minWidth: 120 }}
        />
      </label>
      {ownMerchant === null && merchants.length > 0 ? (
        <label>
          {t.merchant}
          <Select
            aria-label={t.merchant}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t.allMerchants}
            value={merchant ?? null}
            onChange={(next) => setMerchant(next ?? undefined)}
            options={merchants}
            popupMatchSelectWidth={false}
            style={{ minWidth: 160 }}
          />
        </label>
      ) : null}
      <About value={about} onEnter={setAbout} />
      {actor === undefined ? null : (
        <div className="hm-actions">
          <span className="hm-soft">{t.ofOne}</span>
          <Button size="small" onClick={() => setActor(undefined)}>
            {t.everybody}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Asked for once it is typed to its end. */
function About({
  value,
  onEnter,
}: {
  readonly value: string | undefined;
  readonly onEnter: (value: string | undefined) => void;
}) {
  const t = useWords(words);
  const [typed, setTyped] = useState(value ?? '');
  useEffect(() => setTyped(value ?? ''), [value]);
  const enter = (): void => onEnter(typed.trim() || undefined);
  return (
    <label>
      {t.subject}
      <Input
        value={typed}
        allowClear
        maxLength={128}
        placeholder={t.aboutHint}
        autoComplete="off"
        onChange={({ target }) => {
          setTyped(target.value);
          if (target.value === '') onEnter(undefined);
        }}
        onPressEnter={enter}
        onBlur={enter}
      />
    </label>
  );
}
