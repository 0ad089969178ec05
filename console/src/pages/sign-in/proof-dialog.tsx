import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input, Modal } from 'antd';
import { hongmi } from '../../app/api.ts';
import { Form } from '../../design/form.tsx';

const words = wordsOf({
  zh: {
    title: '请再次确认身份',
    why: '这一步会给出长期权限，或更改登录方式。请输入当前密码，确认是您本人。',
    password: '当前密码',
    needed: '请填写',
    go: '确认',
  },
  en: {
    title: 'Confirm that it is you',
    why: 'This gives lasting power, or changes how you sign in: your current password first.',
    password: 'Current password',
    needed: 'Required',
    go: 'Confirm',
  },
});

interface Values {
  readonly password: string;
}

/** Over the page: what was asked for there is sent once more when it was answered. */
export default function ProofDialog({ answer }: { readonly answer: (isProven: boolean) => void }) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ password }: Values, idempotencyKey) => hongmi.proveSession({ password }, { idempotencyKey }),
    { touches: [['session']], done: () => answer(true) },
  );
  const cancel = (): void => answer(false);
  return (
    <Modal open title={t.title} footer={null} onCancel={cancel} mask={{ closable: false }}>
      <p>{t.why}</p>
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
          label={t.password}
          rules={[{ required: true, message: t.needed }]}
        >
          <Input.Password autoFocus autoComplete="current-password" maxLength={128} />
        </AntForm.Item>
      </Form>
    </Modal>
  );
}
