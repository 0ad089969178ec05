import { useWords } from '@hongmi/ui/language.ts';
import { Form as AntForm } from 'antd';
import { useState } from 'react';
import { Form } from '../../design/form.tsx';
import { Card } from '../../design/page.tsx';
import type { EditorProps, NewValues, Written } from '../../publishing/family.ts';
import { useTelling } from '../../publishing/problem-words.ts';
import { bodyOf, type RuleBody, type RuleValues, valuesOf } from './body-values.ts';
import { ConditionFields } from './condition-fields.tsx';
import { EarnFields } from './earn-fields.tsx';
import { ExpressionPanel } from './expression-panel.tsx';
import { fieldOfProblem } from './field-of-problem.ts';
import { RuleShown } from './rule-shown.tsx';
import { TermsFields } from './terms-fields.tsx';
import { words } from './words.ts';

type Values = RuleValues & NewValues;

const NEW: Partial<Values> = { on: 'order', earn: 'times', times: '2', per: 'order' };

/** A rule in its form, beside its expression and all that it says. What the API finds wrong is told at its field. */
export function RuleEditor({
  draft,
  base,
  programme,
  isOwners,
  before,
  save,
  check,
  onCancel,
}: EditorProps<RuleBody>) {
  const [form] = AntForm.useForm<Values>();
  const [checked, setChecked] = useState<string>();
  const initial: Partial<Values> = base === undefined ? NEW : valuesOf(base);
  const values = {
    ...initial,
    ...AntForm.useWatch((all: Values) => all, { form, preserve: true }),
  };
  const body = bodyOf(values as Values);
  const text = JSON.stringify(body, null, 2);
  const t = useWords(words);
  const telling = useTelling(fieldOfProblem, t.parts);
  function written(): Written<RuleBody> {
    const current = { ...initial, ...form.getFieldsValue(true) };
    return { body: bodyOf(current), values: current };
  }

  async function ask(): Promise<void> {
    save.clear();
    const asked = written();
    const answered = await check.send(asked);
    setChecked(answered === undefined ? undefined : JSON.stringify(asked.body, null, 2));
  }
  function submit(): void {
    check.clear();
    void save.send(written());
  }

  return (
    <Form<Values>
      draft={draft}
      form={form}
      initial={initial}
      onSubmit={submit}
      isSending={save.isSending}
      failure={save.failure ?? check.failure}
      telling={telling}
      {...(onCancel === undefined ? {} : { onCancel })}
    >
      <div className="hm-beside">
        <div>
          {before}
          <EarnFields />
          <ConditionFields isOwners={isOwners(values)} />
          <TermsFields programme={programme} />
        </div>
        <aside>
          <ExpressionPanel
            check={() => void ask()}
            isChecking={check.isSending}
            isChecked={checked === text}
          />
          <RuleSaid body={body} text={text} />
        </aside>
      </div>
    </Form>
  );
}

/** A rule in words, and all of it as the API has it. */
function RuleSaid({ body, text }: { readonly body: RuleBody; readonly text: string }) {
  const t = useWords(words);
  return (
    <Card title={t.inWords}>
      <RuleShown body={body} />
      <details>
        <summary>{t.json}</summary>
        <pre className="hm-source hm-code">{text}</pre>
      </details>
    </Card>
  );
}
