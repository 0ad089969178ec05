import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useCode } from './me.ts';

const words = wordsOf({
  zh: { platform: '平台', choose: '选择商家' },
  en: { platform: 'The platform', choose: 'Choose a merchant' },
});

/** A merchant of the programme, by name. `value` and `onChange` come from the form. */
export function MerchantSelect({
  withPlatform = false,
  isClearable = false,
  ...field
}: {
  readonly withPlatform?: boolean;
  readonly isClearable?: boolean;
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}) {
  const t = useWords(words);
  const code = useCode();
  const { data } = useQuery({
    queryKey: ['merchants-of', code],
    queryFn: () => hongmi.pages('listMerchants', { programme: code }).all(),
    staleTime: 60_000,
  });
  const options = [
    ...(withPlatform ? [{ value: 'platform', label: t.platform }] : []),
    ...(data ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Select
      {...field}
      allowClear={isClearable}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={t.choose}
      loading={data === undefined}
      options={options}
    />
  );
}
