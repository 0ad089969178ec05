import { useFormat } from '@hongmi/ui/format.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { AddOutline, MinusOutline } from 'antd-mobile-icons';
import { useId } from 'react';

const words = wordsOf({
  zh: { fewer: (of: string) => `${of}：减少`, more: (of: string) => `${of}：增加` },
  en: { fewer: (of: string) => `${of}: fewer`, more: (of: string) => `${of}: more` },
});

/** A small whole number, one more or one less, from 1 to `max`. */
export function Stepper({
  label,
  value,
  max,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}) {
  const t = useWords(words);
  const f = useFormat();
  const id = useId();
  return (
    <div className="hm-stepper">
      <span id={id} className="hm-stepper-name">
        {label}
      </span>
      <button
        type="button"
        className="hm-icon-button hm-stepper-button"
        aria-label={t.fewer(label)}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <MinusOutline aria-hidden />
      </button>
      <output aria-labelledby={id} className="hm-number">
        {f.number(value)}
      </output>
      <button
        type="button"
        className="hm-icon-button hm-stepper-button"
        aria-label={t.more(label)}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <AddOutline aria-hidden />
      </button>
    </div>
  );
}
