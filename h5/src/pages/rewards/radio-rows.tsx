import type { ReactNode } from 'react';

/** One of several that take a line or more each. A group of radio buttons for the keyboard and the ear. */
export function RadioRows({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="hm-radio-rows">
      <legend className="hm-hidden">{label}</legend>
      {children}
    </fieldset>
  );
}

export function RadioRow({
  name,
  checked,
  onChange,
  children,
}: {
  readonly name: string;
  readonly checked: boolean;
  readonly onChange: () => void;
  readonly children: ReactNode;
}) {
  return (
    <label className="hm-radio-row">
      <input type="radio" name={name} checked={checked} onChange={onChange} />
      <span className="hm-radio-text">{children}</span>
    </label>
  );
}
