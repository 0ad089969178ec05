import { useWrite } from '@hongmi/ui/write.ts';
import type { QueryKey } from '@tanstack/react-query';
import { Form as AntForm } from 'antd';
import type { ReactNode } from 'react';
import { dropDraft } from './draft.ts';
import { Form } from './form.tsx';

/**
 * The form of a dialog: sends what was typed, tells why it could not be sent, and closes the dialog once it was. What was typed stays
 * until then. `touches`: what was read and may be different now.
 */
export function DialogForm<Typed extends object>({
  draft,
  initial,
  submit,
  send,
  touches,
  onClose,
  children,
}: {
  readonly draft: string;
  readonly initial?: Partial<Typed>;
  readonly submit: string;
  readonly send: (typed: Typed, idempotencyKey: string) => Promise<unknown>;
  readonly touches: readonly QueryKey[];
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [form] = AntForm.useForm<Typed>();
  const write = useWrite(send, {
    touches,
    done() {
      dropDraft(draft);
      onClose();
    },
  });
  return (
    <Form<Typed>
      draft={draft}
      form={form}
      {...(initial && { initial })}
      onSubmit={(typed) => void write.send(typed)}
      isSending={write.isSending}
      failure={write.failure}
      submit={submit}
      onCancel={onClose}
    >
      {children}
    </Form>
  );
}
