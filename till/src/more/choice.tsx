import { useId } from 'react';

/** One of a few, all of them shown. */
export function Choice<T extends string>({
  label,
  choices,
  names,
  value,
  choose,
}: {
  readonly label: string;
  readonly choices: readonly T[];
  readonly names: Readonly<Record<T, string>>;
  readonly value: T;
  readonly choose: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="till-choice">
      <legend>{label}</legend>
      {choices.map((each) => (
        <label key={each}>
          <input type="radio" name={name} checked={each === value} onChange={() => choose(each)} />
          <span>{names[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
