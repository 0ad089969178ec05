/** On or off. antd-mobile's own switch is out of the keyboard's reach. */
export function Toggle({
  label,
  checked,
  disabled = false,
  onChange,
}: {
  /** What it is about, for who does not see the words beside it. */
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      role="switch"
      className="hm-toggle"
      aria-label={label}
      checked={checked}
      aria-checked={checked}
      disabled={disabled}
      onChange={({ target }) => onChange(target.checked)}
    />
  );
}
