import type { Failure } from '@hongmi/ui/failure.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Form as AntForm, Button, type FormInstance } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { keepDraft, readDraft } from './draft.ts';
import { FailureAlert } from './failure-shown.tsx';
import { type Telling, useTold } from './telling.ts';

const words = wordsOf({
  zh: { save: '保存', cancel: '取消', restored: '已恢复上次未提交的内容', discard: '清空' },
  en: {
    save: 'Save',
    cancel: 'Cancel',
    restored: 'What you had not sent was restored',
    discard: 'Discard',
  },
});

export interface FormProps<Values extends object> {
  /**
   * Under this name what is typed is kept in this tab until it was sent: through a reload, a lost session, another page. Of forms
   * that ask for secrets nothing is kept.
   */
  readonly draft: string | undefined;
  readonly form: FormInstance<Values>;
  readonly initial?: Partial<Values>;
  readonly onSubmit: (values: Values) => unknown;
  readonly isSending: boolean;
  readonly failure: Failure | undefined;
  /** How what is refused of parts of it is told at their fields; without it, it is told above the buttons alone. */
  readonly telling?: Telling;
  readonly submit?: string;
  /** Sending refuses or ends something: the button is not the one that a page invites to. */
  readonly danger?: boolean;
  /** The button is as wide as the form. */
  readonly wide?: boolean;
  readonly onCancel?: () => void;
  /** Beside the button that sends. */
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

/** Enter in a date's field takes the day; that it also sends the form would surprise. */
function takesDayOnly(event: KeyboardEvent<HTMLFormElement>): void {
  if (
    event.key === 'Enter' &&
    event.target instanceof Element &&
    event.target.closest('.ant-picker')
  )
    event.preventDefault();
}

/** A form that loses nothing: what was typed stays through refusals, lost sessions and reloads. Call {@link dropDraft} once it was sent. */
export function Form<Values extends object>(props: FormProps<Values>) {
  const { draft, form, initial, onSubmit, isSending, failure, onCancel, more, children } = props;
  const { submit, danger = false, wide = false, telling } = props;
  const t = useWords(words);
  const alert = useRef<HTMLDivElement>(null);
  const told = useTold(form, failure, telling);

  useEffect(() => {
    const kept = draft === undefined ? null : readDraft(draft);
    if (kept !== null) form.setFieldsValue(kept as never);
  }, [draft, form]);
  // Who sent with the keyboard is told where to read why it failed.
  useEffect(() => {
    if (failure !== undefined) alert.current?.scrollIntoView({ block: 'nearest' });
  }, [failure]);

  return (
    <AntForm<Values>
      form={form}
      className="hm-form"
      layout="vertical"
      requiredMark="optional"
      {...(initial === undefined ? {} : { initialValues: initial })}
      onValuesChange={(changed, all) => {
        told.clear(Object.keys(changed));
        if (draft !== undefined) keepDraft(draft, all);
      }}
      onFinish={(values) => void onSubmit(values)}
      onKeyDown={takesDayOnly}
      scrollToFirstError
    >
      {children}
      <div ref={alert} aria-live="polite">
        {failure === undefined ? null : <FailureAlert failure={failure} parts={told.parts} />}
      </div>
      <div className="hm-actions" style={{ marginTop: 16 }}>
        <Button
          {...(danger ? { danger } : { type: 'primary' })}
          htmlType="submit"
          block={wide}
          loading={isSending}
        >
          {submit ?? t.save}
        </Button>
        {onCancel === undefined ? null : <Button onClick={onCancel}>{t.cancel}</Button>}
        {more}
      </div>
    </AntForm>
  );
}
