import dayjs, { type Dayjs } from 'dayjs';

/** For a `Form.Item` around a `DatePicker`: a day as a date of nowhere, `2027-06-01`, which a draft can keep. */
export const oneDay = {
  getValueProps: (value?: string) => ({
    value: value === undefined || value === '' ? null : dayjs(value),
  }),
  normalize: (value: Dayjs | null) => value?.format('YYYY-MM-DD'),
};
