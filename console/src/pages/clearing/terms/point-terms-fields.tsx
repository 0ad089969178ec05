import { useWords } from '@hongmi/ui/language.ts';
import { Form as AntForm, Button, InputNumber, Select } from 'antd';
import { useProgramme } from '../../../app/programme.tsx';
import { words } from './words.ts';

/** Prices of a type of points, as they are typed. */
export interface PointTermsTyped {
  readonly pointType: string;
  /** Per point, in fen. */
  readonly issueFen: number;
  readonly reimbursementFen: number;
  readonly feePercent: number;
  /** Points in a month. */
  readonly limit?: number | null;
}

/** Of each type of points: what it costs, brings, and the fee. A quota belongs to a merchant's own terms alone. */
export function PointTermsFields({ isOwn }: { readonly isOwn: boolean }) {
  const t = useWords(words);
  const types = useProgramme()?.pointTypes ?? [];
  const needed = [{ required: true, message: t.needed }];
  return (
    <AntForm.List name="points">
      {(fields, { add, remove }) => (
        <>
          {fields.map(({ key, name }) => (
            <fieldset key={key} className="hm-fieldset">
              <legend>{t.type}</legend>
              <AntForm.Item name={[name, 'pointType']} label={t.type} rules={needed}>
                <Select options={types.map(({ code, name: label }) => ({ value: code, label }))} />
              </AntForm.Item>
              <div className="hm-columns">
                <AntForm.Item
                  name={[name, 'issueFen']}
                  label={t.issue}
                  extra={t.perPoint}
                  rules={needed}
                >
                  <InputNumber<number> min={0} max={1_000_000} precision={6} />
                </AntForm.Item>
                <AntForm.Item
                  name={[name, 'reimbursementFen']}
                  label={t.reimbursement}
                  extra={t.perPoint}
                  rules={needed}
                >
                  <InputNumber<number> min={0} max={1_000_000} precision={6} />
                </AntForm.Item>
                <AntForm.Item
                  name={[name, 'feePercent']}
                  label={t.feeRate}
                  extra={t.feeHint}
                  rules={needed}
                >
                  <InputNumber<number> min={0} max={100} precision={2} suffix="%" />
                </AntForm.Item>
                {isOwn ? (
                  <AntForm.Item name={[name, 'limit']} label={t.limit} extra={t.limitHint}>
                    <InputNumber<number> min={0} />
                  </AntForm.Item>
                ) : null}
              </div>
              {fields.length > 1 ? (
                <Button size="small" onClick={() => remove(name)}>
                  {t.remove}
                </Button>
              ) : null}
            </fieldset>
          ))}
          {fields.length < types.length ? (
            <AntForm.Item>
              <Button onClick={() => add({})}>{t.add}</Button>
            </AntForm.Item>
          ) : null}
        </>
      )}
    </AntForm.List>
  );
}
