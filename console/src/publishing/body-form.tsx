import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Alert, Form as AntForm, Button, type FormInstance, Input, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { Form } from '../design/form.tsx';
import { useMessage } from '../design/notices.tsx';
import type { Telling } from '../design/telling.ts';
import type { EditorProps, NewValues, Written } from './family.ts';

const words = wordsOf({
  zh: {
    form: '表单',
    json: '完整条款',
    broken: '这不是有效的 JSON',
    label: '填写方式',
    check: '检查',
    checked: '服务器检查通过',
  },
  en: {
    form: 'Form',
    json: 'Full terms',
    broken: 'This is not JSON',
    label: 'How to write it',
    check: 'Check',
    checked: 'The server found nothing wrong',
  },
});

interface Both {
  readonly json: string;
}

/**
 * Terms as a form of what is usual, or whole, as JSON. Changing between the two carries over what was written. `valuesOf` and
 * `bodyOf` are each other's inverse but for what the form does not ask, which comes from the body it began with.
 */
export function BodyForm<Body extends object, Values extends object>({
  draft,
  base,
  before,
  save,
  check,
  onCancel,
  initial,
  valuesOf,
  bodyOf,
  aboutJson,
  telling,
  children,
}: EditorProps<Body> & {
  /** Of what is new. */
  readonly initial: Partial<Values>;
  readonly valuesOf: (body: Body) => Values;
  readonly bodyOf: (values: Values, base: Body | undefined) => Body;
  readonly aboutJson: string;
  readonly telling: Telling;
  readonly children: ReactNode;
}) {
  const t = useWords(words);
  const message = useMessage();
  const [form] = AntForm.useForm<Values & NewValues & Both>();
  const text = form as unknown as FormInstance<Both>;
  const [mode, setMode] = useState<'form' | 'json'>('form');
  const [over, setOver] = useState(base);
  const [isBroken, setBroken] = useState(false);
  const first = base === undefined ? initial : valuesOf(base);

  const values = () => ({ ...first, ...form.getFieldsValue(true) }) as Values & NewValues;
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
  /** Undefined where what was written is no JSON, which is told. */
  function written(): Written<Body> | undefined {
    const body = mode === 'json' ? parsed(text.getFieldValue('json')) : bodyOf(values(), over);
    setBroken(body === undefined);
    return body === undefined ? undefined : { body: body as Body, values: values() };
  }
  function submit(): void {
    check.clear();
    const asked = written();
    if (asked !== undefined) void save.send(asked);
  }
  async function ask(): Promise<void> {
    save.clear();
    const asked = written();
    if (asked !== undefined && (await check.send(asked)) !== undefined)
      void message.success(t.checked);
  }

  return (
    <Form<Values & NewValues & Both>
      draft={draft}
      form={form}
      initial={first as Partial<Values & NewValues & Both>}
      onSubmit={submit}
      isSending={save.isSending}
      failure={save.failure ?? check.failure}
      telling={telling}
      {...(onCancel === undefined ? {} : { onCancel })}
      more={
        <Button loading={check.isSending} onClick={() => void ask()}>
          {t.check}
        </Button>
      }
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
        <AntForm.Item name="json" label={t.json} extra={aboutJson}>
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
