import { useWords } from '@hongmi/ui/language.ts';
import { Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import type { RuleValues } from './body-values.ts';
import { words } from './words.ts';

/** A group of fields with its name; what is in it stands in columns. */
export function Section({
  title,
  about,
  children,
}: {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="hm-fieldset">
      <legend>{title}</legend>
      {about === undefined ? null : <p className="hm-soft">{about}</p>}
      <div className="hm-columns hm-columns-narrow">{children}</div>
    </fieldset>
  );
}

interface FieldProps {
  readonly name: keyof RuleValues;
  readonly label: string;
  readonly help?: string;
}

const help = (text: string | undefined) => (text === undefined ? {} : { extra: text });

/** Any words, typed one after the other. */
export function LabelsField({ name, label }: FieldProps) {
  const t = useWords(words);
  return (
    <Form.Item name={name} label={label}>
      <Select
        mode="tags"
        tokenSeparators={[',', '，', ';']}
        open={false}
        suffixIcon={null}
        placeholder={t.listHint}
      />
    </Form.Item>
  );
}

/** Some of several things that are known. */
export function ChoicesField<V extends string | number>({
  name,
  label,
  options,
}: FieldProps & { readonly options: readonly { readonly value: V; readonly label: string }[] }) {
  return (
    <Form.Item name={name} label={label}>
      <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={[...options]} />
    </Form.Item>
  );
}

/** One of several things that are known, or none. */
export function ChoiceField<V extends string>({
  name,
  label,
  help: text,
  options,
  placeholder,
}: FieldProps & {
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly placeholder?: string;
}) {
  return (
    <Form.Item name={name} label={label} {...help(text)}>
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        options={[...options]}
        placeholder={placeholder}
      />
    </Form.Item>
  );
}

/** A number from `min` on; `precision` 2 for yuan. */
export function NumberField({
  name,
  label,
  help: text,
  min = 0,
  max,
  precision = 0,
  needed,
}: FieldProps & {
  readonly min?: number;
  readonly max?: number;
  readonly precision?: number;
  readonly needed?: string;
}) {
  return (
    <Form.Item
      name={name}
      label={label}
      {...help(text)}
      {...(needed === undefined ? {} : { rules: [{ required: true, message: needed }] })}
    >
      <InputNumber
        min={min}
        {...(max === undefined ? {} : { max })}
        precision={precision}
        style={{ width: '100%' }}
      />
    </Form.Item>
  );
}

/** A time of day. */
export function HourField({ name, label, help: text }: FieldProps) {
  return (
    <Form.Item name={name} label={label} {...help(text)}>
      <Input type="time" />
    </Form.Item>
  );
}

export const choices = <K extends string>(of: Readonly<Record<K, string>>) =>
  (Object.keys(of) as K[]).map((value) => ({ value, label: of[value] }));
