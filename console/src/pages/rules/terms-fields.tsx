import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useMerchantNames } from '../../app/names.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { useMay } from '../../app/session.ts';
import { oneDay } from '../../design/days.ts';
import { ChoiceField, choices, NumberField, Section } from './fields.tsx';
import { words } from './words.ts';

/** So many budgets are offered; programmes have a handful. */
const BUDGETS_MAX = 200;

/** On which terms the rule gives its points; empty is as usual for the point type. */
export function TermsFields({ programme }: { readonly programme: string }) {
  const t = useWords(words);
  const may = useMay();
  const pointTypes = [...usePointTypeNames()].map(([value, label]) => ({ value, label }));
  const { data: budgets = [] } = useQuery({
    queryKey: ['budgets', programme],
    queryFn: async ({ signal }) =>
      (await hongmi.listBudgets({ programme, limit: BUDGETS_MAX }, { signal })).items,
    enabled: may('budgets:read'),
  });
  return (
    <>
      <Section title={t.sectionTerms}>
        <ChoiceField
          name="pointType"
          label={t.pointType}
          options={pointTypes}
          placeholder={t.usual}
        />
        <ChoiceField
          name="budget"
          label={t.budget}
          options={budgets.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <ExpiryFields />
        <NumberField name="pendingDays" label={t.pendingDays} max={3650} />
        <Form.Item name="onCompletion" valuePropName="checked" label={t.pendingDays}>
          <Checkbox>{t.onCompletion}</Checkbox>
        </Form.Item>
      </Section>
      <CapFields />
      <FunderFields />
      <Section title={t.sectionOrder}>
        <NumberField name="priority" label={t.priority} help={t.priorityHint} max={1000} />
        <Form.Item name="group" label={t.group} extra={t.groupHint}>
          <Input autoComplete="off" maxLength={40} />
        </Form.Item>
      </Section>
    </>
  );
}

function ExpiryFields() {
  const t = useWords(words);
  const kind = Form.useWatch('expiry');
  return (
    <>
      <ChoiceField
        name="expiry"
        label={t.expiry}
        options={choices(t.expiries)}
        placeholder={t.usual}
      />
      {kind === 'rolling' ? (
        <div className="hm-pair">
          <NumberField name="expiryYears" label={t.years} min={1} max={100} />
          <NumberField name="expiryMonths" label={t.months} min={1} max={1200} />
          <NumberField name="expiryDays" label={t.days} min={1} max={36_500} />
        </div>
      ) : null}
      {kind === 'end_of' ? (
        <div className="hm-pair">
          <ChoiceField name="expiryPeriod" label={t.period} options={choices(t.periods)} />
          <NumberField name="expiryAfter" label={t.after} max={1200} />
        </div>
      ) : null}
      {kind === 'fixed' ? (
        <Form.Item name="expiryDate" label={t.date} {...oneDay}>
          <DatePicker style={{ width: '100%' }} />
        </Form.Item>
      ) : null}
    </>
  );
}

function CapFields() {
  const t = useWords(words);
  const needed = [{ required: true, message: t.needed }];
  return (
    <Form.List name="caps">
      {(fields, { add, remove }) => (
        <fieldset className="hm-fieldset">
          <legend>{t.caps}</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="hm-filters">
              <Form.Item name={[name, 'per']} label={t.capPer} rules={needed}>
                <Select options={choices(t.capPers)} style={{ width: 140 }} />
              </Form.Item>
              <Form.Item name={[name, 'points']} label={t.capPoints} rules={needed}>
                <InputNumber min={1} precision={0} />
              </Form.Item>
              <Form.Item name={[name, 'campaign']} valuePropName="checked" label={t.budget}>
                <Checkbox>{t.campaign}</Checkbox>
              </Form.Item>
              <RemoveButton remove={() => remove(name)} />
            </div>
          ))}
          <AddButton add={() => add({ per: 'month' })} />
        </fieldset>
      )}
    </Form.List>
  );
}

function FunderFields() {
  const t = useWords(words);
  const needed = [{ required: true, message: t.needed }];
  const merchants = [...useMerchantNames()].map(([value, label]) => ({ value, label }));
  return (
    <Form.List name="funders">
      {(fields, { add, remove }) => (
        <fieldset className="hm-fieldset">
          <legend>{t.funders}</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="hm-filters">
              <Form.Item name={[name, 'merchant']} label={t.funder} rules={needed}>
                <Select
                  showSearch={{ optionFilterProp: 'label' }}
                  options={[{ value: 'seller', label: t.seller }, ...merchants]}
                  style={{ width: 240 }}
                />
              </Form.Item>
              <Form.Item name={[name, 'share']} label={t.share} rules={needed}>
                <InputNumber min={1} precision={0} />
              </Form.Item>
              <RemoveButton remove={() => remove(name)} />
            </div>
          ))}
          <AddButton add={() => add({ share: 1 })} />
        </fieldset>
      )}
    </Form.List>
  );
}

function RemoveButton({ remove }: { readonly remove: () => void }) {
  const t = useWords(words);
  return (
    <Form.Item>
      <Button icon={<DeleteOutlined />} onClick={remove}>
        {t.remove}
      </Button>
    </Form.Item>
  );
}

function AddButton({ add }: { readonly add: () => void }) {
  const t = useWords(words);
  return (
    <Button icon={<PlusOutlined />} onClick={add}>
      {t.add}
    </Button>
  );
}
