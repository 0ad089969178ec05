import type { components } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../app/api.ts';
import { Dialog } from '../../design/dialog.tsx';
import { dropDraft } from '../../design/draft.ts';
import { Form } from '../../design/form.tsx';
import { Code } from '../../design/values.tsx';
import { words } from './findings-words.ts';

/** Asks what came of a finding. */
export function Acknowledge({
  finding,
  close,
}: {
  readonly finding: components['schemas']['Finding'];
  readonly close: () => void;
}) {
  const t = useWords(words);
  const [form] = AntForm.useForm<{ note: string }>();
  const draft = `finding-${finding.id}`;
  const write = useWrite(
    ({ note }: { note: string }, idempotencyKey) =>
      hongmi.acknowledgeFinding({ id: finding.id, note }, { idempotencyKey }),
    {
      touches: [['ledger', 'findings']],
      done: () => {
        dropDraft(draft);
        close();
      },
    },
  );
  return (
    <Dialog isOpen title={t.ask} onClose={close}>
      <p>
        <Code>{finding.about}</Code> {finding.message}
      </p>
      <Form
        draft={draft}
        form={form}
        onSubmit={(values) => void write.send(values)}
        isSending={write.isSending}
        failure={write.failure}
        submit={t.acknowledge}
        onCancel={close}
      >
        <AntForm.Item
          name="note"
          label={t.note}
          rules={[{ required: true, whitespace: true, message: t.noteNeeded }]}
        >
          <Input.TextArea maxLength={500} showCount rows={3} />
        </AntForm.Item>
      </Form>
    </Dialog>
  );
}
