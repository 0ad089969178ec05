import { ProblemError } from '@hongmi/sdk';
import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { Form } from '../../design/form.tsx';
import { words } from './words.ts';

interface Asking {
  readonly proven: () => void;
  readonly cancelled: () => void;
}

/**
 * Does what asks who one is again (`sign_in_again`): then for the password first, and does it once more. `asking` is to stand
 * somewhere on the page.
 */
export function useProof(): {
  readonly proven: <T>(call: () => Promise<T>) => Promise<T>;
  readonly asking: ReactNode;
} {
  const [asking, setAsking] = useState<Asking>();
  async function proven<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'sign_in_again') throw error;
      await new Promise<void>((resolve, reject) =>
        setAsking({ proven: resolve, cancelled: () => reject(error) }),
      );
      return await call();
    }
  }
  const end = (how: 'proven' | 'cancelled'): void => {
    setAsking(undefined);
    asking?.[how]();
  };
  return {
    proven,
    asking:
      asking === undefined ? null : (
        <AskPassword done={() => end('proven')} cancel={() => end('cancelled')} />
      ),
  };
}

interface Values {
  readonly password: string;
}

function AskPassword({ done, cancel }: { readonly done: () => void; readonly cancel: () => void }) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ password }: Values, idempotencyKey) => hongmi.proveSession({ password }, { idempotencyKey }),
    { touches: [['session']], done },
  );
  return (
    <Modal open title={t.proof} footer={null} onCancel={cancel}>
      <p>{t.proofWhy}</p>
      <Form<Values>
        draft={undefined}
        form={form}
        submit={t.go}
        onSubmit={(values) => void write.send(values)}
        isSending={write.isSending}
        failure={write.failure}
        onCancel={cancel}
      >
        <AntForm.Item
          name="password"
          label={t.current}
          rules={[{ required: true, message: t.needed }]}
        >
          <Input.Password autoFocus autoComplete="current-password" maxLength={128} />
        </AntForm.Item>
      </Form>
    </Modal>
  );
}
