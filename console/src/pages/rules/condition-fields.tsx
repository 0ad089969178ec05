import { useWords } from '@hongmi/ui/language.ts';
import { Checkbox, DatePicker, Form } from 'antd';
import { useMerchantChoices } from '../../app/names.ts';
import { dayRange } from '../../design/days.ts';
import {
  ChoiceField,
  ChoicesField,
  choices,
  HourField,
  LabelsField,
  NumberField,
  Section,
} from './fields.tsx';
import { words } from './words.ts';

const MONTH_DAYS = Array.from({ length: 31 }, (_, at) => ({ value: at + 1, label: `${at + 1}` }));

/** When the rule counts. `isOwners`: it is one merchant's, so it says nothing about merchants. */
export function ConditionFields({ isOwners }: { readonly isOwners: boolean }) {
  const t = useWords(words);
  const merchants = useMerchantChoices();
  const weekdays = Object.entries(t.weekday).map(([value, label]) => ({
    value: Number(value),
    label,
  }));
  return (
    <>
      <Section title={t.sectionWhen} about={t.whenHint}>
        <Form.Item name="dates" label={t.dates} {...dayRange}>
          <DatePicker.RangePicker allowEmpty={[true, true]} style={{ width: '100%' }} />
        </Form.Item>
        <ChoicesField name="weekdays" label={t.weekdays} options={weekdays} />
        <ChoicesField name="monthDays" label={t.monthDays} options={MONTH_DAYS} />
        <div className="hm-pair">
          <HourField name="hoursFrom" label={t.hoursFrom} help={t.hoursHint} />
          <HourField name="hoursTo" label={t.hoursTo} />
        </div>
      </Section>
      <Section title={t.sectionWhere}>
        {isOwners ? null : (
          <>
            <ChoicesField name="merchants" label={t.merchants} options={merchants ?? []} />
            <LabelsField name="merchantCategories" label={t.merchantCategories} />
          </>
        )}
        <LabelsField name="stores" label={t.stores} />
        <LabelsField name="channels" label={t.channels} />
        <LabelsField name="tenders" label={t.tenders} />
        <div className="hm-pair">
          <NumberField name="orderMinYuan" label={t.orderMinYuan} precision={2} />
          <NumberField name="orderMaxYuan" label={t.orderMaxYuan} precision={2} />
        </div>
      </Section>
      <Section title={t.sectionLines}>
        <LabelsField name="categories" label={t.categories} />
        <LabelsField name="brands" label={t.brands} />
        <LabelsField name="skus" label={t.skus} />
        <LabelsField name="zones" label={t.zones} />
        <div className="hm-pair">
          <NumberField name="linesMinYuan" label={t.linesMinYuan} precision={2} />
          <NumberField name="linesMinQuantity" label={t.linesMinQuantity} />
        </div>
        <Form.Item name="green" valuePropName="checked" label={t.sectionLines}>
          <Checkbox>{t.green}</Checkbox>
        </Form.Item>
      </Section>
      <Section title={t.sectionMember}>
        <LabelsField name="tiers" label={t.tiers} />
        <LabelsField name="segments" label={t.segments} />
        <LabelsField name="creditBands" label={t.creditBands} />
        <ChoiceField name="birthday" label={t.birthday} options={choices(t.birthdays)} />
        <NumberField name="joinedWithinDays" label={t.joinedWithinDays} max={36_500} />
        <Form.Item name="firstOrder" valuePropName="checked" label={t.sectionMember}>
          <Checkbox>{t.firstOrder}</Checkbox>
        </Form.Item>
      </Section>
    </>
  );
}
