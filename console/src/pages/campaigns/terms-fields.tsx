import { useCalendarNames } from '@hongmi/ui/calendar-names.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Form, InputNumber, Select } from 'antd';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames, useSaid } from '../../app/point-types.ts';
import { useProgramme } from '../../app/programme.tsx';
import { dayRange } from '../../design/days.ts';
import { choicesOf, NameFields } from '../../publishing/name-fields.tsx';
import { foremost } from '../../publishing/version.ts';
import { words } from './words.ts';

const { Item } = Form;
const upTo = (last: number) => Array.from({ length: last }, (_, place) => place + 1);

export function TermsFields() {
  const t = useWords(words);
  const said = useSaid();
  const { month, weekday } = useCalendarNames();
  const programme = useProgramme()?.code;
  const types = [...usePointTypeNames()].map(([value, label]) => ({ value, label }));
  const rewards = useQuery({
    queryKey: ['reward-names', programme],
    queryFn: () => hongmi.pages('listRewards', { programme }).first(500),
  });
  const needed = [{ required: true, message: t.needed }];
  return (
    <>
      <div className="hm-columns">
        <NameFields />
        <Item name="rewards" label={t.rewards} extra={t.rewardsHint}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={(rewards.data?.items ?? []).map((each) => {
              const name = foremost(each)?.body.name;
              return { value: each.id, label: name === undefined ? each.code : said(name) };
            })}
          />
        </Item>
        <Item name="priceKind" label={t.priceKind} rules={needed}>
          <Select options={choicesOf(t.priceKinds)} />
        </Item>
        <Item noStyle dependencies={['priceKind']}>
          {({ getFieldValue }) =>
            getFieldValue('priceKind') === 'fixed' ? (
              <>
                <Item name="points" label={t.points} rules={needed}>
                  <InputNumber min={1} precision={0} style={{ width: '100%' }} />
                </Item>
                <Item name="pointType" label={t.pointType} rules={needed}>
                  <Select options={types} />
                </Item>
              </>
            ) : (
              <Item name="percent" label={t.percent} extra={t.percentHint} rules={needed}>
                <InputNumber min={1} max={99} style={{ width: '100%' }} />
              </Item>
            )
          }
        </Item>
        <Item name="dates" label={t.dates} {...dayRange}>
          <DatePicker.RangePicker allowEmpty={[true, true]} style={{ width: '100%' }} />
        </Item>
        <Item name="months" label={t.months}>
          <Select
            mode="multiple"
            options={upTo(12).map((value) => ({ value, label: month(value) }))}
          />
        </Item>
        <Item name="monthDays" label={t.monthDays}>
          <Select
            mode="multiple"
            options={upTo(31).map((value) => ({ value, label: t.day(String(value)) }))}
          />
        </Item>
        <Item name="weekdays" label={t.weekdays}>
          <Select
            mode="multiple"
            options={upTo(7).map((value) => ({ value, label: weekday(value) }))}
          />
        </Item>
        <Item name="memberMonth" label={t.memberMonth}>
          <Select allowClear options={choicesOf(t.memberMonths)} />
        </Item>
      </div>
      <Budgets types={types} />
    </>
  );
}

/** How many points may be forgone, type by type: nobody knows which ones a share is taken of before it is redeemed. */
function Budgets({
  types,
}: {
  readonly types: readonly { readonly value: string; readonly label: string }[];
}) {
  const t = useWords(words);
  const needed = [{ required: true, message: t.needed }];
  return (
    <Form.List name="budget">
      {(fields, { add, remove }) => (
        <fieldset className="hm-fieldset">
          <legend>{t.budgetPoints}</legend>
          <p className="hm-soft">{t.budgetHint}</p>
          {fields.map(({ key, name }) => (
            <div key={key} className="hm-filters">
              <Item name={[name, 'points']} label={t.points} rules={needed}>
                <InputNumber min={1} precision={0} />
              </Item>
              <Item name={[name, 'pointType']} label={t.pointType} rules={needed}>
                <Select options={[...types]} style={{ width: 160 }} />
              </Item>
              <Item>
                <Button onClick={() => remove(name)}>{t.removeBudget}</Button>
              </Item>
            </div>
          ))}
          {fields.length < types.length ? (
            <Button onClick={() => add({ pointType: types[fields.length]?.value })}>
              {t.addBudget}
            </Button>
          ) : null}
        </fieldset>
      )}
    </Form.List>
  );
}
