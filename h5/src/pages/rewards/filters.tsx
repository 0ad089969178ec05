import { useFilter } from '@hongmi/ui/address.ts';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearch } from 'wouter';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.ts';
import { Choice } from '../../design/choice.tsx';
import { KINDS, NAMED_MAX, POINTS_MAX } from './looked-for.ts';
import { words } from './words.ts';

const FILTERS = ['merchant', 'kind', 'type', 'max', 'order'];
const HOUR_MS = 3_600_000;
/** After the last key: nobody wants what every letter finds. */
const TYPED_MS = 350;

/** What is looked for. All of it stands in the address, so that going back finds the same list. */
export function Filters({ programme }: { readonly programme: Programme }) {
  const t = useWords(words);
  const f = useFormat();
  const search = useSearch();
  const [can, setCan] = useFilter('can');
  // As it was come to: what is set is in sight, and stays there while more of it is.
  const [isOpen, setOpen] = useState(() =>
    FILTERS.some((each) => new URLSearchParams(search).has(each)),
  );
  const { data: merchants = [] } = useQuery({
    queryKey: ['merchants', programme.code],
    queryFn: () => hongmi.pages('listMerchants', { programme: programme.code }).all(),
    staleTime: HOUR_MS,
    enabled: isOpen,
  });
  const types = programme.pointTypes.map(({ code, name }) => ({ value: code, label: name }));
  return (
    <search className="hm-looking">
      <Named />
      <Choice
        label={t.shown}
        value={can === 'now' ? 'now' : 'all'}
        options={[
          { value: 'all', label: t.all },
          { value: 'now', label: t.nowOnly },
        ]}
        onChange={(value) => setCan(value === 'now' ? value : undefined)}
      />
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{t.narrow}</summary>
        <div className="hm-filter-row">
          <Filter
            name="merchant"
            label={t.merchant}
            any={t.anyMerchant}
            options={merchants.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Filter
            name="kind"
            label={t.kind}
            any={t.anyKind}
            options={KINDS.map((value) => ({ value, label: t.kinds[value] }))}
          />
          {types.length < 2 ? null : (
            <Filter name="type" label={t.pointType} any={t.anyPoints} options={types} />
          )}
          <Filter
            name="max"
            label={t.price}
            any={t.anyPrice}
            options={POINTS_MAX.map((most) => ({
              value: String(most),
              label: t.atMost(f.number(most)),
            }))}
          />
          <Filter
            name="order"
            label={t.order}
            any={t.byAge}
            options={[{ value: 'points', label: t.byPoints }]}
          />
        </div>
      </details>
    </search>
  );
}

function Filter({
  name,
  label,
  any,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}) {
  const [value, set] = useFilter(name);
  return (
    <select
      className="hm-filter"
      aria-label={label}
      data-set={value !== undefined}
      value={value ?? ''}
      onChange={({ target }) => set(target.value)}
    >
      <option value="">{any}</option>
      {options.map((each) => (
        <option key={each.value} value={each.value}>
          {each.label}
        </option>
      ))}
    </select>
  );
}

function Named() {
  const t = useWords(words);
  const [named, setNamed] = useFilter('named');
  const [typed, setTyped] = useState(named ?? '');
  // Cleared, or come back to: the address says what is looked for. A space before the next word stays where it is.
  useEffect(() => setTyped((now) => (now.trim() === (named ?? '') ? now : (named ?? ''))), [named]);
  useEffect(() => {
    if (typed.trim() === (named ?? '')) return;
    const timer = setTimeout(() => setNamed(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, named, setNamed]);
  return (
    <input
      className="hm-search"
      type="search"
      aria-label={t.search}
      placeholder={t.search}
      maxLength={NAMED_MAX}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}
