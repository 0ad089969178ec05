import { useWords } from '@hongmi/ui/language.ts';
import { Input } from 'antd';
import { words } from './words.ts';

/** As of which moment prices are shown, as the programme's clocks show it. */
export function AtField({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (wall: string | undefined) => void;
}) {
  const t = useWords(words);
  return (
    <label>
      {t.at} · {t.atHint}
      <Input
        type="datetime-local"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value)}
        style={{ width: 240 }}
      />
    </label>
  );
}
