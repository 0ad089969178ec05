import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Form, InputNumber } from 'antd';
import type { ReactNode } from 'react';

const words = wordsOf({
  zh: {
    needed: '请填写金额',
    range: '请填写不小于最小值、最多两位小数的金额',
    yuan: '元',
  },
  en: { needed: 'An amount is needed', range: 'An amount with two decimals at most', yuan: 'yuan' },
});

/** What was typed in yuan, in fen. */
export const fenOf = (yuan: number): number => Math.round(yuan * 100);
export const yuanOf = (fen: number): number => fen / 100;

/** An amount of money: typed in yuan, whole fen. `leastFen`: 1 unless told. */
export function MoneyField({
  name,
  label,
  extra,
  leastFen = 1,
  isOptional = false,
}: {
  readonly name: string;
  readonly label: string;
  readonly extra?: ReactNode;
  readonly leastFen?: number;
  readonly isOptional?: boolean;
}) {
  const t = useWords(words);
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={[
        { required: !isOptional, message: t.needed },
        { type: 'number', min: yuanOf(leastFen), message: t.range },
      ]}
    >
      <InputNumber<number> precision={2} prefix="¥" suffix={t.yuan} style={{ width: 240 }} />
    </Form.Item>
  );
}
