import type { RefusedPart } from '@hongmi/sdk';
import type { Failure } from '@hongmi/ui/failure.ts';
import { useWords } from '@hongmi/ui/language.ts';
import type { Write } from '@hongmi/ui/write.ts';
import { Alert, Form as AntForm, type FormInstance } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { Form } from '../../design/form.tsx';
import { Card } from '../../design/page.tsx';
import { bodyOf, type RuleBody, type RuleValues } from './body-values.ts';
import { ConditionFields } from './condition-fields.tsx';
import { EarnFields } from './earn-fields.tsx';
import { ExpressionPanel } from './expression-panel.tsx';
import { fieldOfProblem } from './field-of-problem.ts';
import { ruleInWords } from './in-words.ts';
import { useProblemWords } from './problem-words.ts';
import { TermsFields } from './terms-fields.tsx';
import { useTongue } from './tongue.ts';
import { words } from './words.ts';

/** A rule in its form, beside its expression and all that it says. What the API finds wrong is told at its field. */
export function RuleEditor<Values extends RuleValues>({
  draft,
  initial,
  programme,
  isOwners,
  before,
  onSubmit,
  isSending,
  failure,
  check,
  onCancel,
}: {
  readonly draft: string;
  readonly initial: Partial<Values>;
  readonly programme: string;
  /** It is one merchant's. */
  readonly isOwners: (values: Partial<Values>) => boolean;
  /** Fields above the rule's own. */
  readonly before?: ReactNode;
  readonly onSubmit: (body: RuleBody, values: Values) => void;
  readonly isSending: boolean;
  readonly failure: Failure | undefined;
  /** Asks the server what is wrong, without saving it. */
  readonly check: Write<{ readonly body: RuleBody; readonly values: Values }, unknown>;
  readonly onCancel?: () => void;
}) {
  const [form] = AntForm.useForm<Values>();
  const [checked, setChecked] = useState<string>();
  const values = {
    ...initial,
    ...AntForm.useWatch((all: Values) => all, { form, preserve: true }),
  };
  const body = bodyOf(values as RuleValues);
  const text = JSON.stringify(body, null, 2);
  const found = failure ?? check.failure;
  const others = useProblemsInFields(form, found);
  const current = (): Values => ({ ...initial, ...form.getFieldsValue(true) });

  async function ask(): Promise<void> {
    form.setFields(form.getFieldsError().map(({ name }) => ({ name, errors: [] })) as never);
    const asked = { body: bodyOf(current()), values: current() };
    const answered = await check.send(asked);
    setChecked(answered === undefined ? undefined : JSON.stringify(asked.body, null, 2));
  }

  return (
    <Form<Values>
      draft={draft}
      form={form}
      initial={initial}
      onSubmit={() => onSubmit(bodyOf(current()), current())}
      isSending={isSending}
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
  const lines = ruleInWords(body, useTongue());
  return (
    <Card title={t.inWords}>
      <ul className="hm-said">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <details>
        <summary>{t.json}</summary>
        <pre className="hm-source hm-code">{text}</pre>
      </details>
    </Card>
  );
}

/** Tells what is wrong at its field; gives back what no field has. */
function useProblemsInFields<Values extends object>(
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
