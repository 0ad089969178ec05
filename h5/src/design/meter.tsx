import { useId } from 'react';

/** How far something is, in words and as a bar. `share`: 0 to 1, and more when it is passed. */
export function Meter({
  label,
  value,
  note,
  share,
  tone,
}: {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly share: number;
  readonly tone?: 'good';
}) {
  const id = useId();
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div>
      <div className="hm-meter-head">
        <span id={id}>{label}</span>
        <span className="hm-number">{value}</span>
      </div>
      <div
        className="hm-meter"
        data-tone={tone}
        role="progressbar"
        aria-labelledby={id}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={note === undefined ? value : `${value}; ${note}`}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
      {note === undefined ? null : <p className="hm-soft hm-meter-note">{note}</p>}
    </div>
  );
}
