import type { Failure } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Alert, Form as AntForm, type FormInstance, Input, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { Form } from '../design/form.tsx';

const words = wordsOf({
  zh: { form: '表单', json: '完整条款', broken: '这不是有效的 JSON', label: '填写方式' },
  en: { form: 'Form', json: 'Full terms', broken: 'This is not JSON', label: 'How to write it' },
});

interface Both {
  readonly json: string;
}

/**
 * Terms as a form of what is usual, or whole, as JSON. Changing between the two carries over what was written. `valuesOf` and
 * `bodyOf` are each other's inverse but for what the form does not ask, which comes from the body it began with.
 */
export function BodyForm<Body, Values extends object>({
  draft,
  initial,
  base,
  valuesOf,
  bodyOf,
  aboutJson,
  onSubmit,
  isSending,
  failure,
  onCancel,
  before,
  children,
}: {
  readonly draft: string;
  readonly initial: Partial<Values>;
  /** What is changed; undefined: it is new. */
  readonly base: Body | undefined;
  readonly valuesOf: (body: Body) => Values;
  readonly bodyOf: (values: Values, base: Body | undefined) => Body;
  readonly aboutJson: string;
  readonly onSubmit: (body: Body, values: Values) => void;
  readonly isSending: boolean;
  readonly failure: Failure | undefined;
  readonly onCancel?: () => void;
  /** Fields beside the terms, shown in both ways. */
  readonly before?: ReactNode;
  readonly children: ReactNode;
}) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values & Both>();
  const text = form as unknown as FormInstance<Both>;
  const [mode, setMode] = useState<'form' | 'json'>('form');
  const [over, setOver] = useState(base);
  const [isBroken, setBroken] = useState(false);

  const values = (): Values => ({ ...initial, ...form.getFieldsValue(true) }) as Values;
  function change(next: 'form' | 'json'): void {
    setBroken(false);
    if (next === 'json') {
      text.setFieldsValue({ json: JSON.stringify(bodyOf(values(), over), null, 2) });
    } else {
      const body = parsed(text.getFieldValue('json'));
      if (body === undefined) {
        setBroken(true);
        return;
      }
      setOver(body as Body);
      form.setFieldsValue(valuesOf(body as Body) as never);
    }
    setMode(next);
  }
  function submit(): void {
    const body = mode === 'json' ? parsed(text.getFieldValue('json')) : bodyOf(values(), over);
    if (body === undefined) setBroken(true);
    else onSubmit(body as Body, values());
  }

  return (
    <Form<Values & Both>
      draft={draft}
      form={form}
      initial={initial as Partial<Values & Both>}
      onSubmit={submit}
      isSending={isSending}
      failure={failure}
      {...(onCancel === undefined ? {} : { onCancel })}
    >
      {before}
      <Segmented
        aria-label={t.label}
        value={mode}
        onChange={change}
        options={[
          { value: 'form', label: t.form },
          { value: 'json', label: t.json },
        ]}
        style={{ marginBlock: 16 }}
      />
      {mode === 'form' ? (
        children
      ) : (
        <AntForm.Item name="json" label={t.json} help={aboutJson}>
          <Input.TextArea className="hm-code" spellCheck={false} rows={14} />
        </AntForm.Item>
      )}
      {isBroken ? <Alert type="error" showIcon title={t.broken} /> : null}
    </Form>
  );
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
