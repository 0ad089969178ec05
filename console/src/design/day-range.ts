import dayjs, { type Dayjs } from 'dayjs';

/** For a `Form.Item` around a `RangePicker`: a range of days as dates of nowhere, `2027-06-01`; null where it is open. */
export const dayRange = {
  getValueProps: (value?: readonly [string | null, string | null]) => ({
    value: value === undefined ? null : value.map((each) => (each === null ? null : dayjs(each))),
  }),
  normalize: (value: readonly [Dayjs | null, Dayjs | null] | null) =>
    value === null ? undefined : value.map((each) => each?.format('YYYY-MM-DD') ?? null),
};
