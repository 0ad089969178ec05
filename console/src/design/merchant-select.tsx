import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Select, type SelectProps } from 'antd';
import { useMerchantChoices } from '../app/names.ts';

const words = wordsOf({
  zh: { platform: '平台', choose: '选择商家', all: '全部商家' },
  en: { platform: 'The platform', choose: 'Choose a merchant', all: 'All merchants' },
});

/** A merchant of the programme, by name; found by typing a part of it. */
export function MerchantSelect({
  withPlatform = false,
  ...field
}: Omit<SelectProps<string>, 'options' | 'showSearch'> & {
  /** The platform can be chosen too, as `platform`. */
  readonly withPlatform?: boolean;
}) {
  const t = useWords(words);
  const choices = useMerchantChoices();
  const platform = withPlatform ? [{ value: 'platform', label: t.platform }] : [];
  return (
    <Select<string>
      placeholder={t.choose}
      {...field}
      showSearch={{ optionFilterProp: 'label' }}
      loading={choices === undefined}
      options={[...platform, ...(choices ?? [])]}
    />
  );
}

/** A merchant that a list is narrowed to, as a filter with its label; undefined: none. */
export function MerchantFilter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (merchantId: string | undefined) => void;
}) {
  const t = useWords(words);
  return (
    <label>
      {label}
      <MerchantSelect
        allowClear
        placeholder={t.all}
        // antd takes undefined for a field that keeps its own value.
        value={value ?? (null as never)}
        onChange={(chosen) => onChange(chosen ?? undefined)}
        style={{ width: 220 }}
      />
    </label>
  );
}
