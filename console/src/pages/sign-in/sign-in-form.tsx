import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Form as AntForm, Input } from 'antd';
import { hongmi } from '../../app/api.ts';
import { useWrite } from '../../app/write.ts';
import { Form } from '../../design/form.tsx';

const words = wordsOf({
  zh: { email: '邮箱', password: '密码', go: '登录', needed: '请填写' },
  en: { email: 'E-mail', password: 'Password', go: 'Sign in', needed: 'Required' },
});

interface Values {
  readonly email: string;
  readonly password: string;
}

export function SignInForm({ done }: { readonly done: () => void }) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values>();
  const write = useWrite((asked: Values) => hongmi.signIn(asked), { done });
  return (
    <Form<Values>
      draft={undefined}
      form={form}
      submit={t.go}
      onSubmit={(values) => void write.send(values)}
      isSending={write.isSending}
      failure={write.failure}
    >
      <AntForm.Item name="email" label={t.email} rules={[{ required: true, message: t.needed }]}>
        <Input type="email" autoComplete="username" />
      </AntForm.Item>
      <AntForm.Item
        name="password"
        label={t.password}
        rules={[{ required: true, message: t.needed }]}
      >
        <Input.Password autoComplete="current-password" />
      </AntForm.Item>
    </Form>
  );
}
