import { useWords } from '@hongmi/ui/language.ts';
import { Form, InputNumber } from 'antd';
import { words } from './words.ts';

/** The two numbers of a ratio, as fields of a form. */
export function RatioFields() {
  const t = useWords(words);
  const needed = { required: true, message: t.needed };
  return (
    <fieldset className="hm-fieldset">
      <legend>{t.ratio}</legend>
      <div className="hm-filters">
        <Form.Item name="perYuan" label={t.perYuan} rules={[needed]}>
          <InputNumber min={0.01} max={1_000_000} precision={2} />
        </Form.Item>
        <Form.Item name="points" label={t.points} rules={[needed]}>
          <InputNumber min={1} max={1_000_000_000} precision={0} />
        </Form.Item>
      </div>
      <span className="hm-soft">{t.ratioWhy}</span>
    </fieldset>
  );
}
