import { failureOf } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { FailureShown } from '@hongmi/ui/mobile/failure-shown.tsx';
import { Skeleton } from '@hongmi/ui/mobile/loaded.tsx';
import { type ReactNode, useId } from 'react';
import { ADDRESS_MAX, NAME_MAX, type Recipient } from './recipient.ts';
import { type Regions, regionsIn, useRegions } from './regions.ts';

const words = wordsOf({
  zh: {
    name: '收件人',
    phone: '手机号',
    region: '地区',
    province: '省级地区',
    city: '城市',
    county: '区县',
    choose: '请选择',
    address: '详细地址',
    addressHint: '街道、小区、楼栋、门牌号',
    who: '只用于寄送：加密保存，商户凭它发货，送达半年后删除。',
  },
  en: {
    name: 'Recipient',
    phone: 'Phone',
    region: 'Region',
    province: 'Province',
    city: 'City',
    county: 'District',
    choose: 'Choose',
    address: 'Address',
    addressHint: 'Street, building, number',
    who: 'For sending it alone: kept encrypted, shown to the merchant who sends it, erased half a year after it arrived.',
  },
});

/** Asks to whom and where something is sent. `served`: what the regions begin with that it is sent to; undefined: everywhere. */
export function RecipientFields({
  value,
  served,
  onChange,
}: {
  readonly value: Recipient;
  readonly served: readonly string[] | undefined;
  readonly onChange: (value: Recipient) => void;
}) {
  const t = useWords(words);
  const { data: regions, error, refetch } = useRegions();
  const set = (change: Partial<Recipient>): void => onChange({ ...value, ...change });
  return (
    <div className="hm-form">
      <Field label={t.name}>
        {(id) => (
          <input
            id={id}
            autoComplete="name"
            maxLength={NAME_MAX}
            value={value.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <Field label={t.phone}>
        {(id) => (
          <input
            id={id}
            type="tel"
            autoComplete="tel"
            maxLength={25}
            value={value.phone}
            onChange={({ target }) => set({ phone: target.value })}
          />
        )}
      </Field>
      {regions !== undefined ? (
        <RegionFields
          regions={regions}
          served={served}
          value={value.region}
          onChange={(region) => set({ region })}
        />
      ) : error === null ? (
        <Skeleton rows={2} />
      ) : (
        <FailureShown failure={failureOf(error)} retry={() => void refetch()} />
      )}
      <Field label={t.address}>
        {(id) => (
          <textarea
            id={id}
            rows={2}
            autoComplete="street-address"
            placeholder={t.addressHint}
            maxLength={ADDRESS_MAX}
            value={value.address}
            // One line for the parcel: the API takes no others.
            onChange={({ target }) => set({ address: target.value.replace(/\s*\n\s*/g, ' ') })}
          />
        )}
      </Field>
      <p className="hm-soft">{t.who}</p>
    </div>
  );
}

const LEVELS = ['province', 'city', 'county'] as const;

/** Province, city, district, each within the one before. */
function RegionFields({
  regions,
  served,
  value,
  onChange,
}: {
  readonly regions: Regions;
  readonly served: readonly string[] | undefined;
  readonly value: string;
  readonly onChange: (region: string) => void;
}) {
  const t = useWords(words);
  return LEVELS.map((level, place) => {
    const within = value.slice(0, place * 2);
    const choices = within.length < place * 2 ? [] : regionsIn(regions, within, served);
    return (
      <Field key={level} label={t[level]}>
        {(id) => (
          <select
            id={id}
            disabled={choices.length === 0}
            value={value.slice(0, place * 2 + 2)}
            onChange={({ target }) => onChange(target.value)}
          >
            {/* Nothing of this level yet, or not yet: the value is that of the one before. */}
            <option value={within}>{t.choose}</option>
            {choices.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
    );
  });
}

function Field({
  label,
  children,
}: {
  readonly label: string;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </>
  );
}
