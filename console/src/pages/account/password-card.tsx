import { useWords } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../app/api.ts';
import { Form } from '../../design/form.tsx';
import { useMessage } from '../../design/notices.tsx';
import { Card } from '../../design/page.tsx';
import { NewPasswordFields } from '../sign-in/new-password.tsx';
import { words } from './words.ts';

interface Values {
  readonly currentPassword: string;
  readonly password: string;
}

export function PasswordCard() {
  const t = useWords(words);
  const message = useMessage();
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(
    ({ currentPassword, password }: Values, idempotencyKey) =>
      hongmi.changePassword({ currentPassword, password }, { idempotencyKey }),
    {
      touches: [['session'], ['own-sessions']],
      done() {
        form.resetFields();
        void message.success(t.changed);
      },
    },
  );
  return (
    <Card title={t.password}>
      <p>{t.passwordAbout}</p>
      <div className="hm-narrow">
        <Form<Values>
          draft={undefined}
          form={form}
          submit={t.change}
          onSubmit={(values) => void write.send(values)}
          isSending={write.isSending}
          failure={write.failure}
        >
          <AntForm.Item
            name="currentPassword"
            label={t.current}
            rules={[{ required: true, message: t.needed }]}
          >
            <Input.Password autoComplete="current-password" maxLength={128} />
          </AntForm.Item>
          <NewPasswordFields />
        </Form>
      </div>
    </Card>
  );
}
