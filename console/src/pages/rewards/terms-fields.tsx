import { useWords } from '@hongmi/ui/language.ts';
import { Button, Checkbox, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import { useMerchantChoices } from '../../app/names.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { dayRange } from '../../design/days.ts';
import { choicesOf, NameFields } from '../../publishing/name-fields.tsx';
import { words } from './words.ts';

const { Item } = Form;
const NUMBER = { style: { width: '100%' } } as const;

/** What is asked of a reward's terms; what is rarer stands in the full terms. */
export function TermsFields() {
  const t = useWords(words);
  const merchants = useMerchantChoices();
  const needed = [{ required: true, message: t.needed }];
  return (
    <>
      <div className="hm-columns">
        <NameFields />
        <Item name="kind" label={t.kind} rules={needed}>
          <Select options={choicesOf(t.kinds)} />
        </Item>
        <Item name="worthYuan" label={`${t.worth} (${t.yuan})`} extra={t.worthHint} rules={needed}>
          <InputNumber min={0.01} precision={2} {...NUMBER} />
        </Item>
        <Item name="merchants" label={t.merchant} rules={needed}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={[...(merchants ?? [])]}
          />
        </Item>
      </div>
      <Prices />
      <div className="hm-columns">
        <Item name="fulfilment" label={t.fulfilment} rules={needed}>
          <Select options={choicesOf(t.fulfilments)} />
        </Item>
        <Item name="offered" label={t.offered} {...dayRange}>
          <DatePicker.RangePicker allowEmpty={[true, true]} style={{ width: '100%' }} />
        </Item>
      </div>
      <Item noStyle dependencies={['fulfilment', 'voucherForm']}>
        {({ getFieldValue }) => (
          <Fulfilment kind={getFieldValue('fulfilment')} form={getFieldValue('voucherForm')} />
        )}
      </Item>
      <div className="hm-columns">
        <Item name="limitPer" label={t.limit}>
          <Select allowClear options={choicesOf(t.per)} />
        </Item>
        <Item name="limitTimes" label={t.times}>
          <InputNumber min={1} precision={0} {...NUMBER} />
        </Item>
        <Item name="cancellation" label={t.cancellation} rules={needed}>
          <Select options={choicesOf(t.cancellations)} />
        </Item>
        <Item name="returnDays" label={t.returnDays} rules={needed}>
          <InputNumber min={0} max={3650} precision={0} {...NUMBER} />
        </Item>
        <Item name="qualityDays" label={t.qualityDays} rules={needed}>
          <InputNumber min={0} max={3650} precision={0} {...NUMBER} />
        </Item>
        <Item name="exchange" valuePropName="checked">
          <Checkbox>{t.exchange}</Checkbox>
        </Item>
      </div>
    </>
  );
}

function Prices() {
  const t = useWords(words);
  const types = [...usePointTypeNames()].map(([value, label]) => ({ value, label }));
  const needed = [{ required: true, message: t.needed }];
  return (
    <Form.List name="prices">
      {(fields, { add, remove }) => (
        <fieldset className="hm-fieldset">
          <legend>{t.price}</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="hm-filters">
              <Item name={[name, 'points']} label={t.points} rules={needed}>
                <InputNumber min={0} precision={0} />
              </Item>
              <Item name={[name, 'pointType']} label={t.pointType} rules={needed}>
                <Select options={types} style={{ width: 160 }} />
              </Item>
              <Item name={[name, 'cashYuan']} label={t.cash}>
                <InputNumber min={0} precision={2} />
              </Item>
              {fields.length > 1 ? (
                <Item>
                  <Button onClick={() => remove(name)}>{t.removePrice}</Button>
                </Item>
              ) : null}
            </div>
          ))}
          {fields.length < 8 ? (
            <Button onClick={() => add({ pointType: types[0]?.value, cashYuan: 0 })}>
              {t.addPrice}
            </Button>
          ) : null}
        </fieldset>
      )}
    </Form.List>
  );
}

function Fulfilment({
  kind,
  form,
}: {
  readonly kind: string | undefined;
  readonly form: string | undefined;
}) {
  const t = useWords(words);
  const needed = [{ required: true, message: t.needed }];
  if (kind === 'delivery')
    return (
      <Item name="feeYuan" label={t.fee}>
        <InputNumber min={0} precision={2} />
      </Item>
    );
  if (kind !== 'voucher') return null;
  return (
    <div className="hm-columns">
      <Item name="voucherForm" label={t.voucherForm} rules={needed}>
        <Select options={choicesOf(t.voucherForms)} />
      </Item>
      {form === 'full_reduction' || form === 'no_threshold' ? (
        <Item name="offYuan" label={t.off} rules={needed}>
          <InputNumber min={0.01} precision={2} {...NUMBER} />
        </Item>
      ) : null}
      {form === 'full_reduction' ? (
        <Item name="overYuan" label={t.over} rules={needed}>
          <InputNumber min={0.01} precision={2} {...NUMBER} />
        </Item>
      ) : null}
      {form === 'no_threshold' ? (
        <Item name="partial" valuePropName="checked">
          <Checkbox>{t.partial}</Checkbox>
        </Item>
      ) : null}
      {form === 'percentage' ? (
        <>
          <Item name="percentOff" label={t.percentOff} rules={needed}>
            <InputNumber min={1} max={100} precision={0} {...NUMBER} />
          </Item>
          <Item name="atMostYuan" label={t.atMost} rules={needed}>
            <InputNumber min={0.01} precision={2} {...NUMBER} />
          </Item>
        </>
      ) : null}
      {form === 'exchange' ? (
        <Item name="what" label={t.what} rules={needed}>
          <Input maxLength={200} />
        </Item>
      ) : null}
      <Item name="lastsDays" label={t.lasts}>
        <InputNumber min={1} max={3650} precision={0} {...NUMBER} />
      </Item>
    </div>
  );
}
