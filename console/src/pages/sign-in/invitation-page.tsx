import { Brand } from '@hongmi/ui/brand.tsx';
import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useWrite } from '@hongmi/ui/write.ts';
import { Alert, Form as AntForm, Button } from 'antd';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { hongmi } from '../../app/api.ts';
import { Form } from '../../design/form.tsx';
import { Card } from '../../design/page.tsx';
import { NewPasswordFields } from './new-password.tsx';
import './sign-in.css';

const words = wordsOf({
  zh: {
    title: '设置密码，开通账号',
    missing: '这个链接不完整',
    missingWhy: '请完整复制邀请链接，或请邀请您的人再发一次。',
    go: '开通账号',
    opened: (email: string) => `账号 ${email} 已开通`,
    signIn: '去登录',
  },
  en: {
    title: 'Choose a password and open your account',
    missing: 'This link is not complete',
    missingWhy: 'Copy the whole link, or ask whoever invited you for another one.',
    go: 'Open the account',
    opened: (email: string) => `The account ${email} is open`,
    signIn: 'Sign in',
  },
});

interface Values {
  readonly password: string;
}

/** Takes an invitation. Its secret stands behind the # of the address, which no browser sends to any server. */
export default function InvitationPage() {
  const t = useWords(words);
  const [token] = useState(() => location.hash.slice(1));
  const [email, setEmail] = useState<string>();
  const [, navigate] = useLocation();
  const [form] = AntForm.useForm<Values>();
  const write = useWrite(({ password }: Values) => hongmi.acceptInvitation({ token, password }), {
    done(opened) {
      // It counts once: nobody should find it in the history of this browser.
      history.replaceState(history.state, '', location.pathname);
      setEmail(opened.email);
    },
  });
  return (
    <main className="hm-door">
      <Brand title={t.title} />
      <Card>
        {email !== undefined ? (
          <>
            <Alert type="success" showIcon title={t.opened(email)} />
            <div className="hm-actions" style={{ marginTop: 16 }}>
              <Button type="primary" onClick={() => navigate('/sign-in')}>
                {t.signIn}
              </Button>
            </div>
          </>
        ) : !/^[\w-]{43}$/.test(token) ? (
          <Alert type="warning" showIcon title={t.missing} description={t.missingWhy} />
        ) : (
          <Form<Values>
            draft={undefined}
            form={form}
            submit={t.go}
            onSubmit={(values) => void write.send(values)}
            isSending={write.isSending}
            failure={write.failure}
          >
            <NewPasswordFields />
          </Form>
        )}
      </Card>
    </main>
  );
}
