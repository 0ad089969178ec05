import { useWords } from '@hongmi/ui/language.ts';
import { Form, Input, InputNumber, Select } from 'antd';
import type { ExpiryValues } from './expiry-values.ts';
import { words } from './words.ts';

const KINDS = ['none', 'rolling', 'end_of', 'fixed', 'sliding'] as const;
const UNITS = ['days', 'months', 'years'] as const;
const PERIODS = ['month', 'quarter', 'year'] as const;

/** When points end, as fields of a form: those that the kind asks for. */
export function ExpiryFields() {
  const t = useWords(words);
  const kind = Form.useWatch<ExpiryValues['expiryKind']>('expiryKind');
  const needed = { required: true, message: t.needed };
  return (
    <fieldset className="hm-fieldset">
      <legend>{t.expiry}</legend>
      <div className="hm-filters">
        <Form.Item name="expiryKind" label={t.expiryKind} rules={[needed]}>
          <Select
            popupMatchSelectWidth={false}
            style={{ minWidth: 200 }}
            options={KINDS.map((value) => ({ value, label: t.expiries[value] }))}
          />
        </Form.Item>
        {kind === 'rolling' ? (
          <>
            <Form.Item name="count" label={t.count} rules={[needed]}>
              <InputNumber min={1} max={36_500} precision={0} />
            </Form.Item>
            <Form.Item name="unit" label={t.unit} rules={[needed]}>
              <Select
                style={{ minWidth: 100 }}
                options={UNITS.map((value) => ({ value, label: t.units[value] }))}
              />
            </Form.Item>
          </>
        ) : null}
        {kind === 'end_of' ? (
          <>
            <Form.Item name="period" label={t.period} rules={[needed]}>
              <Select
                style={{ minWidth: 120 }}
                options={PERIODS.map((value) => ({ value, label: t.periods[value] }))}
              />
            </Form.Item>
            <Form.Item name="after" label={t.afterPeriods} rules={[needed]}>
              <InputNumber min={0} max={100} precision={0} />
            </Form.Item>
          </>
        ) : null}
        {kind === 'fixed' ? (
          <Form.Item name="date" label={t.date} rules={[needed]}>
            <Input type="date" />
          </Form.Item>
        ) : null}
        {kind === 'sliding' ? (
          <Form.Item name="months" label={t.months} rules={[needed]}>
            <InputNumber min={1} max={1_200} precision={0} />
          </Form.Item>
        ) : null}
      </div>
    </fieldset>
  );
}
