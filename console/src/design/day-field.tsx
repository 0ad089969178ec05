import { DatePicker } from 'antd';
import dayjs from 'dayjs';

/** A day, `2026-03-01`, with its label. With its calendar it weighs as much as a table: fetch it as a `laterPart`. */
export function DayField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}) {
  return (
    <label>
      {label}
      <DatePicker
        value={value === undefined ? null : dayjs(value)}
        onChange={(day) => onChange(day?.format('YYYY-MM-DD'))}
      />
    </label>
  );
}
