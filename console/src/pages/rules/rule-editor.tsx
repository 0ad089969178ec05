import type { RefusedPart } from '@hongmi/sdk';
import type { Failure } from '@hongmi/ui/failure.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Alert, Form as AntForm, type FormInstance } from 'antd';
import { useEffect, useState } from 'react';
import { Form } from '../../design/form.tsx';
import { Card } from '../../design/page.tsx';
import type { EditorProps, NewValues, Written } from '../../publishing/family.ts';
import { bodyOf, type RuleBody, type RuleValues, valuesOf } from './body-values.ts';
import { ConditionFields } from './condition-fields.tsx';
import { EarnFields } from './earn-fields.tsx';
import { ExpressionPanel } from './expression-panel.tsx';
import { fieldOfProblem } from './field-of-problem.ts';
import { useProblemWords } from './problem-words.ts';
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
  const found = save.failure ?? check.failure;
  const others = useProblemsInFields(form, found);
  function written(): Written<RuleBody> {
    const current = { ...initial, ...form.getFieldsValue(true) };
    return { body: bodyOf(current), values: current };
  }

  async function ask(): Promise<void> {
    save.clear();
    form.setFields(form.getFieldsError().map(({ name }) => ({ name, errors: [] })) as never);
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
      failure={found}
      {...(onCancel === undefined ? {} : { onCancel })}
    >
      <div className="hm-beside">
        <div>
          {before}
          <EarnFields />
          <ConditionFields isOwners={isOwners(values)} />
          <TermsFields programme={programme} />
          <OtherProblems parts={others} />
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

/** Tells what is wrong at its field; gives back what no field has. */
function useProblemsInFields(
  form: FormInstance<Values>,
  failure: Failure | undefined,
): readonly RefusedPart[] {
  const say = useProblemWords();
  const parts = failure?.kind === 'refused' ? (failure.problem.errors ?? NONE) : NONE;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told once is not told again because the language changed
  useEffect(() => {
    const told = new Map<string, { name: unknown; errors: string[] }>();
    for (const part of parts) {
      const name = fieldOfProblem(part.path);
      if (name === undefined) continue;
      const key = JSON.stringify(name);
      const before = told.get(key)?.errors ?? [];
      told.set(key, { name, errors: [...before, say(part)] });
    }
    form.setFields([...told.values()] as never);
    const [first] = told.values();
    if (first !== undefined)
      form.scrollToField(first.name as never, { block: 'center', focus: true });
  }, [form, parts]);
  return parts.filter(({ path }) => fieldOfProblem(path) === undefined);
}
const NONE: readonly RefusedPart[] = [];

function OtherProblems({ parts }: { readonly parts: readonly RefusedPart[] }) {
  const t = useWords(words);
  const say = useProblemWords();
  if (parts.length === 0) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={t.issues}
      description={
        <ul className="hm-said">
          {parts.map((part) => (
            <li key={`${part.path} ${part.code}`}>
              <span className="hm-code">{part.path}</span> {say(part)}
            </li>
          ))}
        </ul>
      }
    />
  );
}
