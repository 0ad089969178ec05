import { setConnection } from '@hongmi/ui/connection.ts';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Form as AntForm, Button, Input } from 'antd';
import { useState } from 'react';
import { hongmi } from '../../app/api.ts';
import { FailureAlert } from '../../design/failure-shown.tsx';
import { Form } from '../../design/form.tsx';
import { hasPasskeys, signWithPasskey } from './passkey.ts';
import { SecondFactorForm } from './second-factor-form.tsx';
import './sign-in.css';

const words = wordsOf({
  zh: {
    email: '邮箱',
    password: '密码',
    go: '登录',
    needed: '请填写',
    or: '或',
    passkey: '使用通行密钥',
  },
  en: {
    email: 'E-mail',
    password: 'Password',
    go: 'Sign in',
    needed: 'Required',
    or: 'or',
    passkey: 'Use a passkey',
  },
});

interface Values {
  readonly email: string;
  readonly password: string;
}

type Asked = Awaited<ReturnType<typeof hongmi.signIn>>;

/** Signs somebody in, in one step or two. `then` once they are in. */
export function SignInForm({ then }: { readonly then: () => void }) {
  const t = useWords(words);
  const [form] = AntForm.useForm<Values>();
  const [second, setSecond] = useState<Extract<Asked, { state: 'second_factor' }>>();
  // That somebody was not signed in a moment ago was noted when they came.
  const done = (): void => {
    setConnection({ needsSignIn: false });
    then();
  };
  const came = (answer: Asked): void => {
    if (answer.state === 'signed_in') done();
    else setSecond(answer);
  };
  const write = useWrite((asked: Values) => hongmi.signIn(asked), { done: came });
  const passkey = useWrite((_: object) => signWithPasskey(), { done: came });
  if (second !== undefined)
    return (
      <SecondFactorForm
        methods={second.methods}
        done={done}
        back={() => {
          setSecond(undefined);
          write.clear();
        }}
      />
    );
  return (
    <>
      <Form<Values>
        draft={undefined}
        form={form}
        submit={t.go}
        wide
        onSubmit={(values) => void write.send(values)}
        isSending={write.isSending}
        failure={write.failure}
      >
        <AntForm.Item name="email" label={t.email} rules={[{ required: true, message: t.needed }]}>
          <Input type="email" autoComplete="username webauthn" />
        </AntForm.Item>
        <AntForm.Item
          name="password"
          label={t.password}
          rules={[{ required: true, message: t.needed }]}
        >
          <Input.Password autoComplete="current-password" />
        </AntForm.Item>
      </Form>
      {hasPasskeys() ? (
        <>
          <p className="hm-door-or">{t.or}</p>
          <Button block onClick={() => void passkey.send({})} loading={passkey.isSending}>
            {t.passkey}
          </Button>
          {passkey.failure === undefined ? null : <FailureAlert failure={passkey.failure} />}
        </>
      ) : null}
    </>
  );
}
