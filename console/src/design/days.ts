import dayjs, { type Dayjs } from 'dayjs';

// Days as dates of nowhere, `2027-06-01`, which a draft can keep.

const DAY = 'YYYY-MM-DD';

/** For a `Form.Item` around a `DatePicker`. */
export const oneDay = {
  getValueProps: (value?: string | null) => ({ value: value ? dayjs(value) : null }),
  normalize: (value: Dayjs | null) => value?.format(DAY),
};

/** For a `Form.Item` around a `RangePicker`; null where it is open. */
export const dayRange = {
  getValueProps: (value?: readonly (string | null)[] | null) => ({
    value: value ? value.map((each) => (each === null ? null : dayjs(each))) : null,
  }),
  normalize: (value: readonly (Dayjs | null)[] | null) =>
    value === null ? undefined : value.map((each) => each?.format(DAY) ?? null),
};
