import type { ReactNode } from 'react';
import './after-sales.css';

interface Option<T> {
  readonly value: T;
  readonly label: string;
  readonly about?: string;
}

/** One of several, each on a line of its own with what it means. */
export function PickOne<T extends string>({
  legend,
  value,
  options,
  onChange,
}: {
  readonly legend: string;
  readonly value: T | undefined;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <Lines legend={legend}>
      {options.map((each) => (
        <Line
          key={each.value}
          option={each}
          type="radio"
          name={legend}
          checked={each.value === value}
          onChange={() => onChange(each.value)}
        />
      ))}
    </Lines>
  );
}

/** Some of several. */
export function Pick({
  legend,
  values,
  options,
  onChange,
}: {
  readonly legend: string;
  readonly values: readonly number[];
  readonly options: readonly Option<number>[];
  readonly onChange: (values: readonly number[]) => void;
}) {
  return (
    <Lines legend={legend}>
      {options.map((each) => {
        const isIn = values.includes(each.value);
        return (
          <Line
            key={each.value}
            option={each}
            type="checkbox"
            checked={isIn}
            onChange={() =>
              onChange(
                isIn ? values.filter((other) => other !== each.value) : [...values, each.value],
              )
            }
          />
        );
      })}
    </Lines>
  );
}

function Lines({ legend, children }: { readonly legend: string; readonly children: ReactNode }) {
  return (
    <fieldset className="hm-pick">
      <legend className="hm-subhead">{legend}</legend>
      {children}
    </fieldset>
  );
}

function Line({
  option: { label, about },
  ...input
}: {
  readonly option: Option<unknown>;
  readonly type: 'radio' | 'checkbox';
  readonly name?: string;
  readonly checked: boolean;
  readonly onChange: () => void;
}) {
  return (
    <label>
      <input {...input} />
      <span className="hm-row-text">
        {label}
        {about === undefined ? null : <span className="hm-row-about">{about}</span>}
      </span>
    </label>
  );
}
