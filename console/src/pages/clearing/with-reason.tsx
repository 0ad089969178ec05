import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { Form as AntForm, Input } from 'antd';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';

const words = wordsOf({
  zh: { reason: '原因', needed: '请写明原因' },
  en: { reason: 'Why', needed: 'A reason is needed' },
});

/** Something that only needs a reason. */
export function WithReason({
  draft,
  submit,
  run,
  touches,
  onClose,
}: {
  readonly draft: string;
  readonly submit: string;
  readonly run: (reason: string, idempotencyKey: string) => Promise<unknown>;
  readonly touches: readonly QueryKey[];
  readonly onClose: () => void;
}) {
  const t = useWords(words);
  const [form] = AntForm.useForm<{ reason: string }>();
  const write = useWrite(run, {
    touches,
    done: () => {
      dropDraft(draft);
      onClose();
    },
  });
  return (
    <Form
      draft={draft}
      form={form}
      onSubmit={({ reason }) => void write.send(reason)}
      isSending={write.isSending}
      failure={write.failure}
      submit={submit}
      onCancel={onClose}
    >
      <AntForm.Item
        name="reason"
        label={t.reason}
        rules={[{ required: true, whitespace: true, message: t.needed }]}
      >
        <Input.TextArea rows={3} maxLength={500} showCount />
      </AntForm.Item>
    </Form>
  );
}
