import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useWords } from '@hongmi/ui/language.ts';
import { Button, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { MerchantSelect } from '../../design/merchant-select.tsx';
import type { RuleBody } from './body-values.ts';
import { tryWords } from './try-words.ts';

/** A purchase or activity that may be: what its form asks, money in yuan. */
export interface PurchaseValues {
  readonly merchantId: string;
  readonly at?: string | null;
  readonly store?: string | null;
  readonly channel?: string | null;
  readonly tenders?: readonly string[] | null;
  readonly memberId?: string | null;
  readonly tier?: string | null;
  readonly lines?: readonly LineValues[] | null;
  readonly attributes?: string | null;
}
interface LineValues {
  readonly sku: string;
  readonly category?: string | null;
  readonly brand?: string | null;
  readonly zone?: string | null;
  readonly quantity: number;
  readonly yuan: number;
}

const instant = {
  getValueProps: (value?: string | null) => ({ value: value ? dayjs(value) : null }),
  normalize: (value: dayjs.Dayjs | null) => value?.toISOString(),
};

export function PurchaseFields({
  on,
  merchantId,
}: {
  readonly on: RuleBody['on'];
  /** Whose rule it is; then there is nothing to choose. */
  readonly merchantId: string | null;
}) {
  const t = useWords(tryWords);
  const needed = [{ required: true, message: t.needed }];
  return (
    <>
      <div className="hm-columns hm-columns-narrow">
        {merchantId === null ? (
          <Form.Item name="merchantId" label={t.merchant} rules={needed}>
            <MerchantSelect />
          </Form.Item>
        ) : null}
        <Form.Item name="at" label={t.at} {...instant}>
          <DatePicker showTime={{ format: 'HH:mm' }} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="memberId" label={t.member} extra={t.memberHint}>
          <Input autoComplete="off" placeholder="mem_…" />
        </Form.Item>
        <Form.Item name="tier" label={t.tier}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="store" label={t.store}>
          <Input autoComplete="off" />
        </Form.Item>
        {on === 'order' ? (
          <>
            <Form.Item name="channel" label={t.channel}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="tenders" label={t.tenders}>
              <Select mode="tags" open={false} suffixIcon={null} />
            </Form.Item>
          </>
        ) : null}
      </div>
      {on === 'order' ? <LineFields /> : <AttributesField />}
    </>
  );
}

function LineFields() {
  const t = useWords(tryWords);
  const needed = [{ required: true, message: t.needed }];
  return (
    <Form.List name="lines">
      {(fields, { add, remove }) => (
        <fieldset className="hm-fieldset">
          <legend>{t.lines}</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="hm-filters">
              <Form.Item name={[name, 'sku']} label={t.sku} rules={needed}>
                <Input autoComplete="off" style={{ width: 120 }} />
              </Form.Item>
              <Form.Item name={[name, 'category']} label={t.category}>
                <Input autoComplete="off" style={{ width: 120 }} />
              </Form.Item>
              <Form.Item name={[name, 'brand']} label={t.brand}>
                <Input autoComplete="off" style={{ width: 120 }} />
              </Form.Item>
              <Form.Item name={[name, 'zone']} label={t.zone}>
                <Input autoComplete="off" style={{ width: 120 }} />
              </Form.Item>
              <Form.Item name={[name, 'quantity']} label={t.quantity} rules={needed}>
                <InputNumber min={1} precision={0} style={{ width: 90 }} />
              </Form.Item>
              <Form.Item name={[name, 'yuan']} label={t.yuan} rules={needed}>
                <InputNumber min={0} precision={2} style={{ width: 120 }} />
              </Form.Item>
              {fields.length > 1 ? (
                <Form.Item>
                  <Button icon={<DeleteOutlined />} onClick={() => remove(name)}>
                    {t.removeLine}
                  </Button>
                </Form.Item>
              ) : null}
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ quantity: 1 })}>
            {t.addLine}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}

function AttributesField() {
  const t = useWords(tryWords);
  return (
    <Form.Item
      name="attributes"
      label={t.attributes}
      rules={[
        {
          validator: (_, text?: string) =>
            readAttributes(text) === null
              ? Promise.reject(new Error(t.attributesWrong))
              : Promise.resolve(),
        },
      ]}
    >
      <Input.TextArea className="hm-expression" rows={2} spellCheck={false} />
    </Form.Item>
  );
}

type Attributes = Record<string, string | number | boolean>;

/** Undefined: none; null: that is no object. */
export function readAttributes(text: string | null | undefined): Attributes | undefined | null {
  if (text === undefined || text === null || text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Attributes) : null;
  } catch {
    return null;
  }
}
